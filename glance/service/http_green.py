"""The HTTP server for greenlets, around the protocol of eventlet."""

import errno
import socket
import ssl
import time

import eventlet
from eventlet import greenio
from eventlet import wsgi
from oslo_log import log

from glance.service import framing
from glance.service import request_input

LOG = log.getLogger(__name__)

# accept fails with these while the process or the machine is short of
# something; it works again later
_SHORTAGE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class _Log:
    """What eventlet tells: failures of the application, and requests."""

    def info(self, message, *args):
        if message.startswith('Traceback'):
            LOG.error(message)
        else:
            LOG.debug(message, *args)

    debug = error = LOG.debug


class Input(wsgi.Input):
    """A body that does not hold up the hub and whose chunks are checked."""

    def __init__(self, of):
        super().__init__(of.rfile, of.content_length, of.get_socket(),
                         wfile=of.wfile, wfile_line=of.wfile_line,
                         chunked_input=of.chunked_input)
        self._chunks = request_input.ChunkedInput(of.rfile)

    def _chunked_read(self, rfile, length=None, use_readline=False):
        if self.should_send_hundred_continue:
            self.send_hundred_continue_response()
            self.is_hundred_continue_response_sent = True
        if self.chunk_length == 0:
            return b''
        if use_readline:
            return self._chunks.readline(length)
        return self._chunks.read(length)

    def discard(self, buffer_size=None):
        if not request_input.discard(self.read):
            raise ConnectionAbortedError('more data than is thrown away')


class Protocol(wsgi.HttpProtocol):
    """HTTP/1.1 with our limits, and with short plain error bodies."""

    def parse_request(self):
        try:
            if not super().parse_request():
                return False
        except (wsgi.HeaderLineTooLong, wsgi.HeadersTooLarge):
            self.send_error(431)
            return False
        problem = self.headers.defects and 'A header line is malformed.'
        problem = problem or framing.problem(
            self.headers.get_all('content-length', []),
            self.headers.get_all('transfer-encoding', []))
        if problem:
            self.send_error(400, problem)
            return False
        return True

    def get_environ(self):
        environ = super().get_environ()
        body = Input(environ['eventlet.input'])
        environ['wsgi.input'] = environ['eventlet.input'] = body
        if isinstance(self.connection, ssl.SSLSocket):
            environ.update({'wsgi.url_scheme': 'https', 'HTTPS': 'on'})
        return environ

    def send_error(self, code, message=None, explain=None):
        reason = self.responses.get(code, ('Error',))[0]
        body = ('%s\n' % (message or reason)).encode('latin-1', 'replace')
        self.close_connection = True
        self.wfile.write((
            'HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\n'
            'Content-Length: %d\r\nConnection: close\r\n\r\n'
            % (code, reason, len(body))).encode('latin-1') + body)
        self.wfile.flush()

    def log_message(self, format, *args):
        LOG.debug(format, *args)


class Server:
    """Serves `app` on a listening socket until stopped.

    :param options: the group of `glance.conf.service`
    :param tls: ssl.SSLContext, None for plain HTTP
    """

    def __init__(self, sock, app, options, tls=None):
        wsgi.MAX_HEADER_LINE = options.max_header_line
        wsgi.MAX_TOTAL_HEADER_SIZE = max(framing.MAX_HEADERS_SIZE,
                                         2 * options.max_header_line)
        self._sock = _own_handle(sock)
        self._pool = eventlet.GreenPool(options.max_connections)
        self._tls = tls
        self._connections = {}
        self._accepting = None
        self._server = wsgi.Server(
            self._sock, sock.getsockname(), app, protocol=Protocol,
            keepalive=options.http_keepalive, log_output=False, debug=False,
            url_length_limit=framing.MAX_REQUEST_LINE,
            socket_timeout=options.client_socket_timeout or None)
        self._server.log = _Log()
        self._server.log_output = LOG.isEnabledFor(log.DEBUG)

    def start(self):
        self._accepting = eventlet.spawn(self._accept)

    def _accept(self):
        while True:
            try:
                client, address = self._sock.accept()
            except OSError as exc:
                if exc.errno in _SHORTAGE:
                    LOG.error('No connection can be accepted: %s', exc)
                    time.sleep(0.5)
                continue
            client.settimeout(self._server.socket_timeout)
            state = [address, client, wsgi.STATE_IDLE]
            self._connections[id(state)] = state
            self._pool.spawn_n(self._serve, state)

    def _serve(self, state):
        try:
            if self._tls is not None:
                state[1] = self._tls.wrap_socket(state[1], server_side=True)
            self._server.process_request(state)
        except Exception as exc:
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
        end = time.monotonic() + framing.LAST_REQUEST_WITHIN
        while self._connections and time.monotonic() < end:
            time.sleep(0.05)
        for state in list(self._connections.values()):
            idle = state[2] == wsgi.STATE_IDLE
            state[2] = wsgi.STATE_CLOSE
            if idle:
                greenio.shutdown_safe(state[1])
        with eventlet.Timeout(timeout, False):
            self._pool.waitall()
        return not self._pool.running()


def _own_handle(sock):
    """A socket object that knows greenlets, also for one made before."""
    handle = socket.fromfd(sock.fileno(), sock.family, sock.type)
    handle.setblocking(True)
    return handle
