"""A look at what may hang: bounded, shared, fresh."""

import threading

from oslotest import base

from glance.common import concurrency
from glance.common import probe


class ProbeTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.looks = 0
        self.gate = threading.Event()
        self.gate.set()
        self.addCleanup(self.gate.set)
        self.found = lambda: 'fine'
        self.probe = probe.Probe(self.look)

    def look(self):
        self.looks += 1
        self.gate.wait(30)
        return self.found()

    def test_what_is_found_is_told(self):
        self.assertEqual(('fine', None), self.probe.ask(10, 0))

    def test_an_error_is_told_and_not_raised(self):
        self.found = lambda: 1 / 0
        found, error = self.probe.ask(10, 0)
        self.assertIsNone(found)
        self.assertIsInstance(error, ZeroDivisionError)

    def test_told_again_for_a_while(self):
        for _ in range(5):
            self.probe.ask(10, 60)
        self.assertEqual(1, self.looks)
        self.probe.ask(10, 0)
        self.assertEqual(2, self.looks)

    def test_many_share_a_look(self):
        self.gate.clear()
        tasks = [concurrency.spawn(self.probe.ask, 10, 0) for _ in range(9)]
        threading.Event().wait(0.05)
        self.gate.set()
        self.assertEqual({('fine', None)}, {task.wait() for task in tasks})
        self.assertEqual(1, self.looks)

    def test_a_look_that_hangs_stays_the_only_one(self):
        self.gate.clear()
        for _ in range(5):
            self.assertIsInstance(self.probe.ask(0.01, 0)[1], TimeoutError)
        self.assertEqual(1, self.looks)
        self.gate.set()
        self.assertEqual(('fine', None), self.probe.ask(10, 60))
        self.assertEqual(1, self.looks)

    def test_in_a_native_thread(self):
        self.assertEqual(('fine', None), concurrency.run_blocking(
            self.probe.ask, 10, 0))
