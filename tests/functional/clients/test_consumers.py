"""Nova, Cinder and openstacksdk, while stores and the registry fail.

Whatever fails, and however they repeat by themselves: an image that is active
has the bytes of its source.
"""

import filecmp
import json
import sys
import threading

from oslotest import base
import requests

from tests.fixtures import consumers
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace

SIZE = 8 << 20
FAULTS = ('store', 'store at once', 'get', 'begin', 'finish',
          'finish, answer lost')
# Faults that last for one request, and for all that a client makes.
TIMES = (1, 9)


class Consumer:

    who = None

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        port = ports.free_port()
        self.url = 'http://127.0.0.1:%d' % port
        self.state = self.work.join('state')
        self.plan()
        self.service = self.useFixture(processes.Process(
            [sys.executable, '-m', 'tests.fixtures.faulty_standalone',
             self.work.join('plan'), '--port', port, '--state-dir',
             self.state, '--config-file', self.configure()],
            log=self.work.join('log'),
            ready=lambda: programs.answers(self.url + '/')))
        self.consumer = self.useFixture(consumers.Consumer(
            self.who, self.url, self.work.join('consumer')))
        self.source = self.work.join('source')
        with open(self.source, 'wb') as file:
            for number in range(SIZE >> 12):
                file.write(number.to_bytes(4, 'big') * 1024)

    def configure(self):
        """Leases that end soon, but not while a client tries again."""
        return programs.write_config(self.work.join('conf'), {
            'work': {'lease': 8, 'poll_interval': 0.5}})

    def plan(self, fault=None, times=0):
        with open(self.work.join('plan'), 'w') as file:
            json.dump([fault, times], file)

    def status(self, image_id):
        shown = requests.get('%s/v2/images/%s' % (self.url, image_id),
                             timeout=60).json()
        return shown['status']

    def check_bytes(self, image_id):
        path = self.work.join('downloaded')
        self.assertEqual([None, None], self.consumer.call(
            'download', image_id, path))
        self.assertTrue(filecmp.cmp(self.source, path, shallow=False),
                        '%s has got other bytes' % self.who)

    def create(self, disk_format='raw'):
        image_id, error = self.consumer.call('create', disk_format)
        self.assertIsNone(error)
        return image_id

    def upload(self, image_id):
        """:returns: class of the error, or None"""
        return self.consumer.call('upload', image_id, self.source)[1]

    def check(self, fault, times):
        image_id = self.create()
        self.plan(fault, times)
        error = self.upload(image_id)
        self.plan()
        status = self.status(image_id)
        told = '%s, %s: %s, %s' % (self.who, fault, error, status)
        print(told)
        if status == 'active':
            self.check_bytes(image_id)
            return
        self.assertIsNotNone(error, told)
        self.assertIn(status, ('queued', 'saving'), told)
        if status == 'queued':
            self.assertIsNone(self.upload(image_id), told)
            self.check_bytes(image_id)

    def test_what_fails(self):
        for fault in FAULTS:
            for times in TIMES:
                self.check(fault, times)

    def test_a_service_that_dies(self):
        image_id = self.create()
        self.plan('killed', 1)
        # It is there again while some still try.
        starter = threading.Thread(target=self.start_anew)
        starter.start()
        error = self.upload(image_id)
        starter.join()
        self.assertIsNotNone(error)
        self.assertIn(self.status(image_id), ('saving', 'queued'))

    def start_anew(self):
        self.service.wait()
        self.service.start()


class TestNova(Consumer, base.BaseTestCase):

    who = 'nova'

    def test_servers_that_boot_from_a_volume(self):
        for disk_format in ('raw', 'qcow2'):
            image_id = self.create(disk_format)
            self.assertEqual([None, None], self.consumer.call(
                'empty', image_id))
            self.assertEqual('active', self.status(image_id))


class TestCinder(Consumer, base.BaseTestCase):

    who = 'cinder'


class TestSdk(Consumer, base.BaseTestCase):

    who = 'sdk'
