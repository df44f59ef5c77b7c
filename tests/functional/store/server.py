"""A small image server over the upload and download paths.

It runs in the process of the test, on the real HTTP server of the mode the
tests run in: PUT stores, GET sends. Clients are native threads, so that a
stuck hub is seen.
"""

import os
import socket
import types

import fixtures

from glance.common import concurrency
from glance.common import exceptions
from glance.store.checks import inspection
from glance.store.drivers.file import filesystem
from glance.store.transfer import download
from glance.store.transfer import upload
from tests.unit.store import base
from tests.unit.store.checks import test_inspection

native = concurrency.native

_OPTIONS = types.SimpleNamespace(
    max_header_line=16384, max_connections=500, http_keepalive=True,
    client_socket_timeout=20, request_head_timeout=20, backlog=512)


class Server(fixtures.Fixture):
    """:ivar store: the file store behind it
    :ivar received: results of uploads by image
    :ivar done: what downloads told at their end
    """

    def _setUp(self):
        self.folder = os.path.join(
            self.useFixture(fixtures.TempDir()).path, 'images')
        self.store = filesystem.Driver('fast', base.values(self.folder))
        self.received, self.done = {}, []
        self.upload_args = {}
        sock = socket.socket()
        sock.bind(('127.0.0.1', 0))
        sock.listen(512)
        self.port = sock.getsockname()[1]
        self._server = _server_class()(sock, self._app, _OPTIONS)
        self._server.start()
        self.addCleanup(self._server.stop, 5)
        self.addCleanup(sock.close)

    def files(self):
        return sorted(os.listdir(self.folder))

    def url(self, name):
        return 'file://%s/%s' % (self.folder, name)

    def _app(self, environ, start_response):
        try:
            answer = self._handle(environ, start_response)
        except exceptions.GlanceError as exc:
            text = str(exc).encode()
            start_response('%d Error' % exc.status,
                           [('Content-Length', str(len(text)))])
            return [text]
        return answer

    def _handle(self, environ, start_response):
        name = environ['PATH_INFO'].strip('/')
        if environ['REQUEST_METHOD'] == 'PUT':
            self.received[name] = upload.receive(
                environ, self.store, name, 'a1', **self._args())
            self.store.settle(name, 'a1')
            start_response('204 No Content', [])
            return []
        if name == 'ping':
            start_response('200 OK', [('Content-Length', '4')])
            return [b'pong']
        reader = self.store.open(self.url(name))
        start_response('200 OK', [('Content-Length', str(reader.length))])
        return download.body(environ, reader,
                             lambda *args: self.done.append(args))

    def _args(self):
        args = dict(self.upload_args)
        claim = args.pop('claim', None)
        if claim:
            args['inspector'] = inspection.Inspector(
                claim, test_inspection.options())
        return args


def _server_class():
    if concurrency.is_green():
        from glance.service.http import http_green
        return http_green.Server
    from glance.service.http import http_threads
    return http_threads.Server


class Client:
    """One connection; only for native threads."""

    def __init__(self, port, timeout=30):
        self.sock = native.socket.create_connection(('127.0.0.1', port),
                                                    timeout)

    def head(self, text, *headers):
        lines = [text + ' HTTP/1.1', 'Host: test', *headers, '', '']
        self.sock.sendall('\r\n'.join(lines).encode())

    def answer(self):
        """:returns: status and body of the next answer, 0 if cut off"""
        with self.sock.makefile('rb') as source:
            line = source.readline()
            if not line:
                return 0, b''
            length = 0
            while header := source.readline().strip():
                name, _, value = header.partition(b':')
                if name.lower() == b'content-length':
                    length = int(value)
            return int(line.split()[1]), source.read(length)

    def put(self, name, data, length=None):
        self.head('PUT /' + name, 'Content-Length: %d'
                  % (len(data) if length is None else length))
        self.sock.sendall(data)
        return self.answer()

    def put_chunked(self, name, raw):
        self.head('PUT /' + name, 'Transfer-Encoding: chunked')
        self.sock.sendall(raw)
        return self.answer()

    def get(self, name):
        self.head('GET /' + name)
        return self.answer()

    def close(self):
        self.sock.close()


def chunks(data, size):
    pieces = [data[start:start + size] for start in range(0, len(data), size)]
    return b''.join(b'%x\r\n%s\r\n' % (len(piece), piece)
                    for piece in pieces) + b'0\r\n\r\n'
