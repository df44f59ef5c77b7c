"""How work ends, and what others are told of it."""

import fixtures

from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import job as jobs
from glance.conductor import job_pool
from glance.conductor import work_kinds
from glance.metrics import counters
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE


class TestJobPool(base.WorkTestCase):

    def setUp(self):
        super().setUp()
        self.ends = 0
        self.pool = job_pool.JobPool(self.registry, self.stores, self.end)

    def end(self):
        self.ends += 1

    def run_work(self, error=None, do=None, **unit):
        """:returns: the outcome"""
        def run(job):
            self.seen = job
            if do is not None:
                do(job)
            if error is not None:
                raise error
        self.registry.work.reset_mock()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.work_kinds.TABLE',
            (work_kinds.Kind('it', work_kinds.LONG, run),)))
        return self.pool.begin(dict({
            'id': 'w', 'kind': 'it', 'attempt': 3, 'image_id': IMAGE,
            'state': 'waiting', 'host': None, 'input': {}}, **unit)).wait()

    def count(self, counter, *labels):
        return counter.labels(*labels)._value.get()

    def check_put_back(self, reason):
        self.registry.work.hand_back.assert_not_called()
        self.assertEqual(('w', 3, reason),
                         self.registry.work.put_back.call_args.args[1:])

    def test_ended_work_is_counted_and_not_put_back(self):
        before = self.count(counters.WORK_ENDED, 'it', 'ended')
        self.assertEqual(job_pool.ENDED, self.run_work())
        self.assertEqual(1, self.count(counters.WORK_ENDED, 'it', 'ended')
                         - before)
        self.registry.work.put_back.assert_not_called()
        self.assertEqual((1, 0), (self.ends, self.pool.count(['it'])))

    def test_failed_work_is_put_back_with_its_reason(self):
        for error, reason in ((exceptions.Conflict('no'), 'no'),
                              (ValueError('secret'), 'ValueError')):
            self.assertEqual(job_pool.FAILED, self.run_work(error))
            self.check_put_back(reason)

    def test_what_lost_work_wrote_is_removed(self):
        for error in (exceptions.LeaseLost(), jobs.OutcomeUnknown()):
            self.assertEqual(job_pool.LOST, self.run_work(
                error, lambda job: self.write(job)))
            self.registry.work.put_back.assert_not_called()
            self.assertEqual([], self.files('fast'))

    def write(self, job):
        trace = job.writes(self.fast, 'x')
        self.put(self.fast, attempt=trace.attempt, settled=False)

    def test_handed_over(self):
        self.assertEqual(job_pool.LOST, self.run_work(claims.Draining()))
        (_ctxt, work_id, attempt, _progress, _reason, seconds) = (
            self.registry.work.hand_back.call_args.args)
        self.assertEqual(('w', 3, 0), (work_id, attempt, seconds))
        self.registry.work.put_back.assert_not_called()

    def test_nobody_hears_that_it_failed(self):
        """What it wrote goes: its lease runs out."""
        for error, method in ((ValueError(), self.registry.work.put_back),
                              (claims.Draining(),
                               self.registry.work.hand_back)):
            method.side_effect = exceptions.RegistryUnavailable()
            self.run_work(error, lambda job: self.write(job))
            self.assertEqual([], self.files('fast'))

    def test_taken_over(self):
        for unit, expected in (({'state': 'running'}, 1),
                               ({'state': 'waiting'}, 0),
                               ({'state': 'running', 'taken_over': False}, 0),
                               ({'taken_over': True}, 1)):
            before = self.count(counters.WORK_TAKEN_OVER, 'it')
            self.run_work(**unit)
            self.assertEqual(
                expected, self.count(counters.WORK_TAKEN_OVER, 'it') - before)

    def test_the_request_that_has_caused_it(self):
        for given, expected in (({'request_id': 'req-1'}, 'req-1'),
                                ({}, None)):
            self.run_work(**given)
            self.assertTrue(self.seen.ctxt.is_admin)
            if expected:
                self.assertEqual(expected, self.seen.ctxt.request_id)

    def test_begun_while_the_conductor_ends(self):
        self.pool.stop()
        self.assertEqual(job_pool.LOST,
                         self.run_work(do=lambda job: job.check()))
        self.registry.work.hand_back.assert_called_once()

    def test_waiting_for_what_is_under_way(self):
        self.pool.wait(0)
        self.assertEqual(job_pool.ENDED, self.run_work(
            do=lambda job: self.assertEqual(1, self.pool.count(['x', 'it']))
            or self.assertEqual(0, self.pool.count(['x']))
            or self.pool.wait(0.01)))

    def test_the_lease_counts_from_when_it_was_claimed(self):
        asked = job_pool.jobs.time.monotonic() - 7
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.work_kinds.TABLE',
            (work_kinds.Kind('it', work_kinds.LONG, lambda job: setattr(
                self, 'age', job.lease.age())),)))
        self.pool.begin({'id': 'w', 'kind': 'it', 'attempt': 3,
                         'image_id': IMAGE, 'state': 'waiting', 'host': None,
                         'input': {}}, asked).wait()
        self.assertGreaterEqual(self.age, 7)
