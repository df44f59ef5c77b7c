"""The HTTP server for native threads, around the answers of cheroot.

One thread looks after all connections that wait, see `waiting_room`; a request
that has come is served by a thread of the request's kind.
"""

import concurrent.futures
import socket
import sys
import time

from cheroot import makefile
from cheroot import server as cheroot_server
from cheroot import wsgi
from oslo_log import log

from glance.service.http import client_socket
from glance.service.http import head
from glance.service.http import request_input
from glance.service.http import waiting
from glance.service.http import waiting_room

LOG = log.getLogger(__name__)

_CONTINUE = b'HTTP/1.1 100 Continue\r\n\r\n'
_FAILED = head.Refused(500, 'The server failed.')


class ClientLeft(ConnectionError):
    """An answer could not be sent."""


class _Out:
    """Sends; tells its failures from those of the application."""

    def __init__(self, sock):
        self._file = makefile.StreamWriter(sock, 'wb', 1 << 16)

    def write(self, data):
        try:
            return self._file.write(data)
        except OSError as error:
            raise ClientLeft(str(error)) from None


class Request(cheroot_server.HTTPRequest):
    """A request whose head has been read.

    :param conn: see `Connection`
    :param begun: called when the body is waited for, may be None
    """

    def __init__(self, server, conn, found, received, begun):
        super().__init__(server, conn)
        self.head = found
        self.method = found.method.encode('latin-1')
        self.response_protocol = found.version
        self.close_connection = not (found.keeps and server.keeps)
        wire = request_input.Wire(conn.socket, received)
        self.rfile = request_input.Body(
            wire, found.length,
            self._proceed if found.awaits_continue else None, begun)

    def _proceed(self):
        self.conn.socket.sendall(_CONTINUE)

    def serve(self):
        """Answer; `close_connection` says what comes then."""
        try:
            self.server.gateway(self).respond()
            if self.chunked_write:
                self.conn.wfile.write(b'0\r\n\r\n')
        except ClientLeft:
            LOG.debug('The client left before the end of the answer')
            self.close_connection = True
        except Exception:
            LOG.exception('The application failed')
            self.close_connection = True
            if not self.sent_headers:
                self.conn.wfile.write(waiting.refusal(_FAILED))

    def send_headers(self):
        self.outheaders, is_last = _closing(self.outheaders)
        if is_last or not self.rfile.finish(self.conn.socket):
            self.close_connection = True
        if (not self.server.keeps or self.status.startswith(b'413')
                or self._ends_by_closing()):
            self.close_connection = True
        # cheroot would not say so to a client of HTTP/1.0
        if self.close_connection:
            self.outheaders.append((b'Connection', b'close'))
        elif self.response_protocol == 'HTTP/1.0':
            self.outheaders.append((b'Connection', b'keep-alive'))
        super().send_headers()

    def _ends_by_closing(self):
        """Whether an answer without a length has no other end."""
        names = {name.lower() for name, _value in self.outheaders}
        return (self.response_protocol == 'HTTP/1.0'
                and b'content-length' not in names
                and not self.status.startswith((b'204', b'304')))


def _closing(headers):
    others, is_last = waiting.closing(
        [(name.decode('latin-1'), value.decode('latin-1'))
         for name, value in headers])
    return [(name.encode('latin-1'), value.encode('latin-1'))
            for name, value in others], is_last


class Gateway(wsgi.Gateway_10):
    """What the application is told."""

    def get_environ(self):
        conn = self.req.conn
        return {
            **self.req.head.environ(), **conn.addresses,
            client_socket.KEY: conn.socket, 'wsgi.input': self.req.rfile,
            'wsgi.errors': sys.stderr,
            'wsgi.version': self.version, 'wsgi.multithread': True,
            'wsgi.multiprocess': False, 'wsgi.run_once': False}


class Connection:
    """What is behind an accepted socket."""

    def __init__(self, server, sock, address):
        self.server, self.socket = server, sock
        self.addresses = {
            **client_socket.server(sock),
            'REMOTE_ADDR': address[0], 'REMOTE_PORT': str(address[1]),
            'wsgi.url_scheme': 'https' if server.tls else 'http'}
        if server.tls:
            self.addresses['HTTPS'] = 'on'

    def serve(self, found, received, begun):
        """:returns: the request, after its answer"""
        self.socket.settimeout(self.server.limits.idle)
        self.wfile = _Out(self.socket)
        request = Request(self.server, self, found, received, begun)
        request.serve()
        return request


class _Lane:
    """Threads for one kind of requests; further ones wait."""

    def __init__(self, places):
        self._threads = concurrent.futures.ThreadPoolExecutor(places)
        self.futures = set()
        self._places = places

    def waiting(self):
        return len(self.futures) - self._places

    def put(self, fn, *args):
        future = self._threads.submit(fn, *args)
        self.futures.add(future)
        future.add_done_callback(self.futures.discard)


class Server:
    """Serves `app` on a listening socket until stopped.

    :param options: the group of `glance.conf.service`
    :param tls: ssl.SSLContext, None for plain HTTP
    """

    def __init__(self, sock, app, options, tls=None):
        self.wsgi_app, self.tls = app, tls
        self.limits = waiting.Limits.of(options)
        self.keeps = options.http_keepalive
        self._lanes = waiting.places(self.limits, _Lane)
        self._room = waiting_room.Room(sock.dup(), self.limits, tls,
                                       self._connect, self._serve)
        self._serving = set()

    # what cheroot asks a server for
    gateway = Gateway
    protocol, server_name = 'HTTP/1.1', 'glance'
    ssl_adapter = None
    can_add_keepalive_connection = True

    def start(self):
        self._room.start()

    def _connect(self, sock, address):
        return Connection(self, sock, address)

    def _serve(self, connection, found, received, begun=None):
        """Called by the thread of the waiting room.

        :raises Refused: too many wait
        """
        lane = self._lanes[waiting.kind(found)]
        if lane.waiting() > self.limits.waiting:
            raise waiting.FULL
        lane.put(self._serve_one, connection, found, received, begun)

    def _serve_one(self, connection, found, received, begun):
        self._serving.add(connection)
        try:
            request = connection.serve(found, received, begun)
            body = request.rfile
            if not body.ended:
                self._room.linger(connection)
            elif request.close_connection:
                waiting_room.close(connection.socket)
            else:
                self._room.wait(connection, body.take_received())
        except Exception as exc:
            LOG.debug('Connection ended: %r', exc)
            waiting_room.close(connection.socket)
        finally:
            self._serving.discard(connection)
            if begun is not None:
                begun()

    def stop(self, timeout):
        """Take no more connections and let requests finish.

        :param timeout: seconds, None for no limit
        :returns: whether all of them did
        """
        self._room.stop_accepting()
        # Each answer from now on ends its connection.
        self.keeps = False
        end = time.monotonic() + waiting.LAST_REQUEST_WITHIN
        while ((self._serving or self._room.has_waiting())
               and time.monotonic() < end):
            time.sleep(0.05)
        self._room.stop()
        futures = [future for lane in self._lanes.values()
                   for future in list(lane.futures)]
        left = concurrent.futures.wait(futures, timeout).not_done
        for connection in list(self._serving):
            _stop_reading(connection.socket)
        return not left


def _stop_reading(sock):
    try:
        sock.shutdown(socket.SHUT_RD)
    except OSError:
        pass
