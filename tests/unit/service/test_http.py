"""The HTTP server of the mode the tests run in, over real sockets."""

import socket
import threading
import time

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import concurrency
from glance.conf import CONF
from glance.service import client_socket
from glance.service import listening

if concurrency.is_green():
    from glance.service import http_green as http
else:
    from glance.service import http_threads as http

CLOSE = b'Host: x\r\nConnection: close\r\n'


def _all(client):
    answer = b''
    while piece := client.recv(65536):
        answer += piece
    return answer


class HttpTestCase(base.BaseTestCase):

    options = {'client_socket_timeout': 5}

    def setUp(self):
        super().setUp()
        config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        config.config(**self.options)
        self.started, self.may_end = threading.Event(), threading.Event()
        sock = listening.listen('127.0.0.1', 0, 10, 0)
        self.address = sock.getsockname()
        self.server = http.Server(sock, self.app, CONF, self.make_tls())
        self.server.start()
        self.addCleanup(sock.close)
        self.addCleanup(self.server.stop, 1)
        self.addCleanup(self.may_end.set)

    def make_tls(self):
        """:returns: ssl.SSLContext, None for plain HTTP"""

    def app(self, environ, start_response):
        path = environ['PATH_INFO']
        if path == '/length':
            body = b'%d' % len(environ['wsgi.input'].read())
        elif path == '/wait':
            self.started.set()
            self.may_end.wait(5)
            body = b'waited'
        elif path == '/peer':
            sock = client_socket.get(environ)
            body = b'%d' % sock.getpeername()[1]
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

    def connect(self):
        client = socket.create_connection(self.address, timeout=5)
        self.addCleanup(client.close)
        return client

    def talk(self, data, half_close=False):
        """:returns: all the server says until it closes"""
        client = self.connect()
        client.sendall(data)
        if half_close:
            client.shutdown(socket.SHUT_WR)
        return _all(client)

    def get(self, path, *headers):
        return self.talk(b'GET %s HTTP/1.1\r\n%s%s\r\n' % (
            path, b''.join(line + b'\r\n' for line in headers), CLOSE))

    def post(self, headers, body=b'', path=b'/length'):
        return self.talk(b'POST %s HTTP/1.1\r\n%s%s\r\n%s' % (
            path, headers, CLOSE, body), half_close=True)

    def assertStatus(self, status, answer):
        self.assertEqual(b'%d' % status, answer.split(b' ')[1], answer)


class RequestTestCase(HttpTestCase):

    def test_get(self):
        answer = self.get(b'/a%20b')
        self.assertStatus(200, answer)
        self.assertTrue(answer.endswith(b'\r\n\r\n/a b None'))

    def test_two_requests_on_one_connection(self):
        answer = self.talk(b'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n'
                           b'GET /2 HTTP/1.1\r\n' + CLOSE + b'\r\n')
        self.assertIn(b'/1 None', answer)
        self.assertIn(b'/2 None', answer)

    def test_body_with_length(self):
        answer = self.post(b'Content-Length: 5\r\n', b'abcde')
        self.assertTrue(answer.endswith(b'\r\n5'))

    def test_body_in_chunks(self):
        answer = self.post(b'Transfer-Encoding: chunked\r\n',
                           b'3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n')
        self.assertTrue(answer.endswith(b'\r\n4'))

    def test_body_in_long_chunks(self):
        """Longer than the buffers of the servers, and not multiples."""
        sizes = (10001, 20011, 70001, 1, 300007)
        body = b''.join(b'%x\r\n%s\r\n' % (size, b'x' * size)
                        for size in sizes)
        answer = self.post(b'Transfer-Encoding: chunked\r\n',
                           body + b'0\r\n\r\n')
        self.assertTrue(answer.endswith(b'\r\n%d' % sum(sizes)),
                        answer[-200:])

    def test_unread_body_is_no_next_request(self):
        for framing in (b'Content-Length: 5\r\n\r\nabcde',
                        b'Transfer-Encoding: chunked\r\n\r\n'
                        b'5\r\nabcde\r\n0\r\nT: x\r\n\r\n'):
            answer = self.talk(
                b'POST /unread HTTP/1.1\r\nHost: x\r\n' + framing
                + b'GET /next HTTP/1.1\r\n' + CLOSE + b'\r\n')
            self.assertEqual(2, answer.count(b'200 OK'), answer)
            self.assertIn(b'/next', answer)

    def test_unread_malformed_body_ends_the_connection(self):
        answer = self.talk(
            b'POST /unread HTTP/1.1\r\nHost: x\r\n'
            b'Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n'
            b'GET /next HTTP/1.1\r\n' + CLOSE + b'\r\n')
        self.assertEqual(1, answer.count(b'HTTP/1.1'), answer)

    def test_underscore_is_not_taken_for_a_hyphen(self):
        self.assertIn(b'/ None', self.get(b'/', b'X_Roles: admin'))
        self.assertIn(b'/ admin', self.get(b'/', b'X-Roles: admin'))

    def test_socket_of_the_client(self):
        client = self.connect()
        client.sendall(b'GET /peer HTTP/1.1\r\n' + CLOSE + b'\r\n')
        port = b'%d' % client.getsockname()[1]
        self.assertTrue(_all(client).endswith(b'\r\n' + port))

    def test_failure_of_the_application_tells_nothing(self):
        self.assertNotIn(b'secret', self.get(b'/broken'))


class RefusedTestCase(HttpTestCase):

    def test_bad_framing(self):
        for headers in (b'Content-Length: 3\r\nContent-Length: 3\r\n',
                        b'Content-Length: -3\r\n', b'Content-Length: +3\r\n',
                        b'Content-Length: 3_0\r\n', b'Content-Length: x\r\n',
                        b'Content-Length: 3\r\n 3\r\n',
                        b'Content-Length : 3\r\n',
                        b'Content-Length: 3\r\n'
                        b'Transfer-Encoding: chunked\r\n',
                        b'no header\r\nContent-Length: 3\r\n'):
            self.assertStatus(400, self.post(headers, b'abc'))

    def test_unknown_transfer_encoding(self):
        answer = self.post(b'Transfer-Encoding: gzip, chunked\r\n')
        self.assertIn(answer.split(b' ')[1], (b'400', b'501'))

    def test_long_url(self):
        self.assertStatus(414, self.get(b'/' + b'a' * 9000))

    def test_long_header(self):
        self.assertStatus(431, self.get(b'/', b'X: ' + b'a' * 20000))

    def test_header_below_the_limit(self):
        self.assertStatus(200, self.get(b'/', b'X: ' + b'a' * 16000))

    def test_many_headers(self):
        lines = [b'X%d: x' % number for number in range(200)]
        self.assertStatus(431, self.get(b'/', *lines))

    def test_large_headers(self):
        lines = [b'X%d: %s' % (number, b'x' * 15000) for number in range(9)]
        self.assertStatus(431, self.get(b'/', *lines))

    def test_garbage(self):
        self.assertStatus(400, self.talk(b'\x00\x01\r\n\r\n'))

    def test_other_protocol(self):
        self.assertStatus(505, self.talk(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))


class ImpatientTestCase(HttpTestCase):

    options = {'client_socket_timeout': 1, 'http_keepalive': False}

    def test_silent_client(self):
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'GET / HTTP/1.1\r\n')
        self.assertNotIn(b'200 OK', _all(client))

    def test_one_request_a_connection(self):
        answer = self.talk(b'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n' * 2)
        self.assertEqual(1, answer.count(b'200 OK'))


class StopTestCase(HttpTestCase):

    def test_request_under_way_is_finished(self):
        task = concurrency.spawn(self.get, b'/wait')
        self.assertTrue(self.started.wait(5))
        stopping = concurrency.spawn(self.server.stop, 5)
        time.sleep(0.1)
        self.may_end.set()
        stopping.wait(10)
        self.assertTrue(task.wait(5).endswith(b'waited'))

    def connect_and_keep(self):
        """:returns: a connection on which there was a request"""
        client = self.connect()
        client.sendall(b'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
        answer = b''
        while not answer.endswith(b'/ None'):
            answer += client.recv(65536)
        return client

    def test_idle_connection_does_not_hold_it_up(self):
        client = self.connect_and_keep()
        fresh = self.connect()
        time.sleep(0.1)
        begin = time.monotonic()
        self.server.stop(10)
        self.assertLess(time.monotonic() - begin, 3)
        self.assertEqual(b'', client.recv(10))
        self.assertEqual(b'', fresh.recv(10))

    def test_kept_connection_gets_a_last_answer(self):
        client = self.connect_and_keep()
        stopping = concurrency.spawn(self.server.stop, 5)
        time.sleep(0.3)
        client.sendall(b'GET /2 HTTP/1.1\r\nHost: x\r\n\r\n')
        answer = _all(client)
        self.assertIn(b'Connection: close', answer)
        self.assertTrue(answer.endswith(b'/2 None'), answer)
        stopping.wait(10)

    def test_time_is_bounded(self):
        concurrency.spawn(self.get, b'/wait')
        self.assertTrue(self.started.wait(5))
        begin = time.monotonic()
        task = concurrency.spawn(self.server.stop, 0.3)
        time.sleep(0.5)
        self.may_end.set()
        task.wait(5)
        self.assertLess(time.monotonic() - begin, 5)
