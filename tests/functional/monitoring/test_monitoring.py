"""What monitoring sees of the programs in use."""

import os
import signal

import fixtures
import requests

from tests.functional.monitoring import cloud
from tests.functional.monitoring import workers
from tests.functional.resilience import base

DATA = b'x' * 100000
# False is to be seen within 5 seconds; on two cores programs and tests wait
# for each other, too.
SECONDS = 15


class TestStandalone(base.TestCase):

    def test_one_process_counts_all(self):
        one = self.useFixture(cloud.Standalone(
            self.useFixture(fixtures.TempDir()).path))
        requests.get(one.url + '/v2/images', timeout=30)
        for name, labels in (
                ('glance_http_requests_total', {'route': '/v2/images'}),
                ('glance_rpc_calls_total', {'method': 'images.list'}),
                ('glance_rpc_served_total', {'method': 'images.list'}),
                ('glance_database_up', {})):
            self.assertEqual(1, one.total('standalone', name, **labels))


class TestMonitoring(base.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cloud = cloud.Cloud()
        cls.cloud.setUp()
        cls.addClassCleanup(cls.cloud.cleanUp)

    def setUp(self):
        super().setUp()
        self.caller = base.Caller(self.cloud.url)

    def use(self, request_id='req-of-monitoring'):
        """The life of one image.

        :returns: its id
        """
        image_id = self.caller.create()
        self.caller.upload(image_id, DATA)
        self.caller.request('GET', '/%s/file' % image_id)
        self.caller.request('GET', '/nobody')
        self.caller.request('DELETE', '/' + image_id,
                            headers={'X-OpenStack-Request-ID': request_id})
        return image_id

    def gained(self, before, program, name, **labels):
        return self.cloud.total(program, name, **labels) - before

    def test_a_request_is_counted_everywhere(self):
        counts = [
            ('api', 'glance_http_requests_total', 1, {
                'route': '/v2/images/{image_id}/file', 'verb': 'PUT',
                'status': '204'}),
            ('api', 'glance_http_requests_total', 1, {
                'route': '/v2/images/{image_id}', 'status': '404'}),
            ('api', 'glance_http_request_seconds_count', 1, {
                'route': '/v2/images', 'verb': 'POST'}),
            ('api', 'glance_image_bytes_total', len(DATA), {
                'direction': 'in', 'store': 'file'}),
            ('api', 'glance_image_bytes_total', len(DATA), {
                'direction': 'out', 'store': 'file'}),
            ('api', 'glance_rpc_calls_total', 1, {
                'method': 'uploads.finish', 'outcome': 'ok'}),
            ('registry', 'glance_rpc_served_total', 1, {
                'method': 'uploads.finish', 'outcome': 'ok'}),
            ('registry', 'glance_rpc_serving_seconds_count', 1, {
                'method': 'images.create'}),
            ('conductor', 'glance_work_ended_total', 1, {
                'kind': 'delete_data', 'outcome': 'ended'}),
        ]
        before = [self.cloud.total(program, name, **labels)
                  for program, name, _count, labels in counts]
        self.use()
        for then, (program, name, count, labels) in zip(before, counts):
            self.wait_until(
                lambda: self.gained(then, program, name, **labels) == count,
                30, '%s of %s' % (name, program))

    def test_gauges_of_the_registry(self):
        self.caller.create()
        found = self.cloud.metrics('registry')
        self.assertEqual(1, found['glance_database_up', ()])
        for name in ('events_waiting', 'event_age_seconds',
                     'work_overdue_seconds'):
            self.assertIn(('glance_' + name, ()), found)

    def test_no_secret_and_nobody_is_named(self):
        image_id = self.use()
        for program in self.cloud.ports:
            text = self.cloud.text(program)
            for one in (image_id, 'secret', 'guest', '127.0.0.1', 'project',
                        self.cloud.work.path):
                self.assertNotIn(one, text)

    def test_counts_survive_a_worker(self):
        self.use()
        name = 'glance_http_requests_total'
        before = self.cloud.total('api', name)
        old = workers.pids(self.cloud.api_program)
        os.kill(min(old), signal.SIGKILL)
        self.wait_until(
            lambda: len(workers.pids(self.cloud.api_program) - old) == 1, 30,
            'a new worker')
        self.assertGreaterEqual(self.cloud.total('api', name), before)
        self.use()
        self.assertGreaterEqual(self.cloud.total('api', name), before + 4)

    def test_one_id_in_all_logs(self):
        self.use('req-seen-everywhere')
        programs = [self.cloud.api_program, self.cloud.conductor_program,
                    *self.cloud.registry_programs]
        for program in programs:
            self.wait_until(
                lambda: 'req-seen-everywhere' in program.output(), 60,
                'the id in %s' % program.log)
