"""What a worker's end means, by when it has begun."""

import os
import signal
import types

import fixtures
from oslotest import base

from glance.service import reloading
from glance.service import supervisor


class TestBuried(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.given_back = []
        self.useFixture(fixtures.MockPatchObject(
            reloading, 'give_back', self.given_back.append))
        self.useFixture(fixtures.MockPatchObject(
            reloading, 'read_again', lambda: True))
        self.supervisor = supervisor.Supervisor(None, lambda: 1)
        for one in self.supervisor._alive, self.supervisor._keep:
            self.addCleanup(os.close, one)

    def end(self, generation, served=False, status=256):
        """A worker of a generation ends that nobody has told to."""
        self.supervisor._buried(types.SimpleNamespace(
            pid=1, generation=generation, signalled=None,
            check=lambda: served, close=lambda: None), status)

    def check(self, generation, stopping=False):
        self.assertEqual(
            (generation, stopping, int(stopping)),
            (self.supervisor._generation, self.supervisor._stopping,
             self.supervisor._status))

    def test_no_worker_can_start(self):
        self.end(0)
        self.check(0, stopping=True)

    def test_one_that_is_killed_at_its_start(self):
        self.end(0, status=signal.SIGKILL)
        self.check(0)
        self.supervisor._reload()
        self.end(1, status=signal.SIGKILL)
        self.check(1)
        self.assertEqual([], self.given_back)
        self.end(1, status=signal.SIGABRT)
        self.check(0)

    def test_a_reload_before_the_first_one_serves(self):
        self.supervisor._reload()
        self.end(1)
        self.check(0)
        self.assertEqual(1, len(self.given_back))
        self.end(0)
        self.check(0, stopping=True)

    def test_files_that_were_mended_before_the_first_one_serves(self):
        self.supervisor._reload()
        self.end(0)
        self.check(1)
        self.assertEqual([], self.given_back)

    def test_later_ones_are_tried_again(self):
        self.supervisor._ever_served = True
        self.end(0, served=True)
        self.end(0)
        self.check(0)
        self.supervisor._reload()
        self.end(0)
        self.check(1)
        self.end(1)
        self.check(0)
