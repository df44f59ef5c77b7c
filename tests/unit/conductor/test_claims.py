"""What is held ends with its conductor, and is waited for."""

import threading
import time

from oslotest import base

from glance.common import context
from glance.common import exceptions
from glance.common import leases
from glance.conductor import claims


class Claim(claims.Claim):

    def __init__(self):
        super().__init__(context.internal(), None, None, 'x', 1)
        self.lease = leases.Lease('it', 60, lambda: None)
        self.begun = threading.Event()


def until_stopped(claim):
    claim.begun.set()
    while True:
        claim.check()
        time.sleep(0.01)


class TestClaim(base.BaseTestCase):

    def test_the_first_reason_counts(self):
        claim = Claim()
        claim.check()
        claim.stop(exceptions.Gone())
        claim.stop(claims.Draining())
        self.assertRaises(exceptions.Gone, claim.check)

    def test_a_lost_lease_comes_before_it(self):
        claim = Claim()
        claim.stop(claims.Draining())

        def lose():
            raise exceptions.LeaseLost()
        claim.lease = leases.Lease('it', 60, lose)
        claim.lease.renew()
        self.assertRaises(exceptions.LeaseLost, claim.check)


class TestHolder(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.ended = []
        self.holder = claims.Holder(lambda: self.ended.append('one'))

    def hold(self, claim):
        task = self.holder.hold(claim, until_stopped)
        self.assertTrue(claim.begun.wait(30))
        return task

    def test_what_ends_gives_its_result(self):
        self.assertEqual('x', self.holder.hold(
            Claim(), lambda claim: claim.kind).wait(30))
        self.assertEqual(['one'], self.ended)

    def test_what_fails_has_ended_too(self):
        task = self.holder.hold(Claim(), lambda claim: claim.nothing)
        self.assertRaises(AttributeError, task.wait, 30)
        self.assertEqual(['one'], self.ended)
        self.holder.wait(0)

    def test_stopping_ends_all_that_is_under_way(self):
        tasks = [self.hold(Claim()) for _number in range(2)]
        self.holder.stop()
        for task in tasks:
            self.assertRaises(claims.Draining, task.wait, 30)

    def test_claimed_while_it_stops(self):
        self.holder.stop()
        self.assertRaises(claims.Draining, self.hold(Claim()).wait, 30)

    def test_waits_for_all_and_no_longer_than_it_may(self):
        first, second = Claim(), Claim()
        tasks = [self.hold(first), self.hold(second)]
        first.stop(claims.Draining())
        self.assertRaises(claims.Draining, tasks[0].wait, 30)
        began = time.monotonic()
        self.holder.wait(0.2)
        self.assertGreaterEqual(time.monotonic() - began, 0.2)
        self.assertEqual(['one'], self.ended)
        second.stop(claims.Draining())
        self.holder.wait(None)
        self.assertRaises(claims.Draining, tasks[1].wait, 30)
        self.assertEqual(['one', 'one'], self.ended)
