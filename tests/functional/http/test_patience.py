"""Thousands of silent and slow clients, and one who wants an answer."""

import os
import resource
import socket
import threading

import fixtures
import requests
import testtools

from tests.fixtures import ports
from tests.fixtures import programs

HEAD = b'Host: localhost\r\nContent-Type: application/json\r\n'
IDLE = 2000
SLOW = 750
# more than there are places, and they take all of them
SLOW_BODIES = 1500
FILES = 16384


class TestPatience(testtools.TestCase):

    def setUp(self):
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if hard < FILES:
            self.skipTest('Too few files may be open here: %d' % hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, FILES), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (soft, hard))
        state = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % self.port
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir', state,
            url=self.url, log=os.path.join(state, 'log')))

    def connect(self, count, data):
        """:returns: connections that have sent this"""
        found = []
        for _number in range(count):
            client = socket.create_connection(('127.0.0.1', self.port), 60)
            self.addCleanup(client.close)
            client.sendall(data)
            found.append(client)
        return found

    def drip(self, *groups):
        """Another byte of each now and then, until the test ends."""
        ended = threading.Event()

        def run():
            while not ended.wait(0.5):
                for client in [one for group in groups for one in group]:
                    try:
                        client.send(b'1')
                    except OSError:
                        pass
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(ended.set)

    def check_serves(self, *paths):
        for path in paths:
            for _attempt in range(3):
                answer = requests.get(self.url + path, timeout=60)
                self.assertLess(answer.status_code, 400, answer.text)

    def test_all_of_them_at_once(self):
        kept = self.connect(IDLE, b'GET / HTTP/1.1\r\n' + HEAD + b'\r\n')
        for client in kept:
            self.assertTrue(client.recv(65536).startswith(b'HTTP/1.1 300'))
        self.check_serves('/healthcheck', '/v2/images')
        heads = self.connect(SLOW, b'GET / HTTP/1.1\r\nX-A: ')
        bodies = self.connect(SLOW_BODIES, (
            b'POST /v2/images HTTP/1.1\r\n' + HEAD
            + b'Content-Length: 60000\r\n\r\n{"a": 1'))
        short = self.connect(SLOW, (
            b'POST /v2/images HTTP/1.1\r\n' + HEAD
            + b'Content-Length: 6000\r\n\r\n{"a": 1'))
        self.drip(heads, bodies, short)
        self.check_serves('/healthcheck', '/healthcheck/ready',
                          '/v2/images', '/healthcheck')
