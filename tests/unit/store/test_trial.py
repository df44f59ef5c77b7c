"""A trial of a store finds what does not work, and leaves nothing."""

import os
import threading
from unittest import mock

from glance.common import exceptions
from glance.store import trial
from tests.unit.store import base

ALL = ['reach', 'room', 'write', 'size', 'read', 'range', 'delete']


class TestTrial(base.StoreTestCase):

    def run_trial(self, limit=60):
        self.outcomes = list(trial.run(self.store, limit))
        return [one.step for one in self.outcomes]

    def broken(self, name, **kwargs):
        self.enterContext(mock.patch.object(self.store, name, **kwargs))

    def check_failed(self, *steps):
        self.assertEqual(list(steps), self.run_trial())
        last = self.outcomes[-1]
        self.assertTrue(last.problem)
        self.assertTrue(last.advice)
        self.assertEqual([None] * (len(steps) - 1),
                         [one.problem for one in self.outcomes[:-1]])
        self.assertEqual([], self.files())

    def test_a_good_store_passes_every_step(self):
        self.assertEqual(ALL, self.run_trial())
        self.assertEqual({(None, None)}, {(one.problem, one.advice)
                                          for one in self.outcomes})
        self.assertIn('GiB free', self.outcomes[1].note)
        self.assertEqual([], self.files())

    def test_a_store_that_is_away_is_asked_nothing_more(self):
        self.broken('check', side_effect=exceptions.StoreUnavailable())
        self.check_failed('reach')

    def test_each_failing_step_ends_it_and_leaves_nothing(self):
        for name, steps in (('write', ALL[:3]), ('size', ALL[:4]),
                            ('open', ALL[:5]), ('delete', ALL)):
            with mock.patch.object(self.store, name,
                                   side_effect=exceptions.Forbidden()):
                if name == 'delete':
                    self.assertEqual(steps, self.run_trial())
                    self.assertTrue(self.outcomes[-1].problem)
                else:
                    self.check_failed(*steps)

    def test_other_bytes_than_were_written_are_noticed(self):
        self.broken('open', side_effect=lambda *args: mock.MagicMock(
            __iter__=lambda reader: iter([b'other'])))
        self.check_failed(*ALL[:5])

    def test_a_range_that_is_not_one_is_noticed(self):
        real = self.store.open
        self.broken('open', side_effect=lambda url, *_part: real(url))
        self.assertEqual(ALL, self.run_trial())
        self.assertEqual(['range'], [one.step for one in self.outcomes
                                     if one.problem])

    def test_data_that_stays_is_noticed(self):
        self.broken('delete')
        self.assertEqual(ALL, self.run_trial())
        self.assertIn('still there', self.outcomes[-1].problem)

    def test_little_room_and_another_clock_are_told_beside_the_rest(self):
        self.broken('free_space', return_value=1000)
        self.broken('clock_ahead', return_value=-400.0)
        self.assertEqual(['clock', *ALL], self.run_trial())
        self.assertEqual(['clock', 'room'], [one.step for one in self.outcomes
                                             if one.problem])
        self.assertIn('-400.0 s from ours', self.outcomes[0].problem)

    def test_a_clock_like_ours_is_told(self):
        self.broken('clock_ahead', return_value=0.25)
        self.run_trial()
        self.assertEqual(('clock', '+0.2 s from ours', None),
                         (self.outcomes[0].step, *self.outcomes[0][2:4]))

    def test_a_store_that_does_not_answer_is_not_waited_for(self):
        goes_on = threading.Event()
        self.addCleanup(goes_on.set)
        self.broken('check', side_effect=lambda: goes_on.wait(60))
        self.assertEqual(['reach'], self.run_trial(limit=1))
        self.assertIn('not done within', self.outcomes[0].problem)

    def test_a_failing_library_shows_the_kind_of_error_only(self):
        self.broken('check', side_effect=OSError('http://key@host'))
        self.run_trial()
        self.assertEqual('The driver failed: OSError.',
                         self.outcomes[0].problem)

    def test_nothing_is_written_where_only_users_may(self):
        for name in ('read_only', 'has_readers'):
            with mock.patch.object(type(self.store), name, True):
                self.assertEqual(ALL[:2], self.run_trial())

    def test_folders_of_one_file_system_have_its_room_once(self):
        free = self.store.free_space()
        status = os.statvfs(self.folder)
        self.assertLess(abs(free - status.f_bavail * status.f_frsize),
                        1 << 30)
