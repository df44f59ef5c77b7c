"""One gives, one waits."""

import oslo_messaging
from oslotest import base

from glance.rpc.lean import waiting


class TestWaiters(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.waiters = waiting.Waiters()
        self.waiter = self.waiters.add('a')

    def test_only_the_first_outcome_counts(self):
        for outcome in 1, 2:
            self.assertTrue(self.waiters.give('a', outcome))
        self.assertEqual(1, self.waiter.wait(0))

    def test_nothing_comes_in_time(self):
        for seconds in 0, -1, 0.01:
            self.assertRaises(TimeoutError, self.waiter.wait, seconds)

    def test_an_exception_is_raised(self):
        self.waiters.give('a', waiting.undeliverable())
        self.assertRaises(oslo_messaging.MessageUndeliverable,
                          self.waiter.wait, 0)

    def test_who_is_not_there_gets_nothing(self):
        self.waiters.remove('a')
        for name in 'a', 'b':
            self.assertFalse(self.waiters.give(name, 1))
        self.waiters.remove('a')

    def test_all_of_them(self):
        others = [self.waiters.add(name) for name in 'bc']
        self.waiters.give_all(7)
        self.assertEqual([7, 7, 7], [one.wait(0) for one in
                                     (self.waiter, *others)])
