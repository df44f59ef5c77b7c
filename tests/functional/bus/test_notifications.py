"""Readers of notifications may have declared the exchange in their own way."""

import json

import kombu
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.conf import CONF
from glance.conf import rpc
from glance.notifications import bus
from tests.fixtures.servers import rabbitmq


class NotificationBusTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.broker = self.useFixture(rabbitmq.RabbitMQ())
        CONF.reset()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        rpc.set_defaults()
        bus.register_opts(CONF)
        self.config = self.useFixture(config_fixture.Config(CONF))
        self.config.config(driver=['messagingv2'],
                           transport_url=self.broker.url,
                           group='oslo_messaging_notifications')

    def receive(self, durable_reader, durable_option):
        """What a reader gets that was there before the first message."""
        self.config.config(amqp_durable_queues=durable_option,
                           group='oslo_messaging_rabbit')
        url = self.broker.url.replace('rabbit://', 'amqp://')
        with kombu.Connection(url) as connection:
            exchange = kombu.Exchange('glance', 'topic',
                                      durable=durable_reader)
            queue = kombu.Queue('notifications.info', exchange,
                                routing_key='notifications.info',
                                durable=durable_reader
                                ).bind(connection.channel())
            queue.declare()
            sender = bus.Bus()
            for number in range(2):
                sender.send('id', 'a.b', 'INFO', {'n': number}, 0)
            got = [json.loads(queue.get(no_ack=True).payload['oslo.message'])
                   for _ in range(2)]
            queue.delete()
            exchange(connection.channel()).delete()
        return [message['payload']['n'] for message in got]

    def test_every_reader_is_reached(self):
        for durable_reader in (False, True):
            for durable_option in (False, True):
                self.assertEqual([0, 1], self.receive(durable_reader,
                                                      durable_option))

    def test_queue_deleted_between_two_messages(self):
        url = self.broker.url.replace('rabbit://', 'amqp://')
        sender = bus.Bus()
        with kombu.Connection(url) as connection:
            queue = kombu.Queue('notifications.info').bind(
                connection.channel())
            for number in range(3):
                sender.send('id', 'a.b', 'INFO', {'n': number}, 0)
                message = json.loads(
                    queue.get(no_ack=True).payload['oslo.message'])
                self.assertEqual(number, message['payload']['n'])
                queue.delete()
