"""Which bus leads to which service: one transport for each URL and process.

Servers have one, and clients another, which can be replaced.
"""

import os
import socket
import threading
import time
import typing

import oslo_messaging

from glance.common import concurrency
from glance import conf
from glance.conf import rpc as rpc_conf
from glance.rpc.lean import driver as lean
from glance.rpc import rabbit

AMQP_PORT = 5672
# Readers of notifications declare the exchange `glance` in their own way, and
# a broker refuses whoever declares it in another one.
EXCHANGE = 'glance-rpc'

SERVERS, CLIENTS = 'servers', 'clients'

_lock = threading.Lock()
# (process id, URL, whose): an oslo.messaging transport
_Key = tuple[int, str, str | None]
_transports: dict[_Key, typing.Any] = {}
# how often one for clients was replaced in this process
renewals = 0
# Services that this process calls in itself, and runs for others as well.
_kept: set[str] = set()


def keep(service: str) -> None:
    """Let the calls of this process stay in it, wherever the bus leads."""
    _kept.add(service)


def is_kept(service: str) -> bool:
    return service in _kept


def url_of(service: str, whose: str = CLIENTS) -> str:
    """:returns: the transport URL that leads to 'registry' or 'conductor'"""
    if whose == CLIENTS and is_kept(service):
        return rpc_conf.LOCAL
    return (conf.CONF[service].transport_url or conf.CONF.transport_url
            or rpc_conf.LOCAL)


def hosts_locally(service: str) -> bool:
    """Whether this process has to run the service itself."""
    return is_local(service, CLIENTS)


def is_local(service: str, whose: str) -> bool:
    return url_of(service, whose).startswith('local:')


def broker_listens(service: str) -> bool:
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


def get_transport(service: str, whose: str) -> typing.Any:
    """:param whose: SERVERS or CLIENTS; over local:// they share one
    :returns: the transport to the service, opened in this process
    """
    key = _key(service, whose)
    with _lock:
        if key not in _transports:
            _transports[key] = _open(url_of(service, whose))
        return _transports[key]


def renew(service: str, old: typing.Any) -> None:
    """Let clients have another transport: no answers come over the old one.

    Who still waits for one may do so until he gives up.
    """
    global renewals
    key = _key(service, CLIENTS)
    with _lock:
        if _transports.get(key) is not old:
            return
        _transports[key] = _open(url_of(service))
        renewals += 1
    concurrency.spawn(_close_later, old, conf.CONF[service].rpc_timeout)


def _key(service: str, whose: str) -> _Key:
    return (os.getpid(), url_of(service, whose),
            None if is_local(service, whose) else whose)


def _open(where: str) -> typing.Any:
    url = _parsed(where)
    if not url.transport.startswith('rabbit'):
        return oslo_messaging.get_rpc_transport(conf.CONF, url=url)
    driver = lean.Driver if conf.CONF.rpc.driver == 'lean' else rabbit.Driver
    return oslo_messaging.transport.RPCTransport(driver(
        conf.CONF, url, default_exchange=conf.CONF.control_exchange))


def open_stock(service: str) -> rabbit.Driver:
    """:returns: a driver like that of oslo.messaging for a URL of RabbitMQ"""
    return rabbit.Driver(conf.CONF, _parsed(url_of(service)),
                         default_exchange=conf.CONF.control_exchange)


def _parsed(where: str) -> typing.Any:
    return oslo_messaging.TransportURL.parse(conf.CONF, durable(where, True))


def _close_later(transport: typing.Any, seconds: float) -> None:
    time.sleep(seconds)
    transport.cleanup()


def durable(url: str, wanted: bool) -> str:
    """A RabbitMQ URL that says whether queues survive a restart.

    :param url: any transport URL; what it says itself stays
    """
    parsed = oslo_messaging.TransportURL.parse(conf.CONF, url)
    if not parsed.transport.startswith('rabbit'):
        return url
    parsed.query.setdefault('amqp_durable_queues', str(wanted).lower())
    return str(parsed)


def cleanup() -> None:
    """Close the transports of this process."""
    with _lock:
        mine = [key for key in _transports if key[0] == os.getpid()]
        closing = [_transports.pop(key) for key in mine]
    for transport in closing:
        transport.cleanup()
