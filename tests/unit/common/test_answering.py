"""Whoever ends waits for answers that are due, and not for others."""

import threading
import time

import fixtures
from oslotest import base

from glance.common import answering
from glance.common import concurrency


class WaitTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.answering._until', 0))
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.answering._AT_MOST', 60))

    def test_nothing_is_due(self):
        begin = time.monotonic()
        answering.wait()
        self.assertLess(time.monotonic() - begin, 30)

    def test_something_takes_effect(self):
        begun, may_end, ended = (threading.Event() for _ in range(3))

        def request():
            with answering.soon():
                begun.set()
                may_end.wait()
                ended.set()
        concurrency.spawn(request)
        begun.wait()
        waiting = concurrency.spawn(answering.wait)
        self.assertRaises(TimeoutError, waiting.wait, 0.2)
        may_end.set()
        waiting.wait(60)
        self.assertTrue(ended.is_set())

    def test_no_longer_than_that(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.answering._AT_MOST', 0.1))
        with answering.soon():
            answering.wait()
