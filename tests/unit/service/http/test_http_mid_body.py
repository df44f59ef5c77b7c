"""Answers before the end of a body, and clients that leave before the end."""

import logging
import socket
import struct
import threading

import fixtures

from glance.common import exceptions
from tests.unit.service.http import base


class MidBodyTestCase(base.HttpTestCase):
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
        answer = base.read_all(client)
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
                           + base.CLOSE + b'\r\n')
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
                       b'Content-Length: 5\r\n' + base.CLOSE + b'\r\n')
        line = client.recv(100)
        self.assertTrue(line.startswith(b'HTTP/1.1 100 '), line)
        client.sendall(b'abcde')
        self.assertTrue(base.read_all(client).endswith(b'\r\n5'))

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


class LeavesTestCase(base.HttpTestCase):
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

    def test_no_traceback_is_logged(self):
        for sent in (b'GET /answer HTTP/1.1\r\n',
                     b'POST / HTTP/1.1\r\nContent-Length: 50000\r\n',
                     b'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n',
                     b'POST / HTTP/1.1\r\nContent-Length: 50000\r\n'
                     b'Expect: 100-continue\r\n'):
            self.ended.clear()
            client = self.connect()
            client.sendall(sent + base.CLOSE + b'\r\n')
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
