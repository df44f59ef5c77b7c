"""Calls over RabbitMQ do what calls within a process do."""

import threading

import fixtures
from oslo_messaging._drivers import impl_rabbit
from oslo_utils import uuidutils

from glance.common import concurrency
from glance.common import exceptions
from glance.rpc.lean import publisher
from tests.functional.bus import base

# More than the driver has connections, and waits for answers, by default.
CLIENTS = 32
_SENDERS = {'stock': (impl_rabbit.Connection, 'topic_send'),
            'lean': (publisher.Publisher, 'call')}


class CallTestCase(base.RabbitTestCase):

    def setUp(self):
        super().setUp()
        self.things = self.serve(fanout=True)
        self.rpc = self.client()
        self.until_served(self.rpc)
        for seen in (self.things.contexts, self.things.calls,
                     self.things.called):
            seen.clear()

    def test_a_value_comes_back_as_it_was_sent(self):
        value = {'a': [1, None, 'é']}
        self.assertEqual(value, self.rpc.call(self.ctxt, 'things', 'echo',
                                              value=value))
        self.assertEqual(self.ctxt.request_id,
                         self.things.contexts[0].request_id)

    def test_write_has_a_call_id(self):
        self.rpc.write(self.ctxt, 'things', 'echo', value=1)
        self.assertTrue(uuidutils.is_uuid_like(
            self.things.contexts[0].call_id))

    def test_only_our_own_errors_keep_their_message(self):
        error = self.assertRaises(
            exceptions.Duplicate, self.rpc.call, self.ctxt, 'things',
            'refuse', name='Duplicate', message='twice')
        self.assertEqual('twice', str(error))
        error = self.assertRaises(exceptions.GlanceError, self.rpc.call,
                                  self.ctxt, 'things', 'break_down')
        self.assertEqual(exceptions.GlanceError.default, str(error))

    def test_casts_with_and_without_fanout_arrive(self):
        self.rpc.cast(self.ctxt, 'things', 'echo', value=1)
        self.assertTrue(self.things.called.wait(5))
        self.things.called.clear()
        self.rpc.cast(self.ctxt, 'things', 'echo', fanout=True, value=2)
        self.assertTrue(self.things.called.wait(5))
        self.assertEqual([1, 2], self.things.calls)

    def test_many_at_once(self):
        tasks = [concurrency.spawn(self.outcome, self.rpc, number)
                 for number in range(100)]
        self.assertEqual(list(range(100)),
                         [task.wait(30)[0] for task in tasks])

    def test_many_clients_are_nothing_to_warn_of(self):
        """All send at the same time, and wait at the same time."""
        self.config.config(rpc_timeout=240, group='registry')
        logged = self.useFixture(fixtures.FakeLogger('oslo_messaging'))
        self.addCleanup(self.things.may_go_on.set)
        meeting = threading.Barrier(CLIENTS + 1)
        kind, name = _SENDERS[self.driver]
        send = getattr(kind, name)

        def send_together(*args, **kwargs):
            if 'block' in str(args) + str(kwargs):
                # Who has to wait for a connection never comes here.
                meeting.wait(60)
            return send(*args, **kwargs)
        self.useFixture(fixtures.MonkeyPatch(
            '%s.%s.%s' % (kind.__module__, kind.__name__, name),
            send_together))
        tasks = [concurrency.spawn(self.rpc.call, self.ctxt, 'things',
                                   'block') for _ in range(CLIENTS)]
        meeting.wait(60)
        self.things.may_go_on.set()
        for task in tasks:
            self.assertIsNone(task.wait(base.BACK))
        self.assertNotRegex(logged.output, 'limit exceeded|leak')


class StockCallTestCase(CallTestCase):
    """With the driver of oslo.messaging."""

    driver = 'stock'


class NobodyTestCase(base.RabbitTestCase):

    def test_registry_that_never_ran(self):
        self.assertIs(exceptions.RegistryUnavailable,
                      self.outcome(self.client())[0])

    def test_registry_that_starts_later_is_found(self):
        rpc = self.client()
        self.assertIs(exceptions.RegistryUnavailable, self.outcome(rpc)[0])
        self.serve()
        self.until_served(rpc)
