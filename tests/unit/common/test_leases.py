"""A lease that is given back is not renewed any more."""

import threading
import time
from unittest import mock

from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.common import leases


class TestLease(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.asked, self.answer = threading.Event(), threading.Event()
        self.addCleanup(self.answer.set)
        self.renewals = 0

    def renew(self):
        self.renewals += 1
        self.asked.set()
        self.answer.wait(30)

    def test_the_end_waits_for_a_renewal_under_way(self):
        with leases.Lease('x', 60, self.renew, 0.01) as lease:
            self.assertTrue(self.asked.wait(30))
            end = concurrency.spawn(lease.end)
            self.assertRaises(TimeoutError, end.wait, 0.1)
            self.answer.set()
            end.wait(30)
            renewals = self.renewals
            time.sleep(0.1)
            self.assertEqual(renewals, self.renewals)

    def test_an_end_between_waking_up_and_renewing(self):
        lease = leases.Lease('x', 60, self.renew)
        lease._ended = mock.Mock(**{'wait.side_effect': [False, True],
                                    'is_set.return_value': True})
        lease._keep()
        self.assertEqual(0, self.renewals)

    def test_kept_no_longer_than_its_work(self):
        self.answer.set()
        with leases.Lease('x', 60, self.renew, 0.01) as lease:
            self.assertTrue(self.asked.wait(30))
        lease._task.wait(30)

    def test_an_answer_that_comes_late(self):
        """It counts from when it was asked for."""
        lease = leases.Lease('x', 60, None)
        lease.renewed(time.monotonic() - 50)
        self.assertGreaterEqual(lease.age(), 50)

    def test_unexpected_errors(self):
        def fail():
            raise ValueError()
        lease = leases.Lease('x', 60, fail)
        lease.renew()
        self.assertIsNone(lease.lost())
        lease.renewed(time.monotonic() - 61)
        lease.renew()
        self.assertIsInstance(lease.lost(), exceptions.LeaseLost)

    def test_what_must_not_come_late(self):
        done = []
        lease = leases.Lease('x', 60, None)
        lease.renewed(time.monotonic() - 50)
        self.assertEqual(3, lease.do(lambda *args, **kwargs: done.append(
            (args, kwargs)) or 3, 1, name=2))
        self.assertEqual([((1,), {'name': 2})], done)
        lease.renewed(time.monotonic() - 61)
        self.assertRaises(exceptions.LeaseLost, lease.do, done.append, 1)
        lease.renewed(time.monotonic())
        lease._lost = exceptions.Gone()
        self.assertRaises(exceptions.Gone, lease.do, done.append, 1)
        self.assertEqual(1, len(done))
