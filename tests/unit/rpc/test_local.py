"""The in-process driver, as oslo.messaging uses it."""

import threading
import time

import oslo_messaging

from glance.common import concurrency
from glance.common import context
from glance.conf import CONF
from glance.rpc import transport
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class RpcTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.transport = transport.get_transport('registry', transport.CLIENTS)

    def listen(self, name, topic='t', endpoint=None):
        endpoint = endpoint or endpoints.Things()
        one = oslo_messaging.get_rpc_server(
            self.transport, oslo_messaging.Target(topic=topic, server=name),
            [endpoint], serializer=context.Serializer())
        one.start()
        self.addCleanup(one.stop)
        return endpoint

    def client(self, topic='t', **target):
        return oslo_messaging.get_rpc_client(
            self.transport,
            oslo_messaging.Target(topic=topic, namespace='things',
                                  version='1.0', **target),
            serializer=context.Serializer(), timeout=5)

    def call(self, method, client=None, **kwargs):
        return (client or self.client()).call(context.BusContext(), method,
                                              **kwargs)

    def test_servers_take_turns(self):
        first, second = self.listen('one'), self.listen('two')
        for value in range(4):
            self.call('echo', value=value)
        self.assertEqual((2, 2), (len(first.calls), len(second.calls)))

    def test_one_server_by_name(self):
        first, second = self.listen('one'), self.listen('two')
        for value in range(3):
            self.call('echo', self.client(server='two'), value=value)
        self.assertEqual(([], [0, 1, 2]), (first.calls, second.calls))

    def test_fanout_reaches_all(self):
        listening = [self.listen('one'), self.listen('two')]
        self.client(fanout=True).cast(context.BusContext(), 'echo', value=1)
        for things in listening:
            self.assertTrue(things.called.wait(5))
            self.assertEqual([1], things.calls)

    def test_fanout_to_nobody(self):
        for options in None, oslo_messaging.TransportOptions(
                at_least_once=True):
            self.client(fanout=True).prepare(transport_options=options).cast(
                context.BusContext(), 'echo', value=1)

    def test_topics_are_apart(self):
        things = self.listen('one', topic='a')
        self.listen('one', topic='b')
        self.call('echo', self.client(topic='b'), value=1)
        self.assertEqual([], things.calls)

    def test_exchanges_are_apart(self):
        things = []
        for exchange in 'one', 'two':
            things.append(endpoints.Things())
            server_ = oslo_messaging.get_rpc_server(
                self.transport, oslo_messaging.Target(
                    topic='t', server='s', exchange=exchange),
                [things[-1]], serializer=context.Serializer())
            server_.start()
            self.addCleanup(server_.stop)
        self.call('echo', self.client(exchange='two'), value=1)
        self.assertEqual([[], [1]], [one.calls for one in things])

    def test_named_buses_are_apart(self):
        things = self.listen('one')
        self.config.config(transport_url='local:///other')
        self.transport = transport.get_transport('registry', transport.CLIENTS)
        self.assertRaises(oslo_messaging.MessageUndeliverable, self.call,
                          'echo', value=1)
        self.assertEqual([], things.calls)

    def test_unread_cast_is_dropped_like_on_a_real_bus(self):
        self.client().cast(context.BusContext(), 'echo', value=1)

    def test_mandatory_cast_that_nobody_takes(self):
        sender = self.client().prepare(
            transport_options=oslo_messaging.TransportOptions(
                at_least_once=True))
        self.assertRaises(oslo_messaging.MessageUndeliverable, sender.cast,
                          context.BusContext(), 'echo', value=1)

    def test_a_call_without_answer_ends_at_its_timeout(self):
        things = self.listen('one')
        self.addCleanup(things.may_go_on.set)
        begin = time.monotonic()
        self.assertRaises(oslo_messaging.MessagingTimeout,
                          self.client().prepare(timeout=0.2).call,
                          context.BusContext(), 'block')
        self.assertLess(time.monotonic() - begin, 20)

    def test_late_answer_harms_nobody(self):
        things = self.listen('one')
        self.assertRaises(oslo_messaging.MessagingTimeout,
                          self.client().prepare(timeout=0.1).call,
                          context.BusContext(), 'block')
        things.may_go_on.set()
        self.assertEqual(1, self.call('echo', value=1))

    def test_foreign_error_is_a_remote_error(self):
        self.listen('one')
        error = self.assertRaises(oslo_messaging.RemoteError, self.call,
                                  'refuse', name='Conflict', message='no')
        self.assertEqual('Conflict', error.exc_type)

    def test_what_is_no_json_is_refused_by_the_sender(self):
        self.listen('one')
        self.assertRaises(ValueError, self.call, 'echo', value=object())

    def test_stopped_server_gets_nothing(self):
        first, second = endpoints.Things(), self.listen('two')
        one = oslo_messaging.get_rpc_server(
            self.transport, oslo_messaging.Target(topic='t', server='one'),
            [first], serializer=context.Serializer())
        one.start()
        one.stop()
        one.wait()
        for value in range(3):
            self.call('echo', value=value)
        self.assertEqual(([], 3), (first.calls, len(second.calls)))

    def test_calls_from_a_native_thread(self):
        self.listen('one')
        worker = concurrency.Worker()
        self.addCleanup(worker.stop)
        self.assertEqual(
            3, worker.run(lambda: self.call('echo', value=3)))


class NotificationTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.transport = oslo_messaging.get_notification_transport(CONF)
        self.addCleanup(self.transport.cleanup)

    def listen(self, **kwargs):
        inbox = _Inbox()
        one = oslo_messaging.get_notification_listener(
            self.transport, [oslo_messaging.Target(topic='notifications')],
            [inbox], **kwargs)
        one.start()
        self.addCleanup(one.stop)
        return inbox

    def notify(self, payload, priority='info'):
        notifier = oslo_messaging.Notifier(
            self.transport, driver='messagingv2', topics=['notifications'],
            publisher_id='image.localhost')
        getattr(notifier, priority)({}, 'image.create', payload)

    def test_listener_gets_every_event(self):
        inbox = self.listen()
        for number in range(20):
            self.notify({'number': number})
        self.assertEqual(list(range(20)),
                         sorted(p['number'] for p in inbox.take(20)))

    def test_one_of_the_listeners_gets_it(self):
        first, second = self.listen(), self.listen()
        self.notify({'number': 1})
        self.assertTrue(first.some.wait(2) or second.some.wait(2))
        self.assertEqual(1, len(first.payloads) + len(second.payloads))

    def test_each_pool_gets_it(self):
        inboxes = [self.listen(), self.listen(pool='audit')]
        self.notify({'number': 1})
        for inbox in inboxes:
            self.assertEqual([{'number': 1}], inbox.take(1))

    def test_priority_is_part_of_the_address(self):
        inbox = self.listen()
        self.notify({'number': 1}, priority='error')
        self.notify({'number': 2})
        self.assertEqual([{'number': 2}], inbox.take(1))

    def test_nobody_listens(self):
        self.notify({'number': 1})

    def test_given_back(self):
        """A listener cannot deal with it now."""
        inbox = self.listen(allow_requeue=True)
        inbox.answers = [oslo_messaging.NotificationResult.REQUEUE]
        self.notify({'number': 1})
        self.assertEqual([{'number': 1}] * 2, inbox.take(2))


class _Inbox:

    def __init__(self):
        self.payloads = []
        self.answers = []
        self.some = threading.Event()

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        self.payloads.append(payload)
        self.some.set()
        return self.answers.pop() if self.answers else None

    def take(self, count):
        deadline = time.monotonic() + 5
        while len(self.payloads) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.payloads
