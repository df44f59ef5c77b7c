"""What a program says of itself when it starts, each line once."""

import logging
import urllib.parse

import oslo_messaging

import glance
from glance.common import concurrency
from glance import conf
from glance.rpc import transport

LOG = logging.getLogger(__name__)


def log(prog, sockets=()):
    """:param sockets: listening ones, of the API"""
    for line in lines(prog, sockets):
        LOG.info(line)


def lines(prog, sockets=()):
    """:returns: list of texts, without passwords"""
    found = ['%s %s starts, with %s' % (
        prog, glance.__version__,
        'greenlets' if concurrency.is_green() else 'native threads')]
    found += map(_address, sockets)
    found += [_bus(service) for service in ('registry', 'conductor')]
    database = conf.CONF.database.connection if (
        'database' in conf.CONF) else None
    if database:
        found.append('Database: ' + _place(database))
    if prog != 'glance-registry':
        found.append(_stores())
    if sockets:
        found.append('Flavor: %s' % (conf.CONF.paste_deploy.flavor or 'none'))
    return found


def _address(sock):
    host, port = sock.getsockname()[:2]
    return 'Listens on %s port %d, %s' % (
        host, port, 'with TLS' if conf.CONF.cert_file else 'without TLS')


def _bus(service):
    url = transport.url_of(service)
    if url.startswith('local:'):
        where = 'in this process'
    else:
        parsed = oslo_messaging.TransportURL.parse(conf.CONF, url)
        where = '%s://%s/%s' % (parsed.transport, ','.join(
            '%s:%s' % (host.hostname, host.port or transport.AMQP_PORT)
            for host in parsed.hosts), parsed.virtual_host or '')
    return 'The %s: %s' % (service, where)


def _place(url):
    """:returns: an URL of a database without user, password and options"""
    found = urllib.parse.urlsplit(url)
    return '%s://%s%s' % (found.scheme, found.netloc.rpartition('@')[2],
                          found.path)


def _stores():
    backends = conf.CONF.enabled_backends
    if backends:
        return 'Stores: %s; by default %s' % (', '.join(
            '%s (%s)' % pair for pair in backends.items()),
            conf.CONF.glance_store.default_backend)
    return 'Stores: %s; by default %s' % (
        ', '.join(conf.CONF.glance_store.stores),
        conf.CONF.glance_store.default_store)
