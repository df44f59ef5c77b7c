"""A program that ends is started again, unless it cannot run at all."""

import time

import fixtures
from oslotest import base

from glance.cmd import control_daemon


class Child:

    def __init__(self, seconds):
        self._seconds = seconds

    def wait(self):
        time.sleep(self._seconds)


class KeepTest(base.BaseTestCase):

    def lives(self, *seconds):
        """:returns: how often a program is started that lives so long"""
        module = 'glance.cmd.control_daemon.'
        self.useFixture(fixtures.MonkeyPatch(module + '_TOO_SOON', 0.05))
        self.useFixture(fixtures.MonkeyPatch(
            module + 'signal.signal', lambda *args: None))
        left, started = list(seconds), []
        daemon = control_daemon.Daemon('glance-api', '/nowhere/pid', [])

        def spawn(command):
            started.append(command)
            return Child(left.pop(0) if left else 0)
        daemon._spawn = spawn
        daemon._keep(['glance-api'])
        return len(started)

    def test_cannot_run(self):
        self.assertEqual(5, self.lives())

    def test_could_not_run_at_first(self):
        self.assertEqual(2 + 1 + 5, self.lives(0, 0, 0.06))
