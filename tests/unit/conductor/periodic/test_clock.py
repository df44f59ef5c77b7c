"""The clock: what is due is done, told, and given up when it must be."""

import threading
import time

import fixtures
from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor.periodic import clock
from glance.conductor.periodic import run as runs
from glance.metrics import counters


class Duties:
    """Stands for the registry.

    :ivar due: names that the next claim gets
    """

    def __init__(self):
        self.due, self.wait, self.asked = [], 0, 0
        self.finished, self.renewed = [], 0
        self.taken_over = []
        self.error = None

    def claim(self, ctxt, worker, wanted):
        self.asked += 1
        self.wanted = wanted
        due, self.due = self.due, []
        return {'duties': [{'name': name, 'attempt': 7} for name in due],
                'taken_over': self.taken_over, 'wait': self.wait}

    def renew(self, ctxt, name, attempt):
        self.renewed += 1
        if self.error is not None:
            raise self.error

    def finish(self, ctxt, name, attempt, outcome, seconds):
        self.finished.append((name, attempt, outcome, seconds))


class Registry:

    def __init__(self):
        self.duties = Duties()


class TestClock(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.duties = self.registry.duties
        self.clock = clock.Clock('w', self.registry, None)

    def do(self, function, interval=600):
        """One look, at which one duty is due."""
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.periodic.clock._DUTIES',
            {'it': (lambda: interval, function)}))
        self.duties.due = ['it']
        self.clock.look(context.internal())

    def done(self):
        deadline = time.monotonic() + 30
        while not self.duties.finished and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.duties.finished

    def test_a_duty_ends_with_its_outcome(self):
        self.do(lambda run: {'count': 3})
        self.assertEqual([('it', 7, {'count': 3}, 600)], self.done())

    def test_taken_over(self):
        self.duties.taken_over = ['it']
        counter = counters.WORK_TAKEN_OVER.labels('it')
        before = counter._value.get()
        self.do(lambda run: {})
        self.assertEqual(1, counter._value.get() - before)
        self.done()

    def test_seldom_asked(self):
        self.duties.wait = 5
        self.clock.look(context.internal())
        self.clock.look(context.internal())
        self.assertEqual(1, self.duties.asked)
        self.assertIn('audit', self.duties.wanted)
        self.assertEqual(
            1, sum(name.startswith('staged@') for name in
                   self.duties.wanted))

    def test_a_failed_duty_is_due_again_soon(self):
        def fail(run):
            raise exceptions.StoreUnavailable('away')
        self.do(fail)
        self.assertEqual([('it', 7, {'error': 'away'}, 30)], self.done())

    def test_failed_unexpectedly(self):
        def fail(run):
            raise ValueError('secret')
        self.do(fail)
        self.assertEqual([('it', 7, {'error': 'ValueError'}, 600)],
                         self.done())

    def test_a_lost_duty_is_not_finished(self):
        begun = threading.Event()

        def lose(run):
            begun.set()
            raise exceptions.LeaseLost()
        self.do(lose)
        self.assertTrue(begun.wait(30))
        self.clock.wait(30)
        self.assertEqual([], self.duties.finished)

    def test_a_stopped_duty_is_due_at_once(self):
        begun = threading.Event()

        def wait(run):
            begun.set()
            run.pause(1000)
        self.do(wait)
        self.assertTrue(begun.wait(30))
        self.clock.stop()
        self.clock.wait(30)
        self.assertEqual([('it', 7, {'stopped': True}, 0)],
                         self.duties.finished)

    def test_when_it_asks_again(self):
        """Seldom more than once a minute, and never all the time."""
        now = time.monotonic()
        for wait, seconds in ((5, 5), (0, 0.2), (1000, 60)):
            self.duties.wait, self.clock._next = wait, 0
            self.clock.look(context.internal())
            self.assertAlmostEqual(seconds, self.clock._next - now, delta=9)
            self.assertGreaterEqual(self.clock._next - now, seconds)

    def test_failed_and_due_soon(self):
        def fail(run):
            raise exceptions.StoreUnavailable('away')
        self.do(fail, interval=7)
        self.assertEqual([('it', 7, {'error': 'away'}, 7)], self.done())

    def test_nothing_is_begun_once_it_ends(self):
        self.clock.stop()
        self.clock.look(context.internal())
        self.assertEqual(0, self.duties.asked)

    def test_what_was_claimed_while_it_ended_is_given_back(self):
        claim = self.duties.claim

        def stop(*args):
            self.clock.stop()
            return claim(*args)
        self.duties.claim = stop
        self.do(lambda run: run.check())
        self.assertEqual([('it', 7, {'stopped': True}, 0)], self.done())

    def test_nobody_hears_that_it_is_done(self):
        def finish(*args):
            raise exceptions.RegistryUnavailable()
        self.duties.finish = finish
        self.do(lambda run: {})
        self.clock.wait(30)
        self.assertEqual(set(), self.clock._held)

    def test_who_asks(self):
        claim, seen = self.duties.claim, []
        self.duties.claim = lambda ctxt, worker, wanted: (
            seen.append(worker) or claim(ctxt, worker, wanted))
        self.do(lambda run: {}, interval=9)
        self.done()
        self.assertEqual(['w'], seen)
        self.assertEqual(9, self.duties.wanted['it'])


class TestRun(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.run_ = runs.Run(context.internal(), self.registry, None, 'it',
                             7)

    def test_a_renewed_lease_is_young_again(self):
        self.run_.lease.renewed(time.monotonic() - 50)
        self.run_.lease.renew()
        self.assertEqual(1, self.registry.duties.renewed)
        self.assertLess(self.run_.lease.age(), 40)
        self.run_.check()

    def test_a_lost_lease_ends_the_run(self):
        self.registry.duties.error = exceptions.LeaseLost()
        self.run_.lease.renew()
        self.assertRaises(exceptions.LeaseLost, self.run_.check)

    def test_nobody_answers(self):
        self.registry.duties.error = exceptions.RegistryUnavailable()
        self.run_.lease.renew()
        self.run_.check()
        self.run_.lease.renewed(time.monotonic() - 70)
        self.run_.lease.renew()
        self.assertRaises(exceptions.LeaseLost, self.run_.check)

    def test_a_stop_ends_a_pause(self):
        self.run_.pause(0.01)
        self.run_.stop(claims.Draining())
        self.assertRaises(claims.Draining, self.run_.pause, 1000)
