"""The HTTP server for native threads, around cheroot."""

import functools
import logging
import ssl
import threading
import time

from cheroot import errors
from cheroot import makefile
from cheroot import server as cheroot_server
from cheroot import ssl as cheroot_ssl
from cheroot.workers import threadpool
from cheroot import wsgi
from oslo_log import log

from glance.service import client_socket
from glance.service import framing
from glance.service import request_input

LOG = log.getLogger(__name__)

_FIRST_THREADS = 10
_FOREVER = 10 ** 9
_FRAMING_HEADERS = (b'Content-Length', b'Transfer-Encoding')


class _HeaderReader(cheroot_server.HeaderReader):
    """Notes the framing headers, whose repetition a dict cannot show."""

    def __init__(self, longest):
        self._longest = longest
        self.seen = {name: [] for name in _FRAMING_HEADERS}

    def __call__(self, rfile, hdict=None):
        return super().__call__(_Lines(rfile, self._longest, self.seen),
                                hdict)

    def _allow_header(self, key_name):
        # X_Roles would look like X-Roles to the application
        return b'_' not in key_name


class _Lines:
    """The header lines of a request, checked and noted as they are read."""

    def __init__(self, rfile, longest, seen):
        self._rfile, self._longest, self._seen = rfile, longest, seen
        self._count = 0

    def readline(self):
        line = self._rfile.readline(self._longest + 1)
        self._count += 1
        if len(line) > self._longest or self._count > framing.MAX_HEADERS:
            raise errors.MaxSizeExceeded()
        if line[:1] in (b' ', b'\t'):
            raise ValueError('A header goes on in the next line.')
        name, colon, value = line.partition(b':')
        if colon and name != name.strip():
            raise ValueError('White space around the name of a header.')
        values = self._seen.get(name.title())
        if values is not None:
            values.append(value.strip().decode('latin-1'))
        return line


class Request(cheroot_server.HTTPRequest):
    """A request whose framing is checked."""

    def __init__(self, server, conn, proxy_mode=False, strict_mode=True):
        super().__init__(server, conn, proxy_mode, strict_mode)
        self.header_reader = _HeaderReader(server.max_header_line)

    def read_request_line(self):
        if not super().read_request_line():
            return False
        if len(self.uri) > framing.MAX_REQUEST_LINE:
            self.simple_response('414 Request-URI Too Long')
            return False
        return True

    def read_request_headers(self):
        if not super().read_request_headers():
            return False
        problem = framing.problem(*self.header_reader.seen.values())
        if problem:
            self.simple_response('400 Bad Request', problem)
            return False
        return True

    def respond(self):
        """As cheroot's, whose reader of chunks takes whole ones to memory."""
        if not self.chunked_read:
            return super().respond()
        self.rfile = request_input.ChunkedInput(self.conn.rfile)
        self.server.gateway(self).respond()
        self.ensure_headers_sent()
        if self.chunked_write:
            self.conn.wfile.write(b'0\r\n\r\n')

    def send_headers(self):
        if not self.close_connection and not request_input.discard(
                self.rfile.read):
            self.close_connection = True
        super().send_headers()

    def drop_connection(self):
        self.close_connection = True

    def simple_response(self, status, msg=''):
        if status.startswith('413') and not self.ready:
            status = '431 Request Header Fields Too Large'
        super().simple_response(status, msg)


class Connection(cheroot_server.HTTPConnection):
    RequestHandlerClass = Request
    _shaken = False

    def communicate(self):
        """Hands are shaken first, so that nobody is held up by who does not;
        the request is waited for as any other.
        """
        if self._shaken or not isinstance(self.socket, ssl.SSLSocket):
            return super().communicate()
        try:
            self.socket.do_handshake()
        except OSError as exc:
            LOG.debug('No TLS connection came about: %s', exc)
            return False
        self._shaken = True
        return True


class Gateway(wsgi.Gateway_10):
    """Gives the application the client's socket, and a way to end it."""

    def get_environ(self):
        environ = super().get_environ()
        environ[client_socket.KEY] = self.req.conn.socket
        environ['glance.drop_connection'] = functools.partial(
            setattr, self.req, 'close_connection', True)
        environ['glance.drop_connection'] = self.req.drop_connection
        return environ


class TLS(cheroot_ssl.Adapter):
    """Makes the sockets of connections."""

    # a whole record, so that nothing is left where the selector cannot look
    _RECORD = 1 << 15

    def __init__(self, context):
        self.context = context

    def bind(self, sock):
        return sock

    def wrap(self, sock):
        return self.context.wrap_socket(
            sock, server_side=True,
            do_handshake_on_connect=False), self.get_environ()

    def get_environ(self):
        return {'wsgi.url_scheme': 'https', 'HTTPS': 'on'}

    def makefile(self, sock, mode='r', bufsize=-1):
        return makefile.MakeFile(sock, mode, self._RECORD)


class Pool(threadpool.ThreadPool):
    """Grows with the number of requests under way, without waiting."""

    def put(self, obj):
        # An idle thread may be wanted already by a request in the queue.
        if (self.idle <= self._queue.qsize()
                and len(self._threads) < self.max):
            self._threads.append(self._spawn_worker())
        super().put(obj)


class _Cheroot(wsgi.Server):
    ConnectionClass = Connection
    max_request_header_size = framing.MAX_HEADERS_SIZE

    def use(self, sock, backlog):
        self._listening, self.request_queue_size = sock.dup(), backlog

    def bind(self, family, type, proto=0):
        """The socket is there already, shared with other processes."""
        self.socket = self._listening
        return self.socket

    def process_conn(self, conn):
        """A new connection waits for its request outside of the pool."""
        if conn.last_used is None:
            self.put_conn(conn)
        else:
            super().process_conn(conn)

    def stop_accepting(self):
        self._connections._selector.unregister(self.socket.fileno())
        # Each answer from now on ends its connection.
        self.keep_alive_conn_limit = -1

    def has_idle_connections(self):
        """After `stop_accepting`: whether some wait for a request."""
        return len(self._connections._selector) > 0

    def error_log(self, msg='', level=logging.INFO, traceback=False):
        LOG.log(max(level, logging.DEBUG), msg, exc_info=traceback)


class Server:
    """Serves `app` on a listening socket until stopped.

    :param options: the group of `glance.conf.service`
    :param tls: ssl.SSLContext, None for plain HTTP
    """

    def __init__(self, sock, app, options, tls=None):
        self._server = _Cheroot(
            sock.getsockname()[:2], app, server_name='glance',
            timeout=options.client_socket_timeout or _FOREVER)
        self._server.use(sock, options.backlog)
        self._server.max_header_line = options.max_header_line
        self._server.gateway = Gateway
        self._server.ssl_adapter = tls and TLS(tls)
        most = options.max_connections
        self._server.requests = Pool(self._server, max=most,
                                     min=min(_FIRST_THREADS, most))
        self._server.keep_alive_conn_limit = (
            options.max_connections if options.http_keepalive else 0)

    def start(self):
        self._server.prepare()
        threading.Thread(target=self._server.serve, daemon=True).start()

    def stop(self, timeout):
        """Take no more connections and let requests finish.

        :param timeout: seconds, None for no limit
        :returns: whether all of them did
        """
        if not self._server.ready:
            return True
        self._server.shutdown_timeout = timeout
        self._server.stop_accepting()
        end = time.monotonic() + framing.LAST_REQUEST_WITHIN
        while (self._server.has_idle_connections()
                and time.monotonic() < end):
            time.sleep(0.05)
        self._server.stop()
        return True
