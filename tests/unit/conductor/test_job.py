"""A claim of work: what it notes, and what makes it stop."""

import time
from unittest import mock

from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import job as jobs
from glance.store import staging
from tests.unit.conductor import base
from tests.unit.conductor.base import IMAGE


class TestNotes(base.WorkTestCase):

    def test_what_is_noted(self):
        job = self.job(progress={
            'next': 'a', 'tries': 2, 'reason': 'r', 'state': {'x': 1},
            'step': 's'})
        job.done, job.total = 3, 4
        expected = {'next': 'a', 'tries': 2, 'reason': 'r', 'step': 's',
                    'state': {'x': 1}, 'done': 3, 'total': 4, 'final': False}
        self.assertEqual(expected, job.progress())
        job.save(held={'store_bytes': 1}, limits={'a': 2})
        self.assertEqual([dict(expected, host=None, limits={'a': 2},
                               held={'store_bytes': 1})], self.notes)
        self.assertEqual(
            ('w', 1), self.registry.work.advance.call_args.args[1:3])

    def test_nothing_was_noted(self):
        for noted in (None, {}):
            self.assertEqual(
                {'next': None, 'tries': 0, 'reason': None, 'step': None,
                 'state': {}, 'done': None, 'total': None, 'final': False},
                self.job(progress=noted).progress())

    def test_active_saved_or_stored_everywhere_is_final(self):
        for state, stores, expected in (
                ({}, [], False), ({}, None, False), ({'active': True}, [],
                                                     True),
                ({'saved': True}, [], True), ({'stored': {}}, ['a'], False),
                ({'stored': {'a': 1}}, ['a', 'b'], False),
                ({'stored': {'a': 1, 'b': 1}}, ['a', 'b'], True),
                ({'stored': {'a': 1, 'b': 1}}, ['a'], True)):
            job = self.job(progress={'state': state}, stores=stores)
            self.assertIs(expected, job.progress()['final'])

    def test_heeding_the_registry(self):
        for answer, reason, state, stopped in (
                ((False, False), None, {}, None),
                ((True, False), None, {}, 'cancelled'),
                ((False, True), None, {}, 'deleted'),
                ((True, True), None, {}, 'cancelled'),
                ((True, True), None, {'saved': True}, 'deleted'),
                ((True, False), None, {'saved': True}, None),
                # It goes back already.
                ((True, True), 'r', {}, None)):
            self.answer = dict(zip(('cancelled', 'gone'), answer))
            job = self.job(progress={'state': state, 'reason': reason})
            job.save()
            error = job.stopped()
            self.assertEqual(stopped is None, error is None)
            self.assertIn(stopped or '', str(error))

    def test_a_note_is_a_sign_of_life(self):
        job = self.job()
        job.lease.renewed(time.monotonic() - 50)
        job.save()
        self.assertLess(job.lease.age(), 40)

    def test_signs_of_life_beside_what_is_noted(self):
        """Work without steps only tells that it is alive, when it has to."""
        self.conf.config(group='work', lease=60)
        for age, step, renewed, noted in (
                (50, None, 1, 0), (5, None, 0, 0), (50, 'a', 0, 1),
                (5, 'a', 0, 1)):
            self.registry.work.reset_mock()
            job = self.job(progress={'next': step})
            job.lease.renewed(time.monotonic() - age)
            job.lease.renew()
            self.assertEqual(
                (renewed, noted), (self.registry.work.renew.call_count,
                                   self.registry.work.advance.call_count))
            if renewed:
                self.assertEqual(('w', 1), self.registry.work.renew
                                 .call_args.args[1:])
                self.assertLess(job.lease.age(), 40)

    def test_how_often(self):
        for lease, interval, expected in ((60, 10, 10), (60, 30, 20)):
            self.conf.config(group='work', lease=lease,
                             progress_interval=interval)
            self.assertEqual(expected, self.job().lease._interval)

    def test_a_write_notes_how_far_it_is(self):
        write, job = mock.Mock(), self.job(number=4)
        job.write(write, 'a', 'b')
        write.assert_called_once_with(job.ctxt, 'w', 4, 'a', 'b',
                                      job.progress())

    def test_a_write_that_fails_over_there_may_have_taken_effect(self):
        job = self.job()
        self.assertRaises(jobs.OutcomeUnknown, job.write, mock.Mock(
            side_effect=exceptions.GlanceError()))
        job = self.job()
        self.assertRaises(exceptions.Conflict, job.write, mock.Mock(
            side_effect=exceptions.Conflict()))

    def test_handed_back(self):
        job = self.job(number=4)
        job.release_midway('no', 7)
        self.registry.work.hand_back.assert_called_once_with(
            job.ctxt, 'w', 4, job.progress(), 'no', 7)
        self.assertRaises(jobs.OutcomeUnknown, job.save)
        self.assertRaises(jobs.OutcomeUnknown, job.write, mock.Mock())
        self.assertRaises(jobs.OutcomeUnknown, job.release_midway, 'no', 7)


class TestStopping(base.WorkTestCase):

    def test_the_first_reason_counts(self):
        job = self.job()
        job.check()
        job.stop(exceptions.Gone())
        job.stop(exceptions.Conflict())
        self.assertRaises(exceptions.Gone, job.check)

    def test_a_lost_lease_counts_more(self):
        job = self.job()
        job.stop(exceptions.Gone())
        self.registry.work.renew.side_effect = exceptions.LeaseLost()
        job.lease.renewed(time.monotonic() - 1000)
        job.lease.renew()
        self.assertIsInstance(job.stopped(), exceptions.LeaseLost)

    def test_turning_back(self):
        job = self.job(progress={'next': 'a', 'tries': 3})
        job.done = 5
        job.stop(exceptions.Conflict('no'))
        job.turn_back('no')
        self.assertEqual(('no', 0, None, 'a'), (job.reason, job.tries,
                                                job.done, job.next))
        job.check()


class TestNames(base.WorkTestCase):

    def test_attempts_are_numbered_from_one(self):
        job = self.job(number=3)
        self.assertEqual('w-a-3', job.attempt('a'))
        self.assertEqual('w-a-1', job.attempt('a', 1))
        self.assertEqual(['w-a-1', 'w-a-2'], job.earlier_attempts('a'))
        self.assertEqual([], self.job().earlier_attempts('a'))

    def test_what_it_writes(self):
        job = self.job(number=3)
        for args, image_id in ((('a',), IMAGE), (('a', 'task'), 'task')):
            trace = job.writes(self.fast, *args)
            self.assertEqual((self.fast, image_id, 'w-a-3'),
                             (trace.store, trace.image_id, trace.attempt))

    def test_what_counts_is_asked_of_the_registry(self):
        job = self.job(number=3)
        self.registry.work.kept.return_value = {'is_held': False,
                                                'names': []}
        trace = job.writes(self.fast, 'a')
        trace.note(self.put(self.fast, attempt=trace.attempt, settled=False))
        job.traces.remove()
        self.assertEqual(('w', 3, IMAGE),
                         self.registry.work.kept.call_args.args[1:])
        self.assertEqual([], self.files('fast'))


class TestHome(base.WorkTestCase):

    def test_bound_to_a_host(self):
        for host, expected in ((None, True), (staging.host(), True),
                               ('other#1', False)):
            job = self.job(host=host)
            self.assertIs(expected, job.is_at_home())
            job.go_home()
            self.assertEqual([], self.notes)

    def test_the_release_before_knew_no_folders(self):
        """The URL of what is staged tells which folder it was."""
        self.useFixture(base.fixtures.MonkeyPatch(
            'glance.store.staging.socket.gethostname', lambda: 'me'))
        here = 'file://%s/x' % self.folder('staging')
        for given, state, is_here in (
                ({'url': here}, {}, True), ({'url': 'file:///a/x'}, {}, False),
                ({'staged': {'url': 'file:///a/x'}, 'url': here}, {}, False),
                ({'staged': {'url': here}}, {}, True),
                ({'url': here}, {'staged': {'url': 'file:///a/x'}}, False),
                ({}, {}, True)):
            self.notes.clear()
            job = self.job(host='me', progress={'state': state}, **given)
            self.assertIs(is_here, job.is_at_home())
            if is_here:
                job.go_home()
                self.assertEqual([], self.notes)
            else:
                self.assertRaises(claims.Draining, job.go_home)
                self.assertEqual([job.host],
                                 [note['host'] for note in self.notes])
