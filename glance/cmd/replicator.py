"""glance-replicator: copies images between services, by the Image API.

Exit status: 0 done; 1 usage, or something failed.
"""

import sys

from oslo_config import cfg

import glance
from glance.conf import commands as declared
from glance.replicator import commands
from glance.replicator import errors

PROG = 'glance-replicator'
_CLI = [
    *declared.replicator_cli_opts,
    cfg.StrOpt('command', positional=True, required=True,
               help='help, %s' % ', '.join(commands.COMMANDS)),
    cfg.MultiStrOpt('args', positional=True, required=False,
                    help='Servers as HOST:PORT or URL, or a folder.'),
]
_OPTS = declared.replicator_opts


def _options(argv):
    conf = cfg.ConfigOpts()
    conf.register_cli_opts(_CLI)
    conf.register_opts(_OPTS)
    conf(argv, project='glance', prog=PROG, version=glance.__version__)
    return conf


def _help(names):
    for name in names or commands.COMMANDS:
        _known(name)
        command = commands.COMMANDS[name]
        print('%s %s' % (name, ' '.join(command.arguments)))
        print('    %s' % command.help)


def _known(name):
    if name not in commands.COMMANDS:
        raise errors.ReplicatorError(
            'There is no command %s; see %s help.' % (name, PROG))


def _run(options):
    """:returns: whether all went well"""
    arguments = options.args or []
    if options.command == 'help':
        _help(arguments)
        return True
    _known(options.command)
    command = commands.COMMANDS[options.command]
    if len(arguments) != len(command.arguments):
        raise errors.ReplicatorError('Usage: %s %s %s' % (
            PROG, options.command, ' '.join(command.arguments)))
    return command.run(options, *arguments)


def main(argv=None):
    try:
        options = _options(sys.argv[1:] if argv is None else argv)
        sys.exit(0 if _run(options) else 1)
    except (errors.ReplicatorError, cfg.Error, OSError) as error:
        sys.exit('%s: %s' % (PROG, error))
    except SystemExit as end:
        # The parser of the command line has 2 for wrong usage.
        sys.exit(1 if end.code == 2 else end.code)


if __name__ == '__main__':
    main()
