"""What a process knows about a service that comes and goes."""

import threading
import time

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.rpc import breaker


class BreakerTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.answers = True
        self.takes = True
        self.frozen = threading.Event()
        self.frozen.set()

    def ping(self, timeout):
        if not self.answers:
            raise ConnectionError('no answer')

    def touch(self):
        self.frozen.wait(20)
        if not self.takes:
            raise ConnectionError('broker gone')

    def breaker(self):
        one = breaker.Breaker('registry', self.ping, self.touch,
                              exceptions.RegistryUnavailable)
        self.addCleanup(one.stop)
        return one

    def eventually(self, check):
        deadline = time.monotonic() + 5
        while not check():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_first_request_waits_for_first_contact(self):
        self.assertTrue(self.breaker().is_up())

    def test_down_from_the_start_is_told_soon(self):
        self.answers = False
        one = self.breaker()
        begin = time.monotonic()
        self.assertFalse(one.is_up())
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(breaker.DOWN, one.state)

    def test_no_answer_yet_is_told_soon(self):
        self.freeze()
        self.ping = lambda timeout: self.frozen.wait(20)
        one = self.breaker()
        begin = time.monotonic()
        self.assertFalse(one.is_up())
        self.assertLess(time.monotonic() - begin, 10)
        self.frozen.set()
        self.eventually(one.is_up)

    def test_that_it_is_gone_is_news_once(self):
        log = self.useFixture(fixtures.FakeLogger())
        one = self.breaker()
        self.assertTrue(one.is_up())
        self.answers = False
        for _time in range(2):
            one.trip('the reason')
            self.assertEqual(1, log.output.count('the reason'))

    def test_one_look_at_the_broker_for_all(self):
        """The service is asked only when nothing came for long."""
        one = self.breaker()
        self.assertTrue(one.is_up())
        asked, touched = [], threading.Event()
        one._ping, one._touch = asked.append, touched.set
        one.begin()
        self.assertTrue(touched.wait(20))
        time.sleep(2 * breaker.SUSPICIOUS_AFTER)
        self.assertEqual([], asked)

    def test_comes_back_by_itself(self):
        self.answers = False
        one = self.breaker()
        self.assertFalse(one.is_up())
        self.answers = True
        self.eventually(one.is_up)

    def test_trip_ends_every_wait_and_returns(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        waiting = [one.begin() for _ in range(3)]
        self.answers = False
        one.trip('test')
        self.assertFalse(one.is_up())
        for pending in waiting:
            result, error = pending.wait(0)
            self.assertIsInstance(error, exceptions.RegistryUnavailable)
        self.answers = True
        self.eventually(one.is_up)

    def test_write_is_told_only_that_the_broker_is_gone(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        pending = one.begin(is_write=True)
        self.answers = False
        one.trip('silent')
        self.assertFalse(one.is_up())
        self.assertIsNone(pending.wait(0))
        one.trip('gone', is_broker=True)
        self.assertIsNotNone(pending.wait(0))

    def test_a_call_without_an_answer_says_nothing_of_others(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        pinged = threading.Event()
        one._ping = lambda timeout: pinged.set()
        pending = one.begin()
        one.doubt()
        self.assertTrue(pinged.wait(20))
        self.assertIsNone(pending.wait(0))
        self.assertTrue(one.is_up())

    def test_a_doubt_is_right_when_nothing_answers(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        self.answers = False
        one.doubt()
        self.eventually(lambda: not one.is_up())

    def test_call_under_way_notices_that_the_broker_is_gone(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        pending = one.begin()
        self.takes = self.answers = False
        self.assertIsNotNone(pending.wait(3))
        self.assertFalse(one.is_up())

    def test_write_under_way_notices_that_the_broker_is_gone(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        pending = one.begin(is_write=True)
        self.takes = self.answers = False
        self.assertIsNotNone(pending.wait(20))

    def test_silence_is_told_to_reads_only(self):
        """The broker works; what was sent may still take effect."""
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.breaker.SILENT_AFTER', 0.3))
        one = self.breaker()
        self.assertTrue(one.is_up())
        read, write = one.begin(), one.begin(is_write=True)
        self.answers = False
        self.assertIsNotNone(read.wait(20))
        self.assertIsNone(write.wait(0))

    def test_call_under_way_notices_that_the_broker_is_frozen(self):
        self.freeze()
        one = self.breaker()
        self.assertTrue(one.is_up())
        pending = one.begin()
        self.answers = False
        self.assertIsNotNone(pending.wait(5))

    def test_busy_broker_is_not_gone(self):
        """It takes no message in time, and answers others all the while."""
        self.freeze()
        one = self.breaker()
        self.assertTrue(one.is_up())
        waiting = one.begin()
        deadline = time.monotonic() + breaker.TOUCH_WITHIN + 1
        while time.monotonic() < deadline:
            another = one.begin()
            another.finish(('answer', None))
            one.end(another)
            time.sleep(0.01)
        self.assertIsNone(waiting.wait(0))
        self.assertTrue(one.is_up())

    def freeze(self):
        self.frozen.clear()
        self.addCleanup(self.frozen.set)

    def test_nothing_is_asked_while_nothing_is_under_way(self):
        one = self.breaker()
        self.assertTrue(one.is_up())
        self.takes = False
        time.sleep(0.8)
        self.assertTrue(one.is_up())

    def test_outcome_that_is_late_does_not_replace_the_first(self):
        pending = breaker.Pending()
        pending.finish((1, None))
        pending.finish((2, None))
        self.assertEqual((1, None), pending.wait(0))

    def test_end_forgets(self):
        one = self.breaker()
        pending = one.begin()
        self.assertEqual(1, one.count())
        one.end(pending)
        self.assertEqual(0, one.count())
