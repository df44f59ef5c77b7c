"""glance-replicator: copies images between services, by the Image API.

Exit status: 0 done; 1 usage, or something failed.
"""

import sys

from oslo_config import cfg

import glance
from glance.replicator import commands
from glance.replicator import errors

PROG = 'glance-replicator'
_CLI = [
    cfg.IntOpt('chunksize', short='c', default=65536, min=1, help="""
Bytes to read or write at a time.
"""),
    cfg.StrOpt(
        'dontreplicate', short='D',
        default='created_at date deleted_at location updated_at', help="""
Attributes and properties that are neither copied nor compared, with spaces
between them.
"""),
    cfg.BoolOpt('metaonly', short='m', default=False, help="""
Take care of the metadata only, not of the data.
"""),
    cfg.StrOpt('token', short='t', default='', secret=True, help="""
Token for both services, in place of sourcetoken and targettoken.
"""),
    cfg.StrOpt('command', positional=True, required=True,
               help='help, %s' % ', '.join(commands.COMMANDS)),
    cfg.MultiStrOpt('args', positional=True, required=False,
                    help='Servers as HOST:PORT or URL, or a folder.'),
]
_OPTS = [
    cfg.StrOpt('sourcetoken', default='', secret=True,
               help='Token for the service that is read.'),
    cfg.StrOpt('targettoken', default='', secret=True,
               help='Token for the service that is written.'),
]


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
