"""glance-standalone: api, registry and conductor in one process.

Needs no configuration file and no other service: SQLite and a file store
below --state-dir, calls within the process, no authentication. Because of the
last it serves this host only, unless a pipeline that authenticates is set.
"""

from glance import startup  # noqa: F401

import argparse
import ipaddress
import os
import socket
import sys

from oslo_config import types

from glance.conf import CONF
from glance.conf import database
from glance.service import parts
from glance.service import program
from glance.store.drivers.file import filesystem
from glance.store import options

PROG = 'glance-standalone'
# pipelines that ask who somebody is; the others let everybody in
CLOSED_FLAVORS = ('keystone', 'http_basic')


def parse(argv):
    """:returns: (our own arguments, those for oslo.config)"""
    parser = argparse.ArgumentParser(prog=PROG, description=(
        'Image service in one process, with SQLite and a directory of files. '
        'Further options are those of glance-api, such as --config-file.'))
    parser.add_argument('--state-dir', default='/var/lib/glance', help=(
        'Directory for the database, the images and the staging area; it is '
        'made if it does not exist.'))
    parser.add_argument('--host', help='Address to listen on; 127.0.0.1.')
    parser.add_argument('--port', type=_port,
                        help='Port to listen on; 9292.')
    return parser.parse_known_args(argv)


def _port(text):
    try:
        return types.Port()(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            '%s is no port: %s' % (text, error)) from None


def set_defaults(state_dir):
    """What a configuration file would say; one may still say otherwise."""
    def below(name):
        return os.path.join(state_dir, name)

    database.register_opts(CONF)
    CONF.set_default('connection', 'sqlite:///' + below('glance.sqlite'),
                     group='database')
    CONF.set_default('bind_host', '127.0.0.1')
    CONF.set_default('flavor', 'standalone', group='paste_deploy')
    CONF.set_default('node_staging_uri', 'file://' + below('staging'))
    options.register_native(CONF, 'glance_store', filesystem.Driver)
    CONF.set_default('filesystem_store_datadir', below('images'),
                     group='glance_store')


def make_directories(state_dir):
    for name in ('', 'images', 'staging'):
        os.makedirs(os.path.join(state_dir, name), mode=0o700, exist_ok=True)


def is_loopback(host):
    """Whether all addresses of a host name are this host's own."""
    found = socket.getaddrinfo(host, None)
    return all(ipaddress.ip_address(entry[4][0]).is_loopback
               for entry in found)


def refuse_open_door():
    pipeline = (CONF.paste_deploy.flavor or '').partition('+')[0]
    if (pipeline not in CLOSED_FLAVORS
            and not is_loopback(CONF.bind_host)):
        sys.exit('%s: without authentication only this host is served, and '
                 '%s is reached from others; set [paste_deploy] flavor to '
                 'http_basic or keystone first.' % (PROG, CONF.bind_host))


def main():
    own, rest = parse(sys.argv[1:])
    state_dir = os.path.abspath(own.state_dir)
    set_defaults(state_dir)
    program.configure(rest, PROG)
    with program.told(PROG):
        sock = prepare(own, state_dir)
    program.serve_alone(lambda: [*parts.beside_api(), parts.Http(sock)],
                        CONF.metrics.api_port, [sock])


def prepare(own, state_dir):
    """:returns: the listening socket, once folders and database are there"""
    if own.host:
        CONF.set_override('bind_host', own.host)
    if own.port:
        CONF.set_override('bind_port', own.port)
    refuse_open_door()
    make_directories(state_dir)
    sock = program.listen_for_users()
    upgrade()
    return sock


def upgrade():
    """Make the database, or bring it up to date."""
    from glance.db.connect import engine
    from glance.db.migrations.upgrade import lock
    from glance.db.migrations.upgrade import phases
    with lock.exclusive() as connection:
        phases.sync(connection)
    engine.dispose()


if __name__ == '__main__':
    main()
