"""glance-control: starts and stops our programs where no init system does.

    glance-control [OPTION...] SERVER COMMAND [CONFPATH...]

Exit status: 0 done; 1 it cannot be done; 3 `status` of what is stopped; with
--await-child that of a program that has ended meanwhile.
"""

import argparse
import string
import sys

import glance
from glance.cmd import control_daemon

PROG = 'glance-control'
SERVERS = ('registry', 'conductor', 'api')
_ONCE = ('scrubber',)
_NAMES = ('all', *(name for kind in (*SERVERS, *_ONCE)
                   for name in (kind, 'glance-' + kind)))
COMMANDS = ('start', 'stop', 'shutdown', 'restart', 'reload', 'force-reload',
            'status')
_PID_FILE = '/var/run/glance/$server.pid'


def _parser():
    parser = argparse.ArgumentParser(prog=PROG, description=(
        'Starts and stops the programs of the Image service.'))
    parser.add_argument('--version', action='version',
                        version=glance.__version__)
    parser.add_argument('--pid-file', default=_PID_FILE, help=(
        'File with the process id; $server stands for the name of the '
        'program. Default: %(default)s'))
    parser.add_argument('--await-child', type=int, default=0, help=(
        'Seconds to wait for a program that was started: has it ended by '
        'then, so does this command, with its status.'))
    _add_switch(parser, 'capture-output', (
        'Send what the program prints to syslog; otherwise it is thrown '
        'away.'))
    _add_switch(parser, 'respawn',
                'Start the program again when it ends unasked.')
    parser.add_argument('server', choices=_NAMES)
    parser.add_argument('command', choices=COMMANDS)
    parser.add_argument('confpath', nargs=argparse.REMAINDER,
                        help='Configuration files and folders.')
    return parser


def _add_switch(parser, name, text):
    parser.add_argument('--' + name, action='store_true', help=text)
    parser.add_argument('--no' + name, dest=name.replace('-', '_'),
                        action='store_false', help='The default.')


def _kinds(args):
    if args.server != 'all':
        return (args.server.removeprefix('glance-'),)
    # Whoever is called starts first and ends last.
    return SERVERS if args.command in ('start', 'restart') else SERVERS[::-1]


def _daemon(args, kind):
    name = 'glance-' + kind
    arguments = ['--daemon'] if kind in _ONCE else []
    path = string.Template(args.pid_file).safe_substitute(server=name)
    return control_daemon.Daemon(
        name, path, arguments + control_daemon.config_arguments(
            args.confpath),
        await_child=args.await_child, capture=args.capture_output,
        respawn=args.respawn)


def _do(kind, command, daemon):
    """:returns: the exit status"""
    if command in ('reload', 'force-reload'):
        if kind in _ONCE:
            raise control_daemon.ControlError(
                '%s cannot be reloaded.' % daemon.name)
        return daemon.reload()
    return getattr(daemon, command)()


def _run(args):
    if args.respawn and args.await_child:
        raise control_daemon.ControlError(
            '--await-child and --respawn exclude each other.')
    kinds = _kinds(args)
    if len(kinds) > 1 and '$server' not in args.pid_file:
        raise control_daemon.ControlError(
            'The pid file of several programs needs $server in its name.')
    return max([_do(kind, args.command, _daemon(args, kind))
                for kind in kinds])


def main(argv=None):
    try:
        status = _run(_parser().parse_args(argv))
    except (control_daemon.ControlError, OSError) as error:
        status = '%s: %s' % (PROG, error)
    sys.exit(status)


if __name__ == '__main__':
    main()
