"""The HTTP server for greenlets, around the answers of eventlet.

Each connection has a greenlet. It waits for the head of a request outside of
the places, and takes one of the request's kind to serve it.
"""

import errno
import io
import socket
import ssl
import sys
import time

import eventlet
from eventlet import greenio
from eventlet import hubs
from eventlet import semaphore
from eventlet import wsgi
from oslo_log import log

from glance.service.http import client_socket
from glance.service.http import head
from glance.service.http import request_input
from glance.service.http import waiting

LOG = log.getLogger(__name__)

# accept fails with these while the process or the machine is short of
# something; it works again later
_SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_PIECE = 16384
_AT_ONCE = 64         # connections accepted before others get their turn
_CONTINUE = b'HTTP/1.1 100 Continue\r\n\r\n'
# what is thrown away must not take the hub from others
_THROW_AWAY_EVERY = 0.001


class _Log:
    """What eventlet tells: failures of the application, and requests."""

    def info(self, message, *args):
        if not message.startswith('Traceback'):
            LOG.debug(message, *args)
        elif isinstance(sys.exc_info()[1], ClientLeft):
            LOG.debug('The client left before the end of the answer')
        else:
            LOG.error(message)

    debug = error = LOG.debug


class ClientLeft(ConnectionError):
    """An answer could not be sent."""


class _Out(io.RawIOBase):
    """Sends; tells its failures from those of the application."""

    def __init__(self, sock):
        self._sock = sock

    def writable(self):
        return True

    def write(self, data):
        try:
            return self._sock.send(data)
        except OSError as error:
            raise ClientLeft(errno.EPIPE, str(error)) from None


class _Input(request_input.Body):
    """A body about which eventlet has nothing to do."""

    chunked_input, position, content_length = False, 0, 0
    should_send_hundred_continue = False
    headers_sent = None


class Protocol(wsgi.HttpProtocol):
    """The requests of one connection, one after the other."""

    wbufsize = 16 << 10

    def setup(self):
        self.connection = self.request
        self._left = b''
        self.wfile = None

    def handle(self):
        first = True
        while self._wait(first):
            first = False
            self.conn_state[2] = wsgi.STATE_REQUEST
            places = self.server.places[waiting.kind(self._head)]
            if places.balance < -self.server.limits.waiting:
                self._refuse(waiting.FULL)
                break
            with places:
                self._take_turn()
                self._serve()
            if self.close_connection or self.conn_state[2] == wsgi.STATE_CLOSE:
                break
            self.conn_state[2] = wsgi.STATE_IDLE

    def _take_turn(self):
        """One request with a body begins in each turn of the hub, so that who
        has just come is heard before all of a crowd have begun.
        """
        if self._head.has_body:
            turns = self.server.turns
            turns.acquire()
            hubs.get_hub().schedule_call_global(0, turns.release)

    def _wait(self, first):
        """:returns: whether a request has come"""
        state = waiting.Waiting(self.server.limits, first)
        self.server.parked[self.connection] = state
        hang_up(self.server.parked, self.server.parked.surplus())
        try:
            return self._read_head(state)
        except TimeoutError:
            late = state.too_late()
            if late is not None:
                self._refuse(late)
        except head.Refused as refused:
            self._refuse(refused)
        finally:
            self.server.parked.pop(self.connection, None)
        return False

    def _read_head(self, state):
        data, self._left = self._left, b''
        found = state.feed(data) if data else None
        while found is None:
            self.connection.settimeout(
                state.deadline
                and max(0.001, state.deadline - time.monotonic()))
            data = self.connection.recv(_PIECE)
            found = state.feed(data) if data else state.ended()
            if not (data or found):
                return False
        self.connection.settimeout(self.server.limits.idle)
        self._head, self._left = found
        return True

    def _refuse(self, refused):
        self.connection.settimeout(self.server.limits.head)
        self.connection.sendall(waiting.refusal(refused))
        self._linger()

    def _serve(self):
        wire = request_input.Wire(self.connection, self._left)
        self._body = _Input(wire, self._head.length,
                            self._proceed if self._head.awaits_continue
                            else None)
        if self.wfile is None:
            self.wfile = io.BufferedWriter(_Out(self.connection),
                                           self.wbufsize)
        self._describe()
        try:
            self.handle_one_response()
        except ClientLeft:
            self.close_connection = True
        self._left = self._body.take_received()
        if not self._body.ended:
            self.close_connection = True
            self._linger()

    def _describe(self):
        """What eventlet wants to know for an answer."""
        self.command = self._head.method
        self.request_version = self._head.version
        self.requestline = '%s %s' % (self._head.method, self._head.path)
        self.headers = {} if self._head.version == 'HTTP/1.1' else {
            'Connection': 'keep-alive'}
        self.close_connection = not self._head.keeps
        self.environ = self.get_environ()
        self.application = self._answer

    def _answer(self, environ, start_response):
        def start(status, headers, exc_info=None):
            headers, is_last = waiting.closing(headers)
            if is_last or not self._body.finish(self.connection):
                self.close_connection = True
            return start_response(status, headers, exc_info)
        return self.server.app(environ, start)

    def _proceed(self):
        self.connection.sendall(_CONTINUE)

    def _linger(self):
        """Wait until the client has taken note that this is the end."""
        try:
            end = request_input.Lingering(self.connection)
            while (left := end.deadline - time.monotonic()) > 0:
                self.connection.settimeout(left)
                if not end.take():
                    break
                time.sleep(_THROW_AWAY_EVERY)
        except (OSError, ValueError):
            pass

    def get_environ(self):
        environ = self.server.get_environ()
        environ.update(self._head.environ())
        environ.update(client_socket.server(self.connection))
        client = self.client_address
        environ.update({
            'REMOTE_ADDR': client[0], 'REMOTE_PORT': str(client[1]),
            'GATEWAY_INTERFACE': 'CGI/1.1', 'eventlet.posthooks': [],
            'wsgi.input': self._body, 'eventlet.input': self._body,
            client_socket.KEY: self.connection})
        if isinstance(self.connection, ssl.SSLSocket):
            environ.update({'wsgi.url_scheme': 'https', 'HTTPS': 'on'})
        return environ

    def get_client_address(self):
        return self.client_address[:2]

    def finish(self):
        """The server closes the connection."""


class Server:
    """Serves `app` on a listening socket until stopped.

    :param options: the group of `glance.conf.service`
    :param tls: ssl.SSLContext, None for plain HTTP
    """

    def __init__(self, sock, app, options, tls=None):
        self._sock = _own_handle(sock)
        self._tls = tls
        self._connections = {}
        self._accepting = None
        self._server = wsgi.Server(
            self._sock, sock.getsockname(), app, protocol=Protocol,
            keepalive=options.http_keepalive, log_output=False, debug=False)
        self._server.log = _Log()
        self._server.log_output = LOG.isEnabledFor(log.DEBUG)
        self._server.limits = waiting.Limits.of(options)
        self._server.places = waiting.places(self._server.limits,
                                             semaphore.Semaphore)
        self._server.turns = semaphore.Semaphore()
        self._server.parked = waiting.Parked(self._server.limits.waiting)

    def start(self):
        self._accepting = eventlet.spawn(self._accept)

    def _accept(self):
        most = 1
        while True:
            try:
                # without a free file accept fails also when nobody is there
                hubs.trampoline(self._sock.fileno(), read=True)
                most = self._accept_some(most)
            except OSError as exc:
                if exc.errno in _SHORTAGE:
                    LOG.error('No connection can be accepted: %s', exc)
                    parked = self._server.parked
                    hang_up(parked, parked.oldest())
                    time.sleep(0.1)

    def _accept_some(self, most):
        """Other processes get their share, unless there is a crowd.

        :returns: how many at most to accept the next time
        """
        for _number in range(most):
            try:
                client, address = self._sock.accept()
            except BlockingIOError:
                return 1
            state = [address, greenio.GreenSocket(client), wsgi.STATE_IDLE]
            self._connections[id(state)] = state
            eventlet.spawn_n(self._serve, state)
        return min(2 * most, _AT_ONCE)

    def _serve(self, state):
        try:
            if self._tls is not None:
                with eventlet.Timeout(self._server.limits.head):
                    state[1] = self._tls.wrap_socket(state[1],
                                                     server_side=True)
            self._server.process_request(state)
        except (Exception, eventlet.Timeout) as exc:
            # a client that went away in the middle of a line, mostly
            LOG.debug('Connection ended: %r', exc)
        finally:
            self._connections.pop(id(state), None)
            state[2] = wsgi.STATE_CLOSE
            greenio.shutdown_safe(state[1])
            state[1].close()

    def stop(self, timeout):
        """Take no more connections and let requests finish.

        :param timeout: seconds, None for no limit
        :returns: whether all of them did
        """
        eventlet.kill(self._accepting)
        self._sock.close()
        self._server.keepalive = False
        self._wait(waiting.LAST_REQUEST_WITHIN)
        for state in list(self._connections.values()):
            idle = state[2] == wsgi.STATE_IDLE
            state[2] = wsgi.STATE_CLOSE
            if idle:
                greenio.shutdown_safe(state[1])
        return self._wait(timeout)

    def _wait(self, seconds):
        """:returns: whether no connection is left"""
        end = None if seconds is None else time.monotonic() + seconds
        while self._connections and (end is None or time.monotonic() < end):
            time.sleep(0.05)
        return not self._connections


def hang_up(parked, sock):
    """Whoever waits there wakes up and ends.

    :param sock: None if nobody has to
    """
    if sock is not None:
        del parked[sock]
        greenio.shutdown_safe(sock)


def _own_handle(sock):
    """A socket object that knows greenlets, also for one made before."""
    handle = socket.fromfd(sock.fileno(), sock.family, sock.type)
    handle.setblocking(False)
    return handle
