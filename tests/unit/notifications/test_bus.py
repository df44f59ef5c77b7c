"""What the bus of notifications does with a broker of other habits."""

import fixtures
from oslo_config import fixture as config_fixture
import oslo_messaging
from oslotest import base

from glance.conf import CONF
from glance.conf import errors
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


class TestDrivers(KindTestCase):
    """What nobody sends must not count as sent."""

    def refused(self, *names):
        self.useFixture(config_fixture.Config(CONF)).config(
            group='oslo_messaging_notifications', driver=list(names))
        return str(self.assertRaises(errors.ConfigurationError, bus.Bus))

    def test_a_driver_that_is_not_there(self):
        for name in 'messagingv3', 'messagingv2,log', "['log']":
            self.assertIn(name, self.refused('log', name))

    def test_a_driver_that_cannot_be_used(self):
        def fail(*args, **kwargs):
            raise OSError('no socket')
        self.useFixture(fixtures.MonkeyPatch(
            'oslo_messaging.notify._impl_log.LogDriver.__init__', fail))
        self.assertIn('log of notifications cannot be used: no socket',
                      self.refused('log'))
