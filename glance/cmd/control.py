"""glance-control: starts and stops our programs where no init system does.

    glance-control [OPTION...] SERVER COMMAND [CONFPATH...]

Exit status: 0 done; 1 it cannot be done; with --await-child that of a
program that has ended meanwhile.
"""

import argparse
import string
import sys

from oslo_config import cfg

import glance
from glance.cmd import control_daemon

PROG = 'glance-control'
SERVERS = ('registry', 'conductor', 'api')
_ONCE = ('scrubber',)
COMMANDS = ('start', 'stop', 'shutdown', 'restart', 'reload', 'force-reload',
            'status')
_OPTS = [
    cfg.StrOpt('pid-file', default='/var/run/glance/$$server.pid', help="""
File with the process id. $server stands for the name of the program.
"""),
    cfg.IntOpt('await-child', default=0, min=0, help="""
Seconds to wait for a program that was started: has it ended by then, so does
this command, with its status.
"""),
    cfg.BoolOpt('capture-output', default=False, help="""
Send what the program prints to syslog; otherwise it is thrown away.
"""),
    cfg.BoolOpt('respawn', default=False, help="""
Start the program again when it ends unasked.
"""),
]


def _add_servers(servers):
    names = ('all', *(name for kind in (*SERVERS, *_ONCE)
                      for name in (kind, 'glance-' + kind)))
    for name in names:
        parser = servers.add_parser(name)
        parser.add_argument('command', choices=COMMANDS)
        parser.add_argument('confpath', nargs=argparse.REMAINDER,
                            help='Configuration files and folders.')


def _options(argv):
    conf = cfg.ConfigOpts()
    conf.register_cli_opts(_OPTS)
    conf.register_cli_opt(cfg.SubCommandOpt(
        'server', handler=_add_servers, title='Programs'))
    conf(argv, project='glance', prog=PROG, version=glance.__version__,
         default_config_files=[], default_config_dirs=[])
    return conf


def _kinds(conf):
    name, command = conf.server.name, conf.server.command
    if name != 'all':
        return (name.removeprefix('glance-'),)
    # Whoever is called starts first and ends last.
    return SERVERS if command in ('start', 'restart') else SERVERS[::-1]


def _daemon(conf, kind):
    name = 'glance-' + kind
    arguments = ['--daemon'] if kind in _ONCE else []
    path = string.Template(conf.pid_file).safe_substitute(server=name)
    return control_daemon.Daemon(
        name, path, arguments + control_daemon.config_arguments(
            conf.server.confpath),
        await_child=conf.await_child, capture=conf.capture_output,
        respawn=conf.respawn)


def _do(kind, command, daemon):
    """:returns: the exit status"""
    if command in ('reload', 'force-reload'):
        if kind in _ONCE:
            raise control_daemon.ControlError(
                '%s cannot be reloaded.' % daemon.name)
        return daemon.reload()
    return getattr(daemon, command)()


def _run(conf):
    if conf.respawn and conf.await_child:
        raise control_daemon.ControlError(
            '--await-child and --respawn exclude each other.')
    kinds = _kinds(conf)
    if len(kinds) > 1 and '$server' not in conf.pid_file:
        raise control_daemon.ControlError(
            'The pid file of several programs needs $server in its name.')
    return max([_do(kind, conf.server.command, _daemon(conf, kind))
                for kind in kinds])


def main(argv=None):
    try:
        status = _run(_options(sys.argv[1:] if argv is None else argv))
    except (control_daemon.ControlError, cfg.Error, OSError) as error:
        status = '%s: %s' % (PROG, error)
    sys.exit(status)


if __name__ == '__main__':
    main()
