"""Tests of keeping an upload's lease."""

import threading
import types

import fixtures
from oslotest import base

from glance.api import services
from glance.api import upload_leases
from glance.common import context
from glance.common import exceptions


class TestKeeper(base.BaseTestCase):

    growth = None

    def keep(self, *outcomes, lease=0.03, last=None):
        """Run a keeper until the outcomes of renewals are used up.

        :param last: outcome of all later renewals
        """
        waiting, used_up = list(outcomes), threading.Event()
        self.renewals = []

        def renew(ctxt, *args):
            self.renewals.append(args)
            outcome = waiting.pop(0) if waiting else last
            if not waiting:
                used_up.set()
            if outcome is not None:
                raise outcome

        registry = types.SimpleNamespace(
            uploads=types.SimpleNamespace(renew=renew))
        keeper = upload_leases.of_upload(
            context.internal(), 'image',
            {'id': 'u', 'attempt': 1, 'lease': lease}, self.growth)
        with services.override(registry=registry), keeper:
            self.assertTrue(used_up.wait(30))
            if last is not None:
                keeper._task.wait(30)
        keeper._task.wait(30)
        return keeper

    def test_a_renewed_lease_is_not_lost(self):
        keeper = self.keep(None, None, None)
        self.assertIsNone(keeper.lost())
        self.assertEqual(('image', 'u', 1), self.renewals[0])

    def test_ends_with_the_upload(self):
        """To wait for the end of its task fails where there is none."""
        self.assertIsNone(self.keep(None).lost())

    def test_taken_over_or_deleted(self):
        for error in (exceptions.LeaseLost(), exceptions.Gone()):
            self.assertIs(error, self.keep(None, error).lost())

    def test_one_failure_is_survived(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.api.upload_leases._GROWTH_INTERVAL', 0.01))
        self.growth = types.SimpleNamespace(held=lambda: 0, limits={})
        keeper = self.keep(exceptions.RegistryUnavailable(), None, lease=60)
        self.assertIsNone(keeper.lost())

    def test_stops_before_another_takes_over(self):
        # The task ends by itself once the lease has run out.
        keeper = self.keep(None, last=exceptions.RegistryUnavailable())
        self.assertIsInstance(keeper.lost(), exceptions.LeaseLost)
