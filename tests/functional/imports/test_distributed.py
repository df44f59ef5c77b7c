"""An import over the bus, whose conductor is killed in the middle."""

import os
import time

from oslotest import base
import requests

from tests.fixtures import deployments
from tests.fixtures.servers import nginx

DATA = os.urandom(2 << 20)


class TestDistributed(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.web = self.useFixture(nginx.Nginx())
        self.web.add('cat', DATA)
        self.cloud = self.useFixture(deployments.Distributed(shared={
            'work': {'lease': 3, 'poll_interval': 0.2,
                     'progress_interval': 0.2},
            'import_filtering_opts': {
                'allowed_hosts': '[127.0.0.1]',
                'allowed_ports': '[%d]' % self.web.port}}))
        self.session = requests.Session()
        self.session.headers['X-Auth-Token'] = (
            self.cloud.keystone.token('demo'))

    def call(self, verb, path, **kwargs):
        response = self.session.request(
            verb, self.cloud.url + '/v2/images' + path, timeout=60, **kwargs)
        response.raise_for_status()
        return response

    def wait_until(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_a_conductor_started_again_ends_the_import(self):
        path = '/' + self.call('POST', '', json={
            'disk_format': 'raw', 'container_format': 'bare'}).json()['id']
        self.call('POST', path + '/import', json={'method': {
            'name': 'web-download', 'uri': self.web.url + 'slow/cat'}})

        def task():
            found, = self.call('GET', path + '/tasks').json()['tasks']
            return found
        self.wait_until(lambda: (task().get('progress') or {}).get(
            'bytes_done'))
        self.cloud.conductor_program.kill()
        time.sleep(1)
        self.assertEqual('processing', task()['status'])
        self.cloud.conductor_program.start()
        self.wait_until(lambda: task()['status'] not in ('pending',
                                                         'processing'))
        self.assertEqual(('success', ''), (task()['status'],
                                           task()['message']))
        self.assertEqual(DATA, self.call('GET', path + '/file').content)
        self.assertEqual(2, len([line for line in self.web.requests(2)
                                 if 'slow/cat' in line]))
