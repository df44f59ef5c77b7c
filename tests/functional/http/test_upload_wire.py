"""Failing uploads as a client sees them on its connection."""

import base64
import hashlib
import http.client
import json
import socket
import threading
from unittest import mock

import testtools

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.service.http import listening
from tests.fixtures import service
from tests.functional.http import test_uploads

if concurrency.is_green():
    from glance.service.http import http_green as server
else:
    from glance.service.http import http_threads as server

HEADERS = {'Host': 'x', 'Accept': 'application/json',
           'X-Identity-Status': 'Confirmed', 'X-User-Id': 'u',
           'X-Project-Id': service.PROJECT, 'X-Roles': 'member,reader',
           'Content-Type': 'application/octet-stream'}
_PATIENCE = 60


class TestUploadWire(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(conductor=False))
        self.image = self.service.create()['id']
        sock = listening.listen('127.0.0.1', 0, 10, 0)
        self.address = sock.getsockname()[:2]
        self.server = server.Server(sock, self.service.wsgi, CONF, None)
        self.server.start()
        self.addCleanup(sock.close)
        self.addCleanup(self.server.stop, 1)

    def connect(self):
        client = socket.create_connection(self.address, _PATIENCE)
        self.addCleanup(client.close)
        return client

    def begin(self, **headers):
        """:returns: a connection on which the head of an upload was sent"""
        client = self.connect()
        lines = ['PUT /v2/images/%s/file HTTP/1.1' % self.image] + [
            '%s: %s' % (name.replace('_', '-'), value)
            for name, value in dict(HEADERS, **headers).items()]
        client.sendall('\r\n'.join(lines + ['', '']).encode())
        return client

    def answer(self, client):
        answer = http.client.HTTPResponse(client)
        answer.begin()
        answer.text = answer.read().decode()
        return answer

    def check_last(self, client, status=502):
        answer = self.answer(client)
        self.assertEqual((status, None, 'close'), (
            answer.status, answer.getheader('Retry-After'),
            answer.getheader('Connection')))
        self.assertEqual(b'', client.recv(1))
        return answer

    def away(self, name):
        patch = mock.patch('glance.registry.rpcapi.uploads.Uploads.' + name,
                           autospec=True,
                           side_effect=exceptions.RegistryUnavailable())
        patch.start()
        self.addCleanup(patch.stop)

    def test_a_client_that_was_not_told_to_send(self):
        self.away('begin')
        for headers in ({'Content-Length': '5'},
                        {'Transfer-Encoding': 'chunked'}):
            answer = self.answer(self.begin(Expect='100-continue', **headers))
            # What comes first is no `100 Continue`.
            self.assertEqual(503, answer.status)
            self.assertIsNotNone(answer.getheader('Retry-After'))

    def test_a_client_that_sends(self):
        self.away('begin')
        for headers in ({'Content-Length': '5000000'},
                        {'Transfer-Encoding': 'chunked'}):
            self.check_last(self.begin(**headers))

    def test_after_the_data(self):
        self.away('finish')
        client = self.begin(**{'Content-Length': '5'})
        client.sendall(b'12345')
        answer = self.check_last(client)
        self.assertIn('not known', json.loads(answer.text)['message'])

    def test_digests_after_the_data(self):
        right, wrong = [base64.b64encode(hashlib.sha256(
            data).digest()).decode() for data in (b'12345', b'')]
        for announced, digest, status in (
                ('Content-Digest', right, 204), ('content-digest', wrong, 400),
                ('Content-Digest', 'x', 400), ('X-Other', right, 400)):
            self.image = self.service.create()['id']
            client = self.begin(**{'Transfer-Encoding': 'chunked',
                                   'Trailer': announced})
            client.sendall(b'5\r\n12345\r\n0\r\nContent-Digest: '
                           b'sha-256=:%s:\r\n\r\n' % digest.encode())
            self.assertEqual(status, self.answer(client).status)
            shown = self.service.call('GET', '/v2/images/' + self.image).json
            self.assertEqual('active' if status == 204 else 'queued',
                             shown['status'])

    def test_a_client_that_reads_when_it_has_sent_all(self):
        """It learns the status, though nobody wants its data."""
        failing = test_uploads.failing(exceptions.StoreUnavailable(), 1)
        size = 64 << 20
        with mock.patch('glance.store.drivers.file.filesystem.Driver.write',
                        failing):
            client = self.begin(**{'Content-Length': str(size)})
            sender = threading.Thread(target=self.send, args=(client, size))
            sender.start()
            sender.join()
            self.assertEqual(502, self.answer(client).status)

    def send(self, client, size):
        try:
            for _piece in range(size >> 16):
                client.sendall(bytes(1 << 16))
        except BrokenPipeError:
            # No reset, which would take the answer from clients.
            pass
