"""The conductor as its callers see it."""

from unittest import mock

from oslotest import base

from glance.common import context
from glance.conductor import rpcapi
from glance.rpc import client


class TestConductorAPI(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.rpc = mock.create_autospec(client.Client, instance=True)
        self.api, self.ctxt = rpcapi.ConductorAPI(self.rpc), (
            context.internal())

    def test_waking_waits_for_no_answer(self):
        self.api.wake(self.ctxt)
        self.rpc.cast.assert_called_once_with(self.ctxt, 'work', 'wake')

    def test_a_ping_waits_for_its_answer(self):
        self.api.ping(self.ctxt)
        self.rpc.call.assert_called_once_with(self.ctxt, 'bus', 'ping')

    def test_a_new_client_sends_to_conductors(self):
        with mock.patch.object(client, 'Client') as made:
            rpcapi.connect().wake(self.ctxt)
        made.assert_called_once_with('conductor', None, '1.0')
        made.return_value.cast.assert_called_once()
