"""The HTTP server of the mode the tests run in, over real sockets."""

import json
import logging
import os
import resource
import socket
import struct
import threading
import time

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.service.http import client_socket
from glance.service.http import listening
from tests.unit.service import heads

if concurrency.is_green():
    from glance.service.http import http_green as http
else:
    from glance.service.http import http_threads as http

CLOSE = b'Host: x\r\nConnection: close\r\n'


def _all(client):
    answer = b''
    while piece := client.recv(65536):
        answer += piece
    return answer


class HttpTestCase(base.BaseTestCase):

    options = {'client_socket_timeout': 5}
    backlog = 10

    def setUp(self):
        super().setUp()
        config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        config.config(**self.options)
        self.started, self.may_end = threading.Event(), threading.Event()
        sock = listening.listen('127.0.0.1', 0, self.backlog, 0)
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
        client = socket.create_connection(self.address, timeout=5)
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

    def test_table(self):
        """What is refused and what is taken is so on the wire as well."""
        for title, data in heads.REFUSED.items():
            answer = self.talk(data)
            self.assertIn(answer.split(b' ')[1], (b'400', b'505'), title)
            self.assertIn(b'\r\nConnection: close\r\n', answer)
            self.assertEqual(1, answer.count(b'Content-Length: '), title)
            head, _end, body = answer.partition(b'\r\n\r\n')
            self.assertIn('message', json.loads(body))
        for data, (path, _query, roles) in heads.TAKEN.items():
            answer = self.talk(data)
            self.assertStatus(200, answer)
            self.assertTrue(answer.endswith(
                ('\r\n\r\n%s %s' % (path, roles)).encode('latin-1')), answer)

    def test_long_url(self):
        for length in (9000, 200000):
            answer = self.get(b'/' + b'a' * length)
            self.assertStatus(414, answer)
            body = json.loads(answer.partition(b'\r\n\r\n')[2])
            self.assertEqual('414 Request-URI Too Long', body['code'])

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


class MidBodyTestCase(HttpTestCase):
    """Answers before the end of a body."""

    heads = {
        'kept': b'POST /refuse HTTP/1.1\r\nHost: x\r\n',
        'closed': b'POST /refuse HTTP/1.1\r\nHost: x\r\nConnection: close\r\n',
        'HTTP/1.0': b'POST /refuse HTTP/1.0\r\n',
        'kept HTTP/1.0': b'POST /refuse HTTP/1.0\r\n'
                         b'Connection: keep-alive\r\n',
        'expecting': b'POST /refuse HTTP/1.1\r\nHost: x\r\n'
                     b'Expect: 100-continue\r\n',
    }

    def refused(self, head, body, more=b''):
        """The answer, to who sends `more` after it has seen the end."""
        client = self.connect()
        client.settimeout(60)
        client.sendall(head + b'\r\n' + body)
        answer = _all(client)
        try:
            client.sendall(more)
        except OSError:
            pass
        answer = answer.removeprefix(b'HTTP/1.1 100 Continue\r\n\r\n')
        self.assertStatus(415, answer)
        self.assertTrue(answer.endswith(b'\r\n\r\nno'), answer)
        self.assertEqual(1, answer.count(b'Connection: close'), answer)

    def test_client_that_waits_for_the_answer(self):
        """It does not send the rest, and need not."""
        for head in self.heads.values():
            self.refused(head + b'Content-Length: 5000000\r\n', b'x' * 5000)
            if b'1.0' not in head:
                self.refused(head + b'Transfer-Encoding: chunked\r\n',
                             b'fffff\r\n' + b'x' * 5000)

    def test_client_that_sends_it_all_first(self):
        """The answer is not lost by closing while data is on its way."""
        for head in self.heads.values():
            self.refused(head + b'Content-Length: 5000000\r\n',
                         b'x' * 5000000)
            if b'1.0' not in head:
                self.refused(head + b'Transfer-Encoding: chunked\r\n',
                             b'4c4b40\r\n' + b'x' * 5000000 + b'\r\n0\r\n\r\n')

    def test_broken_chunks_are_the_end(self):
        self.refused(self.heads['kept'] + b'Transfer-Encoding: chunked\r\n',
                     b'a\r\nxxxxxxxxxxzz\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n')

    def test_short_rest_does_not_end_it(self):
        head = self.heads['kept'] + b'Content-Length: 5000\r\n\r\n'
        answer = self.talk(head + b'x' * 5000 + b'GET /next HTTP/1.1\r\n'
                           + CLOSE + b'\r\n')
        self.assertStatus(415, answer)
        self.assertTrue(answer.endswith(b'/next None'), answer)
        self.assertEqual(1, answer.count(b'Connection: close'))

    def test_nobody_is_told_to_go_on_in_vain(self):
        answer = self.talk(b'PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue'
                           b'\r\nContent-Length: 5\r\n\r\n')
        self.assertStatus(200, answer)
        self.assertIn(b'Connection: close', answer)

    def test_told_to_go_on(self):
        client = self.connect()
        client.sendall(b'PUT /length HTTP/1.1\r\nExpect: 100-continue\r\n'
                       b'Content-Length: 5\r\n' + CLOSE + b'\r\n')
        line = client.recv(100)
        self.assertTrue(line.startswith(b'HTTP/1.1 100 '), line)
        client.sendall(b'abcde')
        self.assertTrue(_all(client).endswith(b'\r\n5'))

    def test_answer_that_says_so_itself(self):
        answer = self.talk(b'GET /last HTTP/1.1\r\nHost: x\r\n\r\n'
                           b'GET /next HTTP/1.1\r\nHost: x\r\n\r\n')
        self.assertEqual(1, answer.count(b'HTTP/1.1 '), answer)
        self.assertEqual(1, answer.lower().count(b'connection: close'), answer)

    def test_refused_head_with_more_on_its_way(self):
        answer = self.talk(b'GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n'
                           + b'x' * 3000000)
        self.assertStatus(400, answer)
        self.assertIn(b'Connection: close', answer)


class LeavesTestCase(HttpTestCase):
    """Who leaves early is no news for the log."""

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        self.ended = threading.Event()

    def app(self, environ, start_response):
        if environ['PATH_INFO'] == '/answer':
            start_response('200 OK', [('Content-Length', str(1 << 30))])
            return self.endless()
        try:
            environ['wsgi.input'].read()
        except exceptions.UploadBroken:
            pass
        start_response('400 Bad Request', [('Content-Length', str(1 << 30))])
        return self.endless()

    def endless(self):
        try:
            for _piece in range(1024):
                yield b'x' * (1 << 20)
        finally:
            self.ended.set()

    def test_log(self):
        for sent in (b'GET /answer HTTP/1.1\r\n',
                     b'POST / HTTP/1.1\r\nContent-Length: 50000\r\n',
                     b'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n',
                     b'POST / HTTP/1.1\r\nContent-Length: 50000\r\n'
                     b'Expect: 100-continue\r\n'):
            self.ended.clear()
            client = self.connect()
            client.sendall(sent + CLOSE + b'\r\n')
            if b'POST' in sent:
                client.sendall(b'5\r\nab')
            else:
                client.recv(1 << 16)
            # closed at once, which resets the connection
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack('ii', 1, 0))
            client.close()
            self.assertTrue(self.ended.wait(60))
        self.server.stop(60)
        self.assertNotIn('Traceback', self.log.output)


class PatientTestCase(HttpTestCase):
    """Whoever is slow or silent does not get in the way of others."""

    options = {'client_socket_timeout': 60, 'max_connections': 3}

    def each(self, *sent):
        """Connections that have sent this and wait."""
        clients = [self.connect() for _number in range(12)]
        for client in clients:
            for data in sent:
                client.sendall(data)
        return clients

    def drip(self, clients):
        for client in clients:
            client.sendall(b'x')

    def check_serves(self):
        self.assertStatus(200, self.get(b'/'))
        self.assertStatus(200, self.get(b'/healthcheck'))

    def test_silent_from_the_beginning(self):
        self.each()
        self.check_serves()

    def test_silent_after_a_request(self):
        for _number in range(12):
            self.connect_and_keep()
        self.check_serves()

    def test_slow_heads(self):
        clients = self.each(b'GET / HTTP/1.1\r\nX-A: ')
        self.drip(clients)
        self.check_serves()
        self.drip(clients)
        for client in clients:
            client.sendall(b'\r\n' + CLOSE + b'\r\n')
        for client in clients:
            self.assertStatus(200, _all(client))

    def test_slow_bodies(self):
        clients = self.each(b'POST /length HTTP/1.1\r\n'
                            b'Content-Length: 20004\r\n' + CLOSE + b'\r\n',
                            b'x' * 20000)
        self.drip(clients)
        self.check_serves()
        for _byte in range(3):
            self.drip(clients)
        for client in clients:
            self.assertTrue(_all(client).endswith(b'\r\n20004'))

    def test_slow_short_bodies(self):
        """They do not even hold up other bodies."""
        clients = self.each(b'POST /length HTTP/1.1\r\nContent-Length: 3\r\n'
                            + CLOSE + b'\r\n')
        self.drip(clients)
        self.check_serves()
        self.assertStatus(200, self.post(b'Content-Length: 1\r\n', b'x'))
        self.drip(clients)
        self.drip(clients)
        for client in clients:
            self.assertTrue(_all(client).endswith(b'\r\n3'))

    def test_slow_answers(self):
        self.each(b'GET /wait HTTP/1.1\r\nHost: x\r\n\r\n')
        self.assertTrue(self.started.wait(30))
        self.assertStatus(200, self.get(b'/healthcheck'))
        self.assertStatus(200, self.post(b'Content-Length: 1\r\n', b'x'))
        self.may_end.set()

    def test_too_many_silent_ones(self):
        """The one that has been silent for longest makes room."""
        first, clients = self.connect(), []
        for _number in range(30):
            clients.append(self.connect())
        first.settimeout(60)
        self.assertEqual(b'', first.recv(1))
        clients[-1].sendall(b'GET / HTTP/1.1\r\n' + CLOSE + b'\r\n')
        self.assertStatus(200, _all(clients[-1]))


class CrowdTestCase(HttpTestCase):
    """Many come at once and send half a request; it costs to begin each."""

    backlog = 300
    crowd = 200

    def setUp(self):
        self.begun = 0
        super().setUp()

    def start(self):
        """When all of them are there."""

    def app(self, environ, start_response):
        if environ['PATH_INFO'] == '/healthcheck':
            body = b'%d' % self.begun
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        if environ['PATH_INFO'] == '/wait':
            self.started.set()
            self.may_end.wait(300)
        self.begun += 1
        until = time.perf_counter() + 0.005
        while time.perf_counter() < until:
            pass
        return super().app(environ, start_response)

    def each(self, data):
        clients = [self.connect() for _number in range(self.crowd)]
        for client in clients:
            client.settimeout(60)
            client.sendall(data)
        return clients

    def test_health(self):
        """Whoever asks for it gets an answer before all have begun."""
        self.each(b'POST /length HTTP/1.1\r\nContent-Length: 60000\r\n'
                  b'Host: x\r\n\r\n{"a"')
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'GET /healthcheck HTTP/1.1\r\n' + CLOSE + b'\r\n')
        self.server.start()
        answer = _all(client)
        self.assertLess(int(answer.rpartition(b'\r\n')[2]), self.crowd // 2)

    def test_all_of_them(self):
        clients = self.each(
            b'POST /length HTTP/1.1\r\nContent-Length: 20000\r\n' + CLOSE
            + b'\r\n' + b'x' * 19999)
        self.server.start()
        for client in clients:
            client.sendall(b'x')
        for client in clients:
            self.assertTrue(_all(client).endswith(b'\r\n20000'))

    def test_bodies_that_are_not_read_yet(self):
        """They do not keep others from beginning."""
        self.server.start()
        head = b'Content-Length: 20000\r\n' + CLOSE + b'\r\n'
        for _number in range(5):
            self.connect().sendall(b'POST /wait HTTP/1.1\r\n' + head)
        self.assertTrue(self.started.wait(30))
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'POST /length HTTP/1.1\r\n' + head + b'x' * 19999)
        client.sendall(b'x')
        self.assertTrue(_all(client).endswith(b'\r\n20000'))


class LateTestCase(HttpTestCase):
    """A head has to come within its time, however busy the client is."""

    options = {'client_socket_timeout': 900, 'request_head_timeout': 1}

    def test_late(self):
        for connect in (self.connect_and_keep, self.connect):
            client = connect()
            client.settimeout(60)
            client.sendall(b'GET / HTTP/1.1\r\nX: ')
            answer = concurrency.spawn(_all, client)
            ended = threading.Event()
            dripping = concurrency.spawn(self.drip, client, ended)
            answer = answer.wait(60)
            ended.set()
            self.assertStatus(408, answer)
            self.assertIn(b'Connection: close', answer)
            dripping.wait(60)

    def drip(self, client, ended):
        try:
            while not ended.wait(0.1):
                client.sendall(b'x')
        except OSError:
            pass

    def test_silent(self):
        client = self.connect()
        client.settimeout(60)
        self.assertEqual(b'', _all(client))


class ShortageTestCase(HttpTestCase):
    """No file is left for a connection: silent ones give theirs."""

    def test_accept_fails(self):
        silent = self.connect_and_keep()
        silent.settimeout(60)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        client = socket.socket()
        self.addCleanup(client.close)
        client.settimeout(60)
        lowest = os.open(os.devnull, os.O_RDONLY)
        os.close(lowest)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (soft, hard))
        # the client has its file; the server would need the next one
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        client.connect(self.address)
        self.assertEqual(b'', silent.recv(1))
        client.sendall(b'GET / HTTP/1.1\r\n' + CLOSE + b'\r\n')
        self.assertStatus(200, _all(client))


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

    def test_idle_connection_does_not_hold_it_up(self):
        client = self.connect_and_keep()
        fresh = self.connect()
        time.sleep(0.1)
        begin = time.monotonic()
        self.server.stop(60)
        self.assertLess(time.monotonic() - begin, 30)
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
