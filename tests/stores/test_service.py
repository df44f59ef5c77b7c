"""The whole service with all kinds of stores at a time."""

import hashlib
import os
import signal
import socket
import time

import fixtures
from oslotest import base as test_base
import requests

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import nginx
from tests.fixtures.servers import workspace
from tests.fixtures import stores
from tests.stores import base
from tests.stores import kinds

KINDS = {'fast': 'file', 'rbd': 'rbd', 's3': 's3', 'swift': 'swift',
         'vmware': 'vmware', 'cinder': 'cinder', 's3-two': 's3',
         'swift-two': 'swift'}
FIRST = ['fast', 'rbd', 's3', 'swift', 'vmware', 'cinder']
DATA = os.urandom(7 * base.MIB + 3)


class Service(fixtures.Fixture):
    """glance-standalone with stores of each kind, or of some.

    :param kinds: {id: type}
    :ivar stores: the same ones, for a look into them
    """

    def __init__(self, kinds=KINDS):
        super().__init__()
        self._kinds = kinds

    def _setUp(self):
        self.web = self.useFixture(nginx.Nginx())
        self._work = self.useFixture(workspace.Workspace())
        loaded = self.useFixture(stores.Stores(self._kinds, self._options()))
        self.stores, port = loaded.all, ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        self.program = self.useFixture(programs.start(
            'glance-standalone', '--config-file', loaded.config, '--port',
            port, '--state-dir', self._work.join('state'), url=self.url,
            log=self._work.join('log')))

    def _options(self):
        found = {'work': {'lease': '3', 'poll_interval': '0.5',
                          'retry_interval': '1'},
                 'import_filtering_opts': {
                     'allowed_hosts': '[127.0.0.1]',
                     'allowed_ports': '[%d]' % self.web.port},
                 'os_glance_staging_store': {
                     'filesystem_store_datadir': self._work.join('staging')}}
        for name, kind in self._kinds.items():
            if kind == 'file':
                found[name] = {'filesystem_store_datadir':
                               self._work.join(name)}
            else:
                found[name] = kinds.options(kind, self)
            if name.endswith('-two'):
                found[name].update(kinds.OTHER[kind])
        return found

    def call(self, verb, path, expected, **kwargs):
        answer = requests.request(verb, self.url + '/v2' + path, timeout=120,
                                  **kwargs)
        if answer.status_code not in (expected, 206):
            raise AssertionError(answer.status_code, answer.text)
        return answer

    def create(self):
        return self.call('POST', '/images', 201, json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']

    def image(self, image_id):
        return self.call('GET', '/images/' + image_id, 200).json()

    def data(self, image_id, store, **headers):
        return self.call('GET', '/images/%s/file?prefer=%s' % (
            image_id, store), 200, headers=headers).content

    def import_(self, image_id, method, stores):
        self.call('POST', '/images/%s/import' % image_id, 202, json={
            'method': method, 'stores': stores,
            'all_stores_must_succeed': True})
        path = '/images/%s/tasks' % image_id
        self.ended(lambda: self.call('GET', path, 200).json()['tasks'][-1])

    def clone(self, image_id, stores):
        created = self.call('POST', '/tasks', 201, json={
            'type': 'clone',
            'input': {'image_id': image_id, 'stores': stores}}).json()
        path = '/tasks/' + created['id']
        return self.ended(lambda: self.call('GET', path, 200).json())[
            'result']['image_id']

    @staticmethod
    def ended(look):
        """:returns: the task, once it has succeeded"""
        task = base.wait_until(
            lambda: look()['status'] in ('success', 'failure') and look(),
            'end of a task', 120)
        if task['status'] != 'success':
            raise AssertionError(task['message'])
        return task

    def find(self, image_ids):
        """:returns: what the stores have of images, {store: names}"""
        found = {store.id: [
            name for name in kinds.contents(store)
            if any(image_id in name for image_id in image_ids)]
            for store in self.stores}
        return {store_id: names for store_id, names in found.items() if names}

    def wait_gone(self, *image_ids):
        try:
            base.wait_until(lambda: not self.find(image_ids), '', 120)
        except TimeoutError:
            raise AssertionError(self.find(image_ids)) from None


class AllKindsTest(test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(Service())
        self.digest = hashlib.sha512(DATA).hexdigest()

    def check(self, image_id, stores):
        image = self.service.image(image_id)
        self.assertEqual(
            ('active', sorted(stores), self.digest, len(DATA)),
            (image['status'], sorted(image['stores'].split(',')),
             image['os_hash_value'], image['size']))
        for store in stores:
            data = self.service.data(image_id, store)
            self.assertEqual(self.digest, hashlib.sha512(data).hexdigest(),
                             store)
            part = self.service.data(image_id, store,
                                     Range='bytes=5000000-5000099')
            self.assertEqual(DATA[5000000:5000100], part, store)

    def test_lives_of_images(self):
        """Import, copy, clone, delete from one, delete."""
        self.service.web.add('cat', DATA)
        image_id = self.service.create()
        self.service.import_(image_id, {
            'name': 'web-download', 'uri': self.service.web.url + 'cat'},
            FIRST)
        self.check(image_id, FIRST)
        self.service.import_(image_id, {'name': 'copy-image'},
                             ['s3-two', 'swift-two'])
        self.check(image_id, list(KINDS))
        clone_id = self.service.clone(image_id, FIRST)
        self.check(clone_id, FIRST)
        # What a clone still needs cannot go.
        self.service.call('DELETE', '/stores/rbd/' + image_id, 409)
        self.service.call('DELETE', '/stores/s3/' + image_id, 204)
        self.check(image_id, [name for name in KINDS if name != 's3'])
        for one in (clone_id, image_id):
            self.service.call('DELETE', '/images/' + one, 204)
            self.service.wait_gone(one)

    def test_an_upload_that_is_killed_leaves_no_byte(self):
        """kill -9 amidst an upload to each store leaves no byte in any."""
        uploads = {self.service.create(): store for store in KINDS}
        connections = [self.begin_upload(*one) for one in uploads.items()]
        self.wait_for(uploads, 'saving')
        base.wait_until(lambda: self.service.find(uploads), 'data')
        time.sleep(1)
        self.service.program.signal(signal.SIGKILL)
        self.service.program.wait()
        for connection in connections:
            connection.close()
        self.service.program.start()
        self.wait_for(uploads, 'queued')
        self.service.wait_gone(*uploads)

    def wait_for(self, uploads, status):
        def others():
            return {store: found for image_id, store in uploads.items()
                    if (found := self.service.image(image_id)['status'])
                    != status}
        try:
            base.wait_until(lambda: not others(), status, 120)
        except TimeoutError:
            self.fail('%s instead of %s' % (others(), status))

    def begin_upload(self, image_id, store):
        host, port = self.service.url[len('http://'):].split(':')
        connection = socket.create_connection((host, int(port)))
        self.addCleanup(connection.close)
        connection.sendall('\r\n'.join([
            'PUT /v2/images/%s/file HTTP/1.1' % image_id,
            'Host: 127.0.0.1',
            'Content-Type: application/octet-stream',
            'X-Image-Meta-Store: ' + store,
            'Content-Length: %d' % (64 * base.MIB), '', '']).encode())
        connection.sendall(DATA)
        return connection
