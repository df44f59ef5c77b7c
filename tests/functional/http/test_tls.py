"""Images over HTTPS, with a certificate that is renewed meanwhile."""

import os
import shutil
import signal
import socket
import subprocess
import time

from oslotest import base
import requests

from tests.fixtures import certificates
from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import workspace

DATA = os.urandom(3 << 20)
BYTES = {'Content-Type': 'application/octet-stream'}


class TestTLS(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.certificates = self.useFixture(certificates.Certificates())
        self.install(self.certificates)
        self.port = ports.free_port()
        self.url = 'https://127.0.0.1:%d/v2/images' % self.port
        self.config = programs.write_config(self.work.join('api.conf'), {
            'DEFAULT': {'bind_host': '127.0.0.1', 'bind_port': self.port,
                        'cert_file': self.work.join('server'),
                        'key_file': self.work.join('server.key')},
            'paste_deploy': {'flavor': 'standalone'},
            'database': {'connection': 'sqlite:///' + self.work.join('db')},
            'glance_store': {
                'filesystem_store_datadir': self.work.join('images')}})

    def install(self, made):
        for path in made.server:
            shutil.copy(path, self.work.path)
        self.authority = made.authority

    def call(self, verb, path='', **kwargs):
        answer = requests.request(verb, self.url + path, timeout=60,
                                  verify=self.authority, **kwargs)
        answer.raise_for_status()
        return answer

    def wait_for(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def is_served(self):
        try:
            return requests.get(self.url, timeout=10,
                                verify=self.authority).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def start(self):
        database.complete_file(self.work.join('db'))
        program = self.useFixture(programs.start(
            'glance-api', '--config-file', self.config,
            log=self.work.join('log')))
        self.wait_for(self.is_served)
        return program

    def test_data_passes_and_a_certificate_is_renewed(self):
        program = self.start()
        for body in (DATA, iter([DATA[:1000], DATA[1000:]])):
            created = self.call('POST', json={
                'disk_format': 'raw', 'container_format': 'bare'})
            self.assertTrue(created.headers['Location'].startswith(self.url))
            path = '/%s/file' % created.json()['id']
            self.call('PUT', path, data=body, headers=BYTES)
            self.check(self.call('GET', path), DATA)
            self.check(self.call('GET', path, headers={
                'Range': 'bytes=70000-2000000'}), DATA[70000:2000001])
        self.renew(program)

    def check(self, answer, data):
        # A difference of megabytes is not for the eye.
        is_same = answer.content == data
        self.assertTrue(is_same)

    def renew(self, program):
        older = self.authority
        self.install(self.useFixture(certificates.Certificates()))
        self.assertFalse(self.is_served())
        program.signal(signal.SIGHUP)
        self.wait_for(self.is_served)
        self.authority = older
        self.wait_for(lambda: not self.is_served())

    def test_unusable_certificate(self):
        os.unlink(self.work.join('server.key'))
        done = subprocess.run(
            [programs.executable('glance-api'), '--config-file',
             self.config], capture_output=True, text=True, timeout=60)
        self.assertEqual(1, done.returncode)
        self.assertIn('key_file', done.stderr)
        self.assertRaises(OSError, socket.create_connection,
                          ('127.0.0.1', self.port))
