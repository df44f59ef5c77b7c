"""The whole service with images in files and in Sheepdog."""

import hashlib
import os
import time

import fixtures
from oslotest import base
import requests

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import workspace
from tests.fixtures import sheepdog

DATA = os.urandom((9 << 20) + 3)
_WHOLE = {'Content-Type': 'application/octet-stream'}


class Service(fixtures.Fixture):
    """glance-standalone; the store of files is the default."""

    def _setUp(self):
        work = self.useFixture(workspace.Workspace())
        self.cluster = self.useFixture(sheepdog.Sheepdog())
        config = programs.write_config(work.join('glance.conf'), {
            'DEFAULT': {'enabled_backends': 'fast:file,dogs:sheepdog'},
            'glance_store': {'default_backend': 'fast'},
            'work': {'poll_interval': '0.5', 'retry_interval': '1'},
            'fast': {'filesystem_store_datadir': work.join('fast')},
            'dogs': {'sheepdog_store_chunk_size': '4'}})
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        self.useFixture(programs.start(
            'glance-standalone', '--config-file', config, '--port', port,
            '--state-dir', work.join('state'), url=self.url,
            log=work.join('log')))

    def call(self, verb, path, expected, **kwargs):
        answer = requests.request(verb, self.url + '/v2' + path, timeout=120,
                                  **kwargs)
        if answer.status_code != expected:
            raise AssertionError(answer.status_code, answer.text)
        return answer


class ServiceTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(Service())
        self.names = self.service.cluster.names

    def wait_until(self, condition):
        deadline = time.monotonic() + 120
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def upload(self, data, store):
        image_id = self.service.call('POST', '/images', 201, json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']
        self.service.call(
            'PUT', '/images/%s/file' % image_id, 204, data=data,
            headers=dict(_WHOLE, **{'X-Image-Meta-Store': store}))
        return image_id

    def check_data(self, image_id):
        path = '/images/%s/file?prefer=dogs' % image_id
        data = self.service.call('GET', path, 200).content
        # Without printing megabytes when it fails.
        self.assertEqual(*(hashlib.md5(one).digest() for one in (DATA, data)))
        part = self.service.call('GET', path, 206, headers={
            'Range': 'bytes=4194300-4194399'}).content
        self.assertEqual(DATA[4194300:4194400], part)

    def pieces(self):
        """Of a body whose length nobody knows."""
        for start in range(0, len(DATA), 1 << 20):
            yield DATA[start:start + (1 << 20)]

    def test_life_of_images(self):
        whole, grown = (self.upload(data, 'dogs')
                        for data in (DATA, self.pieces()))
        self.assertEqual(
            {whole, grown}, {name[:36] for name in self.names()})
        for image_id in whole, grown:
            self.check_data(image_id)
            self.service.call('DELETE', '/images/' + image_id, 204)
        self.wait_until(lambda: not self.names())
        self.check_copy(self.upload(DATA, 'fast'))

    def check_copy(self, image_id):
        """From files to Sheepdog, and away from there."""
        self.service.call('POST', '/images/%s/import' % image_id, 202, json={
            'method': {'name': 'copy-image'}, 'stores': ['dogs']})
        path = '/images/' + image_id
        self.wait_until(lambda: 'dogs' in self.service.call(
            'GET', path, 200).json()['stores'].split(','))
        self.check_data(image_id)
        self.service.call('DELETE', '/stores/dogs/' + image_id, 204)
        self.wait_until(lambda: not self.names())
        self.assertEqual('fast', self.service.call(
            'GET', path, 200).json()['stores'])

    def test_daemon_away(self):
        """Nothing but its own images suffers."""
        image_id = self.upload(DATA, 'dogs')
        self.service.cluster.stop()
        answer = self.service.call(
            'GET', '/images/%s/file' % image_id, 503)
        self.assertNotIn('7000', answer.text)
        self.upload(b'data', 'fast')
        self.service.call('DELETE', '/images/' + image_id, 204)
        self.service.cluster.start_again()
        self.wait_until(lambda: not self.names())
