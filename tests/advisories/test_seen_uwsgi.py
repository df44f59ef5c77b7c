"""A chunk of one MiB, which a usual client sends, failed under uWSGI."""

import contextlib
import http.client
import json
import os

import fixtures
import testtools

from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import programs

MIB = 1 << 20


class TestLargeChunks(testtools.TestCase):

    def setUp(self):
        super().setUp()
        state = self.useFixture(fixtures.TempDir()).path
        path = os.path.join(state, 'glance-api.conf')
        config = programs.write_config(path, {
            'database': {'connection': 'sqlite:///%s/db' % state},
            'glance_store': {
                'filesystem_store_datadir': os.path.join(state, 'images')}})
        database.complete_file(os.path.join(state, 'db'))
        self.port = ports.free_port()
        self.useFixture(programs.uwsgi(
            config, 'http://127.0.0.1:%d' % self.port,
            os.path.join(state, 'log'), workers=1))

    def call(self, verb, path, body=None, media_type='application/json',
             **kwargs):
        connection = http.client.HTTPConnection('127.0.0.1', self.port,
                                                timeout=60)
        self.addCleanup(connection.close)
        # Whoever refuses a body may close while it is still being sent.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(verb, '/v2/images' + path, body,
                               {'Content-Type': media_type}, **kwargs)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def upload(self, *chunks):
        _status, image = self.call('POST', '', json.dumps(
            {'disk_format': 'raw', 'container_format': 'bare'}))
        path = '/%s/file' % json.loads(image)['id']
        status, text = self.call('PUT', path, iter(chunks),
                                 'application/octet-stream',
                                 encode_chunked=True)
        return path, status, text

    def test_chunks_of_one_mebibyte(self):
        data = os.urandom(MIB)
        path, status, text = self.upload(data, data, data[:5])
        self.assertEqual((204, b''), (status, text))
        self.assertEqual((200, data + data + data[:5]),
                         self.call('GET', path))

    def test_chunks_that_are_too_large_are_named(self):
        _path, status, text = self.upload(os.urandom(3 * MIB))
        self.assertEqual(400, status, text)
        self.assertIn(b'chunk', text)
