"""Calls, writes and casts through the guarded client."""

import contextlib
import time

import fixtures
import oslo_messaging
from oslo_utils import uuidutils

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.metrics import counters
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class ClientTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.things = self.serve_things()
        self.rpc = self.client()
        self.ctxt = endpoints.a_context()

    def call(self, method, **kwargs):
        return self.rpc.call(self.ctxt, 'things', method, **kwargs)

    def test_result_is_copied_as_json(self):
        value = {'a': [1, None, True, 'é'], 'b': {'c': 2.5}}
        result = self.call('echo', value=value)
        self.assertEqual(value, result)
        self.assertIsNot(value, result)

    def test_tuple_arrives_as_list(self):
        self.assertEqual([1, 2], self.call('echo', value=(1, 2)))

    def test_context_arrives_with_the_request_id(self):
        self.call('echo', value=1)
        seen = self.things.contexts[0]
        self.assertIsInstance(seen, context.BusContext)
        self.assertEqual(self.ctxt.request_id, seen.request_id)
        self.assertEqual(('u1', 'p1', ['member']),
                         (seen.user_id, seen.project_id, seen.roles))

    def test_bus_context_is_passed_on(self):
        self.rpc.call(context.BusContext(request_id='req-7'), 'things',
                      'echo', value=1)
        self.assertEqual('req-7', self.things.contexts[0].request_id)

    def test_call_has_no_call_id(self):
        self.call('echo', value=1)
        self.assertIsNone(self.things.contexts[0].call_id)

    def test_each_write_has_a_call_id_of_its_own(self):
        for value in 1, 2:
            self.rpc.write(self.ctxt, 'things', 'echo', value=value)
        first, second = [seen.call_id for seen in self.things.contexts]
        self.assertTrue(uuidutils.is_uuid_like(first))
        self.assertNotEqual(first, second)

    def test_write_says_how_long_it_is_waited_for(self):
        self.config.config(rpc_timeout=8, group='registry')
        before = time.time() * 1000
        self.call('echo', value=1)
        self.rpc.write(self.ctxt, 'things', 'echo', value=2)
        read, write = self.things.contexts
        self.assertIsNone(read.sent_ms)
        self.assertEqual(4000, write.valid_ms)
        self.assertLess(abs(write.sent_ms - before), 3000)

    def test_error_is_raised_as_its_class_with_the_exact_message(self):
        error = self.assertRaises(exceptions.InvalidMarker, self.call,
                                  'refuse', name='InvalidMarker',
                                  message='no é such')
        self.assertIs(exceptions.InvalidMarker, type(error))
        self.assertEqual('no é such', str(error))
        self.assertEqual('no é such', error.message)

    def test_error_with_other_arguments_keeps_its_message(self):
        error = self.assertRaises(exceptions.ImageNotFound, self.call,
                                  'refuse', name='ImageNotFound',
                                  message='gone')
        self.assertEqual('gone', str(error))

    def test_unexpected_error_tells_nothing(self):
        error = self.assertRaises(exceptions.GlanceError, self.call,
                                  'break_down')
        self.assertIs(exceptions.GlanceError, type(error))
        self.assertEqual(exceptions.GlanceError.default, str(error))

    def test_errors_of_another_release(self):
        """They may be unknown here, or something else."""
        for name in 'NoSuchError', 'webob', 'str', None:
            answer = {'class': name, 'message': 'no é such'}
            with fixtures.MockPatch('glance.rpc.server._described',
                                    return_value=answer):
                error = self.assertRaises(
                    exceptions.GlanceError, self.call, 'refuse',
                    name='Conflict', message='no')
            self.assertIs(exceptions.GlanceError, type(error))
            self.assertEqual('no é such', error.message)

    def test_what_is_called_is_counted_and_traced(self):
        calling = self.useFixture(fixtures.MockPatch(
            'glance.common.tracing.calling',
            return_value=contextlib.nullcontext({'trace': 1}))).mock
        serving = self.useFixture(fixtures.MockPatch(
            'glance.common.tracing.serving',
            return_value=contextlib.nullcontext())).mock
        counted = [counter.labels('registry', 'things.echo', 'ok')
                   for counter in (counters.RPC_CALLS, counters.RPC_SERVED)]
        before = [one._value.get() for one in counted]
        self.call('echo', value=1)
        self.assertEqual([value + 1 for value in before],
                         [one._value.get() for one in counted])
        calling.assert_called_once_with('registry', 'things.echo')
        serving.assert_called_once_with({'trace': 1}, 'registry',
                                        'things.echo')

    def test_unknown_method_is_unavailable(self):
        self.assertRaises(exceptions.ServiceUnavailable, self.call, 'nothing')

    def test_private_method_cannot_be_called(self):
        self.assertRaises(exceptions.ServiceUnavailable, self.call,
                          '_private')

    def test_newer_version_than_the_server_has(self):
        rpc = self.client(version='1.9')
        self.assertRaises(exceptions.ServiceUnavailable, rpc.call, self.ctxt,
                          'things', 'echo', version='1.9', value=1)

    def test_cast_returns_before_the_work(self):
        self.rpc.cast(self.ctxt, 'things', 'echo', value=5)
        self.assertTrue(self.things.called.wait(5))
        self.assertEqual([5], self.things.calls)

    def test_lost_answer_is_unavailable_after_the_deadline(self):
        self.config.config(rpc_timeout=1, group='registry')
        self.addCleanup(self.things.may_go_on.set)
        begin = time.monotonic()
        self.assertRaises(exceptions.RegistryUnavailable, self.call, 'block')
        self.assertLess(time.monotonic() - begin, 20)
        # Others are answered all the while.
        self.assertEqual(1, self.call('echo', value=1))

    def test_calls_overlap(self):
        task = concurrency.spawn(self.call, 'block')
        self.assertEqual(1, self.call('echo', value=1))
        self.things.may_go_on.set()
        self.assertIsNone(task.wait(5))


class NobodyTestCase(base.BusTestCase):
    """No server is there."""

    def test_call_fails_at_once(self):
        begin = time.monotonic()
        self.assertRaises(exceptions.RegistryUnavailable, self.client().call,
                          endpoints.a_context(), 'things', 'echo', value=1)
        self.assertLess(time.monotonic() - begin, 20)

    def test_conductor_has_its_own_error(self):
        self.assertRaises(exceptions.ConductorUnavailable,
                          self.client('conductor').cast,
                          endpoints.a_context(), 'things', 'echo', value=1)


class PinnedTestCase(base.BusTestCase):
    """A rolling upgrade holds the version down."""

    def setUp(self):
        super().setUp()
        self.things = self.serve_things()

    def test_version_above_the_cap_is_not_sent(self):
        self.config.config(registry='1.1', group='upgrade_levels')
        rpc = self.client()
        error = self.assertRaises(
            exceptions.RegistryUnavailable, rpc.call, endpoints.a_context(),
            'things', 'echo', version='1.2', value=1)
        self.assertIn('pinned to 1.1', error.message)
        self.assertEqual([], self.things.calls)

    def test_version_below_the_cap_is_sent(self):
        self.config.config(registry='1.1', group='upgrade_levels')
        rpc = self.client()
        self.assertEqual(1, rpc.call(endpoints.a_context(), 'things', 'echo',
                                     version='1.1', value=1))

    def test_callers_can_ask_first(self):
        rpc = self.client(version_cap='1.1')
        self.assertTrue(rpc.can_send('1.1'))
        self.assertFalse(rpc.can_send('1.2'))
        self.assertFalse(rpc.can_send('2.0'))
        rpc.check('1.1')
        self.assertRaises(exceptions.RegistryUnavailable, rpc.check, '1.2')


class RepeatedTestCase(base.BusTestCase):
    """The answer to the first try is lost."""

    def test_write_is_sent_again_with_the_same_call_id(self):
        self.config.config(rpc_timeout=1, group='registry')
        things = _LosesFirst()
        self.serve(things)
        self.assertEqual(
            2, self.client().write(endpoints.a_context(), 'things', 'count'))
        first, second = things.call_ids
        self.assertEqual(first, second)


class ClocksTestCase(base.BusTestCase):
    """The clock of the service is another one than ours."""

    def setUp(self):
        super().setUp()
        self.things = _Strict()
        self.serve(self.things)
        self.rpc = self.client()

    def write(self):
        return self.rpc.write(endpoints.a_context(), 'things', 'count')

    def test_told_so_once(self):
        self.assertEqual(2, self.write())
        self.assertEqual(3, self.write())
        first, second, third = self.things.contexts
        self.assertEqual(first.call_id, second.call_id)

    def test_told_so_twice(self):
        self.things.ahead_ms = None
        error = self.assertRaises(exceptions.RegistryUnavailable, self.write)
        self.assertIs(exceptions.CallOutdated, type(error))
        self.assertEqual(2, len(self.things.contexts))


class SilentTestCase(base.BusTestCase):
    """A broker that takes pings which nobody answers."""

    def setUp(self):
        super().setUp()
        self.rpc = self.client()
        self.renew = self.useFixture(fixtures.MockPatch(
            'glance.rpc.transport.renew')).mock
        self.useFixture(fixtures.MockPatch(
            'glance.rpc.transport.broker_listens', return_value=True))
        self.bus = self.useFixture(fixtures.MockPatchObject(
            self.rpc, '_bus')).mock

    def renewals(self, pings):
        """:returns: after which pings the transport was replaced"""
        self.bus.side_effect = oslo_messaging.MessagingTimeout
        found = []
        for number in range(1, pings + 1):
            self.renew.reset_mock()
            self.assertRaises(oslo_messaging.MessagingTimeout,
                              self.rpc._ping, 1)
            if self.renew.called:
                self.renew.assert_called_once_with('registry',
                                                   self.rpc._transport)
                found.append(number)
        return found

    def test_the_transport_is_replaced_less_and_less_often(self):
        self.assertEqual([3, 6, 12, 24, 48], self.renewals(50))

    def test_an_answer_begins_the_count_anew(self):
        self.renewals(5)
        self.bus.side_effect = [{'result': 'pong'}]
        self.rpc._ping(1)
        self.assertEqual([3], self.renewals(5))


class _Strict(endpoints.Things):
    """Its clock goes an hour before ours, or who knows how."""

    ahead_ms = 3600 * 1000

    def count(self, ctxt):
        self.contexts.append(ctxt)
        now = time.time() * 1000 + (self.ahead_ms or 0)
        if self.ahead_ms is None or not (
                ctxt.sent_ms - 1 <= now <= ctxt.sent_ms + ctxt.valid_ms):
            raise exceptions.CallOutdated(now_ms=now)
        return len(self.contexts)


class _LosesFirst(endpoints.Things):

    def __init__(self):
        super().__init__()
        self.call_ids = []

    def count(self, ctxt):
        self.call_ids.append(ctxt.call_id)
        if len(self.call_ids) == 1:
            time.sleep(0.7)
        return len(self.call_ids)
