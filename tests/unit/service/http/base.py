"""The HTTP server of the mode the tests run in, over real sockets."""

import socket
import threading

from oslo_config import fixture as config_fixture
from oslotest import base
import webob

from glance.common import concurrency
from glance.conf import CONF
from glance.service.http import client_socket
from glance.service.http import listening

if concurrency.is_green():
    from glance.service.http import http_green as http
else:
    from glance.service.http import http_threads as http

CLOSE = b'Host: x\r\nConnection: close\r\n'


def read_all(client):
    """:returns: all that comes until the server closes"""
    answer = b''
    while piece := client.recv(65536):
        answer += piece
    return answer


class HttpTestCase(base.BaseTestCase):

    options = {'client_socket_timeout': 5}
    backlog = 10
    host = '127.0.0.1'

    def setUp(self):
        super().setUp()
        config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        config.config(**self.options)
        self.started, self.may_end = threading.Event(), threading.Event()
        sock = listening.listen(self.host, 0, self.backlog, 0)
        self.address = sock.getsockname()
        self.server = http.Server(sock, self.app, CONF, self.make_tls())
        self.start()
        self.addCleanup(sock.close)
        self.addCleanup(self.server.stop, 1)
        self.addCleanup(self.may_end.set)

    def start(self):
        self.server.start()

    def make_tls(self):
        """:returns: ssl.SSLContext, None for plain HTTP"""

    def app(self, environ, start_response):
        path = environ['PATH_INFO']
        if path == '/length':
            body = b'%d' % len(environ['wsgi.input'].read())
        elif path == '/refuse':
            return self.refuse(environ, start_response)
        elif path == '/last':
            start_response('200 OK', [('Content-Length', '0'),
                                      ('connection', 'Close')])
            return []
        elif path == '/wait':
            self.started.set()
            self.may_end.wait(5)
            body = b'waited'
        elif path == '/peer':
            sock = client_socket.get(environ)
            body = b'%d' % sock.getpeername()[1]
        elif path == '/url':
            body = webob.Request(environ).application_url.encode()
        elif path in ('/socket', '/scheme'):
            body = str(client_socket.get(environ) if path == '/socket'
                       else environ['wsgi.url_scheme']).encode()
        elif path == '/broken':
            raise ValueError('secret')
        else:
            body = ('%s %s' % (path, environ.get('HTTP_X_ROLES'))).encode(
                'latin-1')
        start_response('200 OK', [('Content-Length', str(len(body)))])
        return [body]

    def refuse(self, environ, start_response):
        """An answer when ten bytes of the body have been seen."""
        environ['wsgi.input'].read(10)
        start_response('415 Unsupported Media Type', [
            ('Content-Length', '2')])
        return [b'no']

    def connect(self):
        client = socket.create_connection(self.address[:2], timeout=5)
        self.addCleanup(client.close)
        return client

    def connect_and_keep(self):
        """:returns: a connection on which there was a request"""
        client = self.connect()
        client.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        answer = b''
        while not answer.endswith(b'/ None'):
            answer += client.recv(65536)
        return client

    def talk(self, data, half_close=False):
        """:returns: all the server says until it closes"""
        client = self.connect()
        client.sendall(data)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return read_all(client)

    def get(self, path, *headers):
        return self.talk(b'GET %s HTTP/1.1\r\n%s%s\r\n' % (
            path, b''.join(line + b'\r\n' for line in headers), CLOSE))

    def post(self, headers, body=b'', path=b'/length'):
        return self.talk(b'POST %s HTTP/1.1\r\n%s%s\r\n%s' % (
            path, headers, CLOSE, body), half_close=True)

    def assertStatus(self, status, answer):
        self.assertEqual(b'%d' % status, answer.split(b' ')[1], answer)
