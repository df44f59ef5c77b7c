"""What the bus of notifications does with a broker of other habits."""

import fixtures
from oslo_config import fixture as config_fixture
import oslo_messaging
from oslotest import base

from glance.conf import CONF
from glance.notifications import bus
from glance.rpc import rabbit


class KindTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        bus.register_opts(CONF)
        config = self.useFixture(config_fixture.Config(CONF))
        config.config(transport_url='rabbit://127.0.0.1:1/')
        config.config(group='oslo_messaging_notifications',
                      driver=['messagingv2'])

    def durable_after(self, reason):
        """:returns: how the queue was asked for, each time"""
        asked = []

        def hand_over(one, *args):
            asked.append(one._durable)
            if len(asked) == 1:
                raise oslo_messaging.MessageDeliveryFailure(reason)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.notifications.bus.Bus._hand_over', hand_over))
        bus.Bus().send('1', 'image.create', 'INFO', {}, 0)
        return asked

    def test_other_kind(self):
        for reason in ("PRECONDITION_FAILED - inequivalent arg 'durable'",
                       'Queue.declare: (541) INTERNAL_ERROR',
                       'Feature `transient_nonexcl_queues` is deprecated'):
            self.assertEqual([False, True], self.durable_after(reason))

    def test_neither_durable_nor_not(self):
        def hand_over(*args):
            raise oslo_messaging.MessageDeliveryFailure(
                "(406) PRECONDITION_FAILED - inequivalent arg 'x-queue-type'")
        self.useFixture(fixtures.MonkeyPatch(
            'glance.notifications.bus.Bus._hand_over', hand_over))
        error = self.assertRaises(rabbit.DeclaredOtherwise, bus.Bus().send,
                                  '1', 'image.create', 'INFO', {}, 0)
        self.assertIn('remove_queue notifications.info', str(error))
        self.assertIn('x-queue-type', str(error))

    def test_other_failures_are_told(self):
        self.assertRaises(oslo_messaging.MessageDeliveryFailure,
                          self.durable_after, 'no connection')
