"""Connections to a broker as [oslo_messaging_rabbit] wants them."""

import os
import random
import socket
import ssl
import sys
import typing
from urllib import parse

import amqp
import oslo_messaging

AMQP_PORT = 5672
# seconds for a host to take a connection, and to let us in
CONNECT_WITHIN = 5
# who is not named, and his password, as everywhere with RabbitMQ
_GUEST = 'guest'

_CAPABILITIES = {'authentication_failure_close': True,
                 'connection.blocked': True, 'consumer_cancel_notify': True}
_TLS = {'tlsv1': ssl.PROTOCOL_TLSv1, 'sslv23': ssl.PROTOCOL_TLS,
        'tlsv1_1': ssl.PROTOCOL_TLSv1_1, 'tlsv1_2': ssl.PROTOCOL_TLSv1_2}


class Hosts:
    """Whom to try next.

    :param strategy: 'round-robin' or 'shuffle'
    """

    def __init__(self, url: typing.Any, strategy: str) -> None:
        self._url, self._strategy = url, strategy
        self._hosts = list(url.hosts) or [oslo_messaging.TransportHost(
            'localhost', AMQP_PORT)]
        # Not all processes to the same one.
        random.shuffle(self._hosts)

    def each(self) -> list[typing.Any]:
        """:returns: all of them, beginning with the one after the last used
        """
        if self._strategy == 'shuffle':
            random.shuffle(self._hosts)
        return list(self._hosts)

    def used(self, host: typing.Any) -> None:
        at = self._hosts.index(host) + 1
        self._hosts = self._hosts[at:] + self._hosts[:at]


def connect(url: typing.Any, host: typing.Any,
            options: typing.Any) -> amqp.Connection:
    """:param options: those of [oslo_messaging_rabbit]
    :returns: a connection on which nothing was opened yet
    :raises: OSError, or what amqp makes of a refusal
    """
    seconds = options.heartbeat_timeout_threshold
    settings = {socket.TCP_USER_TIMEOUT: int(seconds * 1000)}
    connection = amqp.Connection(
        host='%s:%d' % (_name(host), host.port or AMQP_PORT),
        userid=host.username or _GUEST, password=host.password or _GUEST,
        login_method=options.rabbit_login_method,
        virtual_host=parse.unquote(url.virtual_host or '') or '/',
        client_properties={'capabilities': dict(_CAPABILITIES),
                           'connection_name': _own_name()},
        ssl=_tls(url, options), connect_timeout=CONNECT_WITHIN,
        heartbeat=seconds, socket_settings=settings)
    try:
        connection.connect()
    except Exception:
        # By itself it closes only what did not speak at all.
        connection.collect()
        raise
    return connection


def _name(host: typing.Any) -> str:
    name = host.hostname or 'localhost'
    return '[%s]' % name if ':' in name else name


def _own_name() -> str:
    return '%s:%d' % (os.path.basename(sys.argv[0]), os.getpid())


def _tls(url: typing.Any, options: typing.Any) -> (
        typing.Literal[False] | dict[str, typing.Any]):
    """:raises RuntimeError: there is no such version"""
    if not options.ssl:
        return False
    wanted: dict[str, typing.Any] = {}
    if options.ssl_version:
        try:
            wanted['ssl_version'] = _TLS[options.ssl_version.lower()]
        except KeyError:
            raise RuntimeError('[oslo_messaging_rabbit] ssl_version: %s is '
                               'not known' % options.ssl_version)
    for ours, theirs in (('keyfile', options.ssl_key_file),
                         ('certfile', options.ssl_cert_file),
                         ('ca_certs', options.ssl_ca_file)):
        if theirs:
            wanted[ours] = theirs
    if options.ssl_ca_file:
        wanted['cert_reqs'] = ssl.CERT_REQUIRED
        wanted['server_hostname'] = (url.hosts[0].hostname
                                     if len(url.hosts) == 1 else None)
    # An empty dict would be none for amqp.
    return wanted or {'ssl_version': ssl.PROTOCOL_TLS_CLIENT}
