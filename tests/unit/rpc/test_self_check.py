"""A server that hears nothing finds out whether it should."""

import threading
import time

import fixtures
import oslo_messaging
from oslotest import base

from glance.rpc import self_check


class SelfCheckTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.self_check.QUIET_AFTER', 0.02))
        self.sent, self.replaced = 0, 0
        self.on_send = self.deaf
        self.self_check = self_check.SelfCheck('things', self.send,
                                               self.replace)
        self.addCleanup(self.self_check.stop)

    def send(self):
        self.sent += 1
        self.on_send()

    def deaf(self):
        pass

    def hears(self):
        with self.self_check.message():
            pass

    def gone(self):
        raise ConnectionError('no broker')

    def no_queue(self):
        raise oslo_messaging.MessageUndeliverable('', '', '', '')

    def replace(self):
        self.sent_in_vain = self.sent
        self.replaced += 1
        self.on_send = self.hears

    def until(self, check):
        deadline = time.monotonic() + 10
        while not check():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_a_deaf_server_is_replaced_once(self):
        self.self_check.start()
        self.until(lambda: self.replaced)
        self.assertEqual(self_check.DEAF_AFTER, self.sent_in_vain)
        self.until(lambda: self.sent > 20)
        self.assertEqual(1, self.replaced)

    def test_what_is_heard_counts_anew(self):
        def hear_once():
            if self.sent == self_check.DEAF_AFTER - 1:
                self.hears()
        self.on_send = hear_once
        self.self_check.start()
        self.until(lambda: self.replaced)
        # What was heard was sent before it counted.
        self.assertEqual(2 * self_check.DEAF_AFTER - 2, self.sent_in_vain)

    def test_no_queue(self):
        self.on_send = self.no_queue
        self.self_check.start()
        self.until(lambda: self.replaced)
        self.assertEqual(2, self.sent_in_vain)

    def test_a_server_that_hears_is_not_replaced(self):
        self.on_send = self.hears
        self.self_check.start()
        self.until(lambda: self.sent > 20)
        self.assertEqual(0, self.replaced)

    def test_without_a_broker_nobody_is_deaf(self):
        self.on_send = self.gone
        self.self_check.start()
        self.until(lambda: self.sent > 20)
        self.assertEqual(0, self.replaced)

    def test_busy_is_not_quiet(self):
        self.self_check.start()
        with self.self_check.message():
            time.sleep(0.3)
            self.assertEqual(0, self.sent)
        self.until(lambda: self.sent)

    def test_failed_replacement_is_tried_again(self):
        failed = threading.Event()

        def fail():
            if not failed.is_set():
                failed.set()
                raise ConnectionError('no broker')
            self.replace()
        self.self_check = self_check.SelfCheck('things', self.send, fail)
        self.addCleanup(self.self_check.stop)
        self.self_check.start()
        self.until(lambda: self.replaced)

    def test_replacement_that_does_not_help(self):
        sent = []
        self.self_check = self_check.SelfCheck('things', self.send,
                                               lambda: sent.append(self.sent))
        self.addCleanup(self.self_check.stop)
        self.self_check.start()
        self.until(lambda: len(sent) == 2)
        self.assertEqual([self_check.DEAF_AFTER, 2 * self_check.DEAF_AFTER],
                         sent)

    def test_nothing_is_sent_after_the_stop(self):
        self.self_check.start()
        self.until(lambda: self.sent)
        self.self_check.stop()
        time.sleep(0.1)
        sent = self.sent
        time.sleep(0.2)
        self.assertEqual(sent, self.sent)
