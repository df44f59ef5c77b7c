"""A conductor: how much it takes, and how it ends."""

import os
import socket
import threading
import time
import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conductor import manager
from glance.conductor.periodic import clock
from glance.conductor import work_kinds
from glance.conf import CONF
from glance.metrics import counters
from glance.store import staging


class Registry:
    """Stands for the registry, with units that wait.

    :ivar told: (what, id of the unit), in order
    """

    def __init__(self):
        self.units, self.told = [], []
        self.frozen, self.thawed = set(), threading.Event()
        self.duty = None
        self.work = types.SimpleNamespace(
            claim=self._claim, renew=self._renew,
            advance=self._advance,
            put_back=lambda ctxt, id, *args: self.told.append(
                ('put back', id)),
            hand_back=lambda ctxt, id, *args: self.told.append(
                ('hand back', id)))
        self.duties = types.SimpleNamespace(
            claim=self._claim_duties, renew=lambda *args: None,
            finish=lambda *args: self.told.append(('duty', args[3])))

    def add(self, kind, count=1, **more):
        for _number in range(count):
            self.units.append(dict({
                'id': len(self.units), 'kind': kind, 'image_id': 'i',
                'attempt': 1, 'input': {}, 'state': 'waiting',
                'progress': None, 'host': None}, **more))

    def _claim(self, ctxt, worker, limit, host, left_out):
        taken = [unit for unit in self.units
                 if unit['kind'] not in left_out][:limit]
        self.units = [unit for unit in self.units if unit not in taken]
        return taken

    def _renew(self, ctxt, work_id, attempt):
        self.told.append(('renew', work_id))
        if work_id in self.frozen:
            self.thawed.wait(30)

    def _advance(self, ctxt, work_id, *args, **kwargs):
        self._renew(ctxt, work_id, 1)
        return {'cancelled': False, 'gone': False}

    def _claim_duties(self, ctxt, worker, wanted):
        due, self.duty = self.duty, None
        return {'duties': [{'name': due, 'attempt': 1}] if due else [],
                'taken_over': [], 'wait': 60}


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.conf.config(group='work', poll_interval=0.1, lease=3,
                         progress_interval=0.1)
        self.conf.config(group='taskflow_executor', max_workers=4,
                         engine_mode='parallel')
        self.registry = Registry()
        self.addCleanup(self.registry.thawed.set)
        self.running, self.goes_on = [], threading.Event()
        self.give_kinds(self.run_long)
        self.manager = manager.Manager(self.registry, None)
        # What began later would run what the next test puts in place.
        self.addCleanup(self.manager._pool.wait, 30)
        self.addCleanup(self.goes_on.set)

    def give_kinds(self, run_long):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.work_kinds.TABLE', (
                work_kinds.Kind('long', work_kinds.LONG, run_long),
                work_kinds.Kind('short', work_kinds.SHORT, self.run_short))))

    def start(self):
        self.manager.start()
        self.addCleanup(self.manager.stop)
        self.addCleanup(self.goes_on.set)

    def run_long(self, job):
        self.running.append(job.kind)
        while not self.goes_on.wait(0.01):
            job.check()
        self.running.remove(job.kind)

    def run_short(self, job):
        self.running.append(job.kind)
        self.goes_on.wait(60)
        self.running.remove(job.kind)

    def wait_until(self, condition):
        deadline = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def counted(self):
        return self.running.count('long'), self.running.count('short')


class TestRoom(TestCase):

    def setUp(self):
        super().setUp()
        # On a busy machine a short one is lost, and its place taken again.
        self.conf.config(group='work', lease=60)

    def settled(self):
        """What runs after a few looks."""
        counts = None
        while counts != (counts := self.counted()):
            for _number in range(3):
                self.manager._take()
                time.sleep(0.02)
        return counts

    def tearDown(self):
        self.goes_on.set()
        super().tearDown()

    def test_long_work_is_bounded(self):
        self.registry.add('long', 50)
        self.assertEqual((4, 0), self.settled())

    def test_short_work_is_bounded(self):
        self.registry.add('short', 50)
        self.assertEqual((0, manager.SHORT), self.settled())

    def test_each_has_places_of_its_own(self):
        self.registry.add('long', 50)
        self.registry.add('short', 50)
        self.assertEqual((4, manager.SHORT), self.settled())
        self.assertEqual(100 - 4 - manager.SHORT, len(self.registry.units))

    def test_one_at_a_time(self):
        self.conf.config(group='taskflow_executor', engine_mode='serial')
        self.registry.add('long', 3)
        self.assertEqual((1, 0), self.settled())

    def test_a_thread_for_each_that_may_block(self):
        threads = []
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.concurrency.limit_blocking', threads.append))
        self.start()
        self.assertEqual([manager.SHORT + 4 + len(clock.duties())], threads)

    def test_all_of_it_is_done(self):
        self.registry.add('long', 9)
        self.registry.add('short', 40)
        self.goes_on.set()
        self.start()
        self.wait_until(lambda: not self.registry.units)


class TestLeases(TestCase):

    def test_one_lost_reply_delays_no_other_lease(self):
        self.registry.frozen.add(0)
        self.registry.add('long', 3)
        self.start()
        self.wait_until(lambda: {('renew', number) for number in range(3)}
                        <= set(self.registry.told))
        for _number in range(2):
            self.registry.told.clear()
            self.wait_until(lambda: {('renew', 1), ('renew', 2)}
                            <= set(self.registry.told))
        self.assertNotIn(('renew', 0), self.registry.told)


class TestDrain(TestCase):

    def test_handed_over_though_a_duty_hangs(self):
        self.conf.config(graceful_shutdown_timeout=2)
        hung, thaw = threading.Event(), threading.Event()
        self.addCleanup(thaw.set)

        def hang(run):
            hung.set()
            thaw.wait(30)
            return {}
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.periodic.clock._DUTIES',
            {'hangs': (lambda: 600, hang)}))
        self.registry.duty = 'hangs'
        self.registry.add('long')
        self.start()
        self.assertTrue(hung.wait(30))
        self.wait_until(lambda: self.running)
        began = time.monotonic()
        self.manager.stop()
        self.assertLess(time.monotonic() - began, 30)
        self.assertIn(('hand back', 0), self.registry.told)

    def test_what_ends_soon_is_done(self):
        self.registry.add('long')
        self.start()
        self.wait_until(lambda: self.running)
        threading.Timer(0.2, self.goes_on.set).start()
        self.manager.stop()
        self.assertNotIn(('hand back', 0), self.registry.told)


class TestCounts(TestCase):

    def count(self, **unit):
        counter = counters.WORK_TAKEN_OVER.labels('short')
        before = counter._value.get()
        self.goes_on.set()
        self.registry.add('short', **unit)
        self.manager._take()
        self.manager._pool.wait(30)
        return counter._value.get() - before

    def test_taken_over(self):
        self.assertEqual(1, self.count(state='cancelled', taken_over=True))
        self.assertEqual(0, self.count(state='cancelled', taken_over=False))

    def test_registry_of_the_release_before(self):
        self.assertEqual(1, self.count(state='running'))
        self.assertEqual(0, self.count(state='waiting'))

    def test_kinds_of_a_newer_release(self):
        self.registry.add('new')
        self.manager._take()
        self.wait_until(lambda: self.registry.told)
        self.assertEqual([('put back', 0)], self.registry.told)

    def test_work_of_unknown_outcome_is_not_put_back(self):
        def fail(job):
            raise exceptions.StoreUnavailable()

        def release(job):
            raise jobs.OutcomeUnknown()
        for run, told in ((fail, ['put back']), (release, [])):
            self.give_kinds(run)
            self.registry.told.clear()
            self.registry.add('long')
            self.manager._take()
            self.manager._pool.wait(30)
            self.assertEqual(told, [what for what, _id in
                                    self.registry.told])


class TestLooks(TestCase):
    """When it looks for work, and what it asks for."""

    def setUp(self):
        super().setUp()
        self.asked, claim = [], self.registry.work.claim

        def note(ctxt, *args):
            self.asked.append(args)
            return claim(ctxt, *args)
        self.registry.work.claim = note

    def test_what_it_asks_for(self):
        self.conf.config(group='work', batch_size=3)
        self.manager._take()
        self.assertEqual([(
            '%s:%d' % (socket.gethostname(), os.getpid()), 3,
            staging.host(), [])], self.asked)

    def test_as_much_as_there_is_room_for(self):
        for count, free in ((0, 4), (1, 3), (3, 1)):
            self.conf.config(group='work', batch_size=50)
            self.useFixture(fixtures.MonkeyPatch(
                'glance.conductor.job_pool.JobPool.count',
                lambda pool, names, count=count: count * ('long' in names)))
            self.asked.clear()
            self.manager._take()
            self.assertEqual([(free, [])], [one[1:4:2] for one in self.asked])

    def test_where_one_kind_has_no_room(self):
        self.conf.config(group='work', batch_size=50)
        for busy, count, free, left_out in (
                ('long', 4, manager.SHORT, ['long']),
                ('short', manager.SHORT, 4, ['short']),
                ('short', manager.SHORT + 1, 4, ['short'])):
            self.useFixture(fixtures.MonkeyPatch(
                'glance.conductor.job_pool.JobPool.count',
                lambda pool, names: count * (busy in names)))
            self.asked.clear()
            self.manager._take()
            self.assertEqual([(free, left_out)],
                             [one[1:4:2] for one in self.asked])
            # When there is room for the others, it looks at once.
            self.manager._woken.clear()
            self.manager._made_room()
            self.assertTrue(self.manager._woken.is_set())

    def test_no_room(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.job_pool.JobPool.count',
            lambda pool, names: 50))
        self.manager._take()
        self.assertEqual([], self.asked)
        self.manager._made_room()
        self.assertTrue(self.manager._woken.is_set())

    def test_it_is_not_woken_where_there_is_nothing_more(self):
        self.manager._take()
        self.manager._made_room()
        self.assertFalse(self.manager._woken.is_set())

    def test_on_until_there_is_no_more(self):
        self.conf.config(group='work', batch_size=2)
        self.goes_on.set()
        self.registry.add('long', 3)
        self.manager._take()
        self.assertEqual([], self.registry.units)
        self.assertEqual(2, len(self.asked))

    def test_waking_it_asks_for_work_at_once(self):
        self.conf.config(group='work', poll_interval=60)
        self.start()
        self.manager.endpoints[0].wake(None)
        self.wait_until(lambda: self.asked)

    def test_what_fails_is_tried_again(self):
        errors = [exceptions.RegistryUnavailable(), ValueError()]
        claim = self.registry.work.claim

        def fail(*args):
            if errors:
                raise errors.pop(0)
            return claim(*args)
        self.registry.work.claim = fail
        self.start()
        self.wait_until(lambda: self.asked)

    def test_duties_are_looked_at_as_well(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.periodic.clock._DUTIES',
            {'it': (lambda: 600, lambda run: {'a': 1})}))
        self.registry.duty = 'it'
        self.start()
        self.wait_until(lambda: ('duty', {'a': 1}) in self.registry.told)

    def test_stopped_before_it_was_started(self):
        self.manager.stop()
        self.manager._take()
        self.assertEqual([], self.asked)

    def test_nothing_is_taken_once_it_ends(self):
        self.start()
        self.manager.stop()
        self.asked.clear()
        self.registry.add('long')
        self.manager._take()
        self.assertEqual([], self.asked)


class TestEndpoint(base.BaseTestCase):

    def test_its_version(self):
        target = manager.WorkEndpoint.target
        self.assertEqual(('work', '1.0'), (target.namespace, target.version))
