"""A broker that forgets a reader without telling it.

Clusters do that, when a node is frozen for instance; a reader that does not
want to be told has it on any broker.
"""

import time

import fixtures
import kombu

from glance.common import exceptions
from glance.rpc import transport
from tests.functional.bus import base


class ForgottenTestCase(base.RabbitTestCase):

    private = True

    def setUp(self):
        super().setUp()
        for name, seconds in (('self_check.QUIET_AFTER', 0.3),
                              ('breaker.SILENT_AFTER', 1),
                              ('breaker.ANSWER_WITHIN', 1)):
            self.useFixture(fixtures.MonkeyPatch('glance.rpc.' + name,
                                                 seconds))
        self.useFixture(fixtures.MonkeyPatch(
            'amqp.connection.Connection.negotiate_capabilities',
            {'consumer_cancel_notify': False}))
        # Those of one connection nobody else can delete.
        self.config.config(transport_url=self.broker.url
                           + '?rabbit_transient_quorum_queue=true')
        self.first = self.serve()
        self.rpc = self.client()
        self.until_served(self.rpc)

    def delete_queue(self, name='glance-registry'):
        with kombu.Connection(self.broker.url.replace(
                'rabbit:', 'amqp:')) as connection:
            connection.channel().queue_delete(name)

    def test_queue_deleted(self):
        self.delete_queue()
        self.until_served(self.rpc)

    def test_every_server_serves_again(self):
        """Also the one whose queue another one has made anew."""
        second = self.serve()
        for things in (self.first, second):
            self.until_it_serves(things)
        self.delete_queue()
        self.until_served(self.rpc)
        for things in (self.first, second):
            things.calls.clear()
        for things in (self.first, second):
            self.until_it_serves(things)

    def until_it_serves(self, things):
        deadline = time.monotonic() + base.BACK
        while not things.calls:
            self.assertLess(time.monotonic(), deadline)
            self.outcome(self.rpc)
            time.sleep(0.01)


class StockForgottenTestCase(ForgottenTestCase):
    """With the driver of oslo.messaging, which has a queue for answers that
    others can delete.
    """

    driver = 'stock'

    def test_answers_are_heard_again(self):
        """The queue of the client's answers was deleted."""
        before = self.transport()
        self.delete_queue(before._driver._reply_q)
        deadline = time.monotonic() + base.BACK
        while self.ask() != 1:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.assertIsNot(before, self.transport())

    def test_every_client_hears_again(self):
        self.config.config(rpc_timeout=2, group='registry')
        before, other = self.transport(), self.client()
        self.delete_queue(before._driver._reply_q)
        transport.renew('registry', before)
        transport.renew('registry', before)
        self.assertIsNot(before, self.transport())
        for rpc in (self.rpc, other):
            self.until_served(rpc)
        # The old one is closed in the end.
        deadline = time.monotonic() + base.BACK
        while before._driver._reply_q is not None:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)
        self.assertEqual(1, self.outcome(self.rpc)[0])

    def ask(self):
        try:
            return self.rpc.call(self.ctxt, 'things', 'echo', value=1)
        except exceptions.RegistryUnavailable:
            return None

    def transport(self):
        return transport.get_transport('registry', transport.CLIENTS)
