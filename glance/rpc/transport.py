"""Which bus leads to which service: one transport for each URL and process."""

import os
import socket
import threading

import oslo_messaging

from glance import conf
from glance.conf import rpc as rpc_conf

AMQP_PORT = 5672
# Readers of notifications declare the exchange `glance` in their own way, and
# a broker refuses whoever declares it in another one.
EXCHANGE = 'glance-rpc'

_lock = threading.Lock()
_transports = {}


def url_of(service):
    """:returns: the transport URL that leads to 'registry' or 'conductor'"""
    return (conf.CONF[service].transport_url or conf.CONF.transport_url
            or rpc_conf.LOCAL)


def hosts_locally(service):
    """Whether this process has to run the service itself."""
    return url_of(service).startswith('local:')


def broker_listens(service):
    """Whether a broker of the service's URL takes connections.

    A look that costs nothing and logs nothing, unlike a failing send.
    """
    url = oslo_messaging.TransportURL.parse(conf.CONF, url_of(service))
    for host in url.hosts or [oslo_messaging.TransportHost()]:
        try:
            socket.create_connection((host.hostname or 'localhost',
                                      host.port or AMQP_PORT), 1).close()
        except OSError:
            continue
        return True
    return False


def get_transport(service):
    """:returns: the transport to the service, opened in this process"""
    key = (os.getpid(), url_of(service))
    with _lock:
        if key not in _transports:
            _transports[key] = oslo_messaging.get_rpc_transport(
                conf.CONF, url=durable(key[1], True))
        return _transports[key]


def durable(url, wanted):
    """A RabbitMQ URL that says whether queues survive a restart.

    :param url: any transport URL; what it says itself stays
    """
    parsed = oslo_messaging.TransportURL.parse(conf.CONF, url)
    if not parsed.transport.startswith('rabbit'):
        return url
    parsed.query.setdefault('amqp_durable_queues', str(wanted).lower())
    return str(parsed)


def cleanup():
    """Close the transports of this process."""
    with _lock:
        mine = [key for key in _transports if key[0] == os.getpid()]
        closing = [_transports.pop(key) for key in mine]
    for transport in closing:
        transport.cleanup()
