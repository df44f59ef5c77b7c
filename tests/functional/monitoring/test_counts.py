"""What is counted where: leases, stores, the cache, traces of a request."""

import os
import threading

from oslotest import base
from osprofiler import notifier
from osprofiler import profiler
from osprofiler import web

from glance.api import app
from glance.db.connect import engine
from glance.db import own_schema
from glance.metrics import counters
from tests.fixtures import conductor
from tests.fixtures import service


def value(counter, *labels):
    return counter.labels(*labels)._value.get()


class CountsTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(
            multi=True, conductor=False, cache=True))
        self.image_id = self.service.create()['id']

    def gained(self, counter, *labels):
        """:returns: a function that gives what was added since now"""
        before = value(counter, *labels)
        return lambda: value(counter, *labels) - before

    def upload(self):
        response = self.service.upload(self.image_id, b'data')
        self.assertEqual(204, response.status_int, response.text)

    def download(self):
        return self.service.call('GET', '/v2/images/%s/file' % self.image_id)

    def test_lease_of_another_worker(self):
        taken = self.gained(counters.WORK_TAKEN_OVER, 'upload')
        ended = self.gained(counters.WORK_ENDED, 'upload', 'ended')
        with engine.writer() as conn:
            conn.execute(own_schema.work.insert().values(
                id='w', kind='upload', image_id=self.image_id,
                state='running', input='{"store": "fast", "size": 4}',
                attempt=1, lease_owner='another', lease_until_ms=0,
                created_ms=0))
        conductor.work()
        self.assertEqual(1, taken())
        self.assertEqual(1, ended())

    def test_work_that_waited_is_not_taken_over(self):
        taken = self.gained(counters.WORK_TAKEN_OVER, 'delete_data')
        ended = self.gained(counters.WORK_ENDED, 'delete_data', 'ended')
        self.upload()
        self.service.call('DELETE', '/v2/images/' + self.image_id)
        conductor.work()
        self.assertEqual(1, ended())
        self.assertEqual(0, taken())

    def test_a_failed_write_is_counted(self):
        folder = os.path.join(self.service.state, 'fast')
        os.rename(folder, folder + '.gone')
        failed = self.gained(counters.STORE_ERRORS, 'fast', 'write')
        with open(folder, 'w'):
            response = self.service.upload(self.image_id, b'data')
        self.assertEqual(502, response.status_int)
        self.assertEqual(1, failed())

    def test_hits_misses_and_bytes_are_counted(self):
        self.upload()
        missed = self.gained(counters.CACHE_READS, 'miss')
        hit = self.gained(counters.CACHE_READS, 'hit')
        filled = self.gained(counters.CACHE_FILLED, 'client')
        sent = self.gained(counters.IMAGE_BYTES, 'out', 'cache')
        self.assertEqual(b'data', self.download().body)
        for _ in range(500):
            if filled():
                break
            threading.Event().wait(0.02)
        self.assertEqual(b'data', self.download().body)
        self.assertEqual((1, 1, 4, 8), (missed(), hit(), filled(), sent()))

    def test_bytes_of_a_store(self):
        came = self.gained(counters.IMAGE_BYTES, 'in', 'fast')
        went = self.gained(counters.IMAGE_BYTES, 'out', 'fast')
        self.upload()
        self.assertEqual(b'da', self.service.call(
            'GET', '/v2/images/%s/file' % self.image_id,
            headers={'Range': 'bytes=0-1'}).body)
        self.assertEqual((4, 2), (came(), went()))


class TracesTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(conductor=False))
        self.service.conf.config(group='profiler', enabled=True,
                                 hmac_keys='key')
        self.addCleanup(web.disable)
        self.addCleanup(notifier.set, notifier.get())
        self.service.wsgi = app.load()
        self.collected = []
        notifier.set(self.collected.append)

    def call(self, key):
        profiler.init(key, 'the-base', 'the-parent')
        headers = web.get_trace_id_headers()
        profiler.clean()
        response = self.service.call('GET', '/v2/images', headers=headers)
        self.assertEqual(200, response.status_int)

    def test_from_http_through_the_bus(self):
        self.call('key')
        begun = {one['name']: one for one in self.collected
                 if one['name'].endswith('-start')}
        self.assertEqual({'wsgi-start', 'rpc-call-start', 'rpc-start'},
                         set(begun))
        self.assertEqual({'the-base'},
                         {one['base_id'] for one in self.collected})
        self.assertEqual('images.list', begun['rpc-start']['info']['method'])
        for child, parent in (('rpc-call', 'wsgi'), ('rpc', 'rpc-call')):
            self.assertEqual(begun[parent + '-start']['trace_id'],
                             begun[child + '-start']['parent_id'])

    def test_nobody_else_starts_one(self):
        self.call('another')
        self.assertEqual([], self.collected)
