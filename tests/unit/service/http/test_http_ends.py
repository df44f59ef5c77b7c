"""Connections that the server ends, and the end of the server."""

import os
import resource
import socket
import threading
import time

from glance.common import concurrency
from tests.unit.service.http import base


class LateTestCase(base.HttpTestCase):
    """A head has to come within its time, however busy the client is."""

    options = {'client_socket_timeout': 900, 'request_head_timeout': 1}

    def test_a_late_head_is_answered_with_408(self):
        for connect in (self.connect_and_keep, self.connect):
            client = connect()
            client.settimeout(60)
            client.sendall(b'GET / HTTP/1.1\r\nX: ')
            answer = concurrency.spawn(base.read_all, client)
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

    def test_a_silent_connection_is_closed_without_answer(self):
        client = self.connect()
        client.settimeout(60)
        self.assertEqual(b'', base.read_all(client))


class ShortageTestCase(base.HttpTestCase):
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
        client.sendall(b'GET / HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.assertStatus(200, base.read_all(client))


class ImpatientTestCase(base.HttpTestCase):

    options = {'client_socket_timeout': 1, 'http_keepalive': False}

    def test_silent_client(self):
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'GET / HTTP/1.1\r\n')
        self.assertNotIn(b'200 OK', base.read_all(client))

    def test_one_request_a_connection(self):
        answer = self.talk(b'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n' * 2)
        self.assertEqual(1, answer.count(b'200 OK'))


class StopTestCase(base.HttpTestCase):

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
        answer = base.read_all(client)
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
