"""The whole service with images in GridFS."""

import os
import signal
import socket
import time

import requests

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import mongodb
from tests.fixtures.servers import workspace
from tests.functional.store import gridfs

MIB = gridfs.MIB
DATA = os.urandom(7 * MIB + 3)
_PATIENCE = 120


class ServiceTest(gridfs.TestCase):

    def setUp(self):
        super().setUp()
        work = self.useFixture(workspace.Workspace())
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        config = programs.write_config(work.join('glance.conf'), {
            'DEFAULT': {'enabled_backends': 'grid:gridfs, fast:file',
                        'debug': 'true'},
            'glance_store': {'default_backend': 'grid'},
            'grid': {'mongodb_store_uri': self.server.uri,
                     'mongodb_store_db': self.database},
            'fast': {'filesystem_store_datadir': work.join('fast')},
            'work': {'lease': '3', 'poll_interval': '0.5',
                     'retry_interval': '1'},
            'os_glance_staging_store': {
                'filesystem_store_datadir': work.join('staging')}})
        self.program = self.useFixture(programs.start(
            'glance-standalone', '--config-file', config, '--port', port,
            '--state-dir', work.join('state'), url=self.url,
            log=work.join('log')))

    def call(self, verb, path, expected, **kwargs):
        answer = requests.request(verb, self.url + '/v2' + path,
                                  timeout=_PATIENCE, **kwargs)
        self.assertEqual(expected, answer.status_code, answer.text[:999])
        return answer

    def create(self):
        return self.call('POST', '/images', 201, json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']

    def put(self, image_id, path='/file'):
        self.call('PUT', '/images/%s%s' % (image_id, path), 204, data=DATA,
                  headers={'Content-Type': 'application/octet-stream'})

    def import_(self, image_id, method, *stores):
        self.call('POST', '/images/%s/import' % image_id, 202, json={
            'method': {'name': method}, 'stores': stores,
            'all_stores_must_succeed': True})
        path = '/images/%s/tasks' % image_id
        task = self.until(lambda: [
            one for one in self.call('GET', path, 200).json()['tasks'][-1:]
            if one['status'] in ('success', 'failure')])[0]
        self.assertEqual('success', task['status'], task['message'])

    def until(self, condition):
        """:returns: the first true value that `condition` gives"""
        deadline = time.monotonic() + _PATIENCE
        while not (value := condition()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.2)
        return value

    def check(self, image_id, stores):
        image = self.call('GET', '/images/' + image_id, 200).json()
        self.assertEqual(
            ('active', stores, len(DATA)),
            (image['status'], sorted(image['stores'].split(',')),
             image['size']))
        self.assertEqual(1, len(self.mine(image_id)))
        for store in stores:
            path = '/images/%s/file?prefer=%s' % (image_id, store)
            self.assert_same(DATA, self.call('GET', path, 200).content)
            self.assertEqual(DATA[5000000:5000100], self.call(
                'GET', path, 206,
                headers={'Range': 'bytes=5000000-5000099'}).content)

    def test_lives_of_images(self):
        """Upload, copies from and to files, import, removal."""
        uploaded, imported = self.create(), self.create()
        self.put(uploaded)
        self.check(uploaded, ['grid'])
        self.import_(uploaded, 'copy-image', 'fast')
        self.check(uploaded, ['fast', 'grid'])
        self.call('DELETE', '/stores/grid/' + uploaded, 204)
        self.until(lambda: not self.mine(uploaded))
        self.import_(uploaded, 'copy-image', 'grid')
        self.put(imported, '/stage')
        self.import_(imported, 'glance-direct', 'grid', 'fast')
        for image_id in (uploaded, imported):
            self.check(image_id, ['fast', 'grid'])
            self.call('DELETE', '/images/' + image_id, 204)
            self.until(lambda: not self.mine(image_id))
        self.nothing_is_told()

    def nothing_is_told(self):
        """Of credentials, although everything is logged."""
        told = self.call('GET', '/info/stores/detail', 200).text
        told += self.program.output()
        for secret in (mongodb.USER, mongodb.PASSWORD):
            self.assertNotIn(secret, told)

    def test_killed_amidst_an_upload(self):
        image_id = self.create()
        host, port = self.url.removeprefix('http://').split(':')
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall('\r\n'.join([
                'PUT /v2/images/%s/file HTTP/1.1' % image_id,
                'Host: 127.0.0.1',
                'Content-Type: application/octet-stream',
                'Content-Length: %d' % (64 * MIB), '', '']).encode() + DATA)
            self.until(lambda: self.mine(image_id))
            self.program.signal(signal.SIGKILL)
            self.program.wait()
        self.program.start()
        self.until(lambda: self.call('GET', '/images/' + image_id, 200).json()[
            'status'] == 'queued')
        self.until(lambda: not self.mine(image_id))
        self.put(image_id)
        self.check(image_id, ['grid'])
