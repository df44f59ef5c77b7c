"""A body with broken chunks became an active image without data."""

import json
import os
import socket
import time
import urllib.request

import fixtures
import testtools

from tests.fixtures import ports
from tests.fixtures import programs

BROKEN = {
    'size not hexadecimal': b'zz\r\ndata\r\n0\r\n\r\n',
    'size negative': b'-4\r\ndata\r\n0\r\n\r\n',
    'size missing': b'\r\ndata\r\n0\r\n\r\n',
    'second size broken': b'4\r\ndata\r\nxy\r\n',
    'cut in a chunk': b'ff\r\ndata',
    'cut between chunks': b'4\r\ndata\r\n',
    'cut at the end': b'4\r\ndata\r\n0\r\n'}


class TestChunks(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.state = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d/v2/images' % self.port
        self.useFixture(programs.start(
            'glance-standalone', '--port', self.port, '--state-dir',
            self.state, url='http://127.0.0.1:%d' % self.port,
            log=os.path.join(self.state, 'log')))
        self.image_id = self.call(self.url, json.dumps(
            {'disk_format': 'raw', 'container_format': 'bare'}))['id']

    def call(self, url, body=None):
        request = urllib.request.Request(
            url, body and body.encode(),
            {'Content-Type': 'application/json'})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def upload(self, body):
        """:returns: the status; 0 when the connection was closed"""
        head = ('PUT /v2/images/%s/file HTTP/1.1\r\nHost: localhost\r\n'
                'Content-Type: application/octet-stream\r\n'
                'Transfer-Encoding: chunked\r\n\r\n' % self.image_id)
        with socket.create_connection(('127.0.0.1', self.port), 20) as sock:
            sock.sendall(head.encode() + body)
            sock.shutdown(socket.SHUT_WR)
            try:
                answer = sock.recv(65536)
            except OSError:
                return 0
        return int(answer.split()[1]) if answer else 0

    def wait_until_queued(self):
        for _attempt in range(100):
            image = self.call('%s/%s' % (self.url, self.image_id))
            if image['status'] == 'queued':
                return image
            time.sleep(0.1)
        self.fail('The image is %s' % image['status'])

    def test_broken_ones_leave_the_image_without_data(self):
        for title, body in BROKEN.items():
            self.assertIn(self.upload(body), (0, 400), title)
            image = self.wait_until_queued()
            self.assertIsNone(image['size'])
            self.assertEqual([], os.listdir(
                os.path.join(self.state, 'images')))
        self.assertEqual(204, self.upload(b'4\r\ndata\r\n0\r\n\r\n'))
