"""A client as over a broker, with all the care that it takes there."""

import contextlib
import threading
import time

import fixtures
import oslo_messaging

from glance.common import exceptions
from glance.rpc import breaker
from glance.rpc import local
from glance.rpc import self_check
from glance.rpc import transport
from tests.unit.rpc import base
from tests.unit.rpc import endpoints


class GuardedTestCase(base.BusTestCase):
    """The bus is in this process, and nobody knows."""

    def setUp(self):
        super().setUp()
        self.patch('glance.rpc.transport.is_local',
                   lambda service, whose: False)
        self.broker = True
        self.patch('glance.rpc.transport.broker_listens',
                   lambda service: self.broker)
        self.patch('glance.rpc.breaker.RETRY_EVERY', 0.02)
        self.config.config(rpc_timeout=4, group='registry')
        self.things = endpoints.Things()
        self.server = self.serve(self.things)
        self.addCleanup(self.things.may_go_on.set)
        self.ctxt = endpoints.a_context()

    def patch(self, name, value):
        self.useFixture(fixtures.MonkeyPatch(name, value))

    def client(self, **kwargs):
        """One that knows that the service answers."""
        one = super().client(**kwargs)
        self.assertTrue(one._breaker.is_up())
        return one

    def call(self, rpc, method='echo', **kwargs):
        return rpc.call(self.ctxt, 'things', method, **kwargs)

    def refused(self, rpc):
        begin = time.monotonic()
        self.assertRaises(exceptions.RegistryUnavailable, self.call, rpc,
                          value=0)
        self.assertLess(time.monotonic() - begin, 2)

    def until(self, check):
        deadline = time.monotonic() + 20
        while not check():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def block(self, rpc, verb='call'):
        """:returns: the errors of a call that is under way"""
        errors = []

        def call():
            try:
                getattr(rpc, verb)(self.ctxt, 'things', 'block')
            except exceptions.GlanceError as error:
                errors.append(error)
        thread = threading.Thread(target=call)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.things.may_go_on.set)
        self.until(lambda: rpc._breaker.count() == 1)
        return errors


class CallTestCase(GuardedTestCase):

    def test_all_verbs(self):
        rpc = self.client()
        self.assertEqual(1, self.call(rpc, value=1))
        self.assertEqual(2, rpc.write(self.ctxt, 'things', 'echo', value=2))
        self.assertIsNone(rpc.cast(self.ctxt, 'things', 'echo', value=3))
        self.until(lambda: len(self.things.calls) == 3)
        self.assertEqual([1, 2, 3], self.things.calls)
        self.until(lambda: rpc._breaker.count() == 0)

    def test_what_is_refused_says_nothing_of_the_service(self):
        rpc = self.client()
        self.assertRaises(exceptions.Conflict, self.call, rpc, 'refuse',
                          name='Conflict', message='no')
        self.assertEqual(breaker.UP, rpc._breaker.state)
        self.until(lambda: rpc._breaker.count() == 0)

    def test_so_many_may_be_under_way(self):
        self.config.config(rpc_max_pending=1, group='registry')
        rpc = self.client()
        self.block(rpc)
        self.refused(rpc)
        self.things.may_go_on.set()
        self.until(lambda: rpc._breaker.count() == 0)
        self.assertEqual(1, self.call(rpc, value=1))

    def test_closed_clients_look_no_more(self):
        rpc = self.client()
        rpc.close()
        self.assertTrue(rpc._breaker._stopped)


class BrokerTestCase(GuardedTestCase):
    """The broker goes away, or never was there."""

    def setUp(self):
        super().setUp()
        self.sends, self.retries = True, set()
        send = local.LocalDriver.send

        def maybe(driver, *args, **kwargs):
            self.retries.add(kwargs['retry'])
            if not self.sends:
                raise ConnectionError('no broker')
            return send(driver, *args, **kwargs)
        self.patch('glance.rpc.local.LocalDriver.send', maybe)

    def test_not_there_yet(self):
        self.broker = False
        rpc = super(GuardedTestCase, self).client()
        self.assertFalse(rpc._breaker.is_up())
        self.refused(rpc)
        self.broker = True
        self.until(rpc._breaker.is_up)
        self.assertEqual(1, self.call(rpc, value=1))

    def test_the_driver_does_not_try_again(self):
        """It would do so for ever; we do it ourselves."""
        rpc = self.client()
        self.call(rpc, value=1)
        rpc.cast(self.ctxt, 'things', 'echo', value=1)
        self.server._send_one()
        self.assertEqual({0}, self.retries)

    def test_gone_is_told_to_all_who_wait(self):
        rpc = self.client()
        errors = self.block(rpc)
        self.broker = self.sends = False
        self.refused(rpc)
        self.until(lambda: errors)
        self.assertIsInstance(errors[0], exceptions.RegistryUnavailable)
        self.broker = self.sends = True
        self.until(rpc._breaker.is_up)

    def test_gone_is_noticed_by_who_waits(self):
        """Nobody else sends anything."""
        rpc = self.client()
        errors = self.block(rpc)
        self.broker = False
        self.until(lambda: errors)
        self.assertEqual(breaker.DOWN, rpc._breaker.state)

    def test_there_all_the_while(self):
        rpc = self.client()
        errors = self.block(rpc)
        time.sleep(3 * breaker.SUSPICIOUS_AFTER)
        self.assertEqual([], errors)
        self.assertEqual(breaker.UP, rpc._breaker.state)
        self.things.may_go_on.set()

    def test_lost_once_is_sent_again(self):
        rpc = self.client()
        sent = []

        def lose_first():
            sent.append(1)
            if len(sent) == 1:
                raise ConnectionError('reset')
        self.assertIsNone(rpc._send(lambda timeout: lose_first()))
        self.assertEqual(2, len(sent))
        self.assertEqual(breaker.UP, rpc._breaker.state)


class ServiceTestCase(GuardedTestCase):
    """The broker is there and the service is not."""

    def test_silence_of_one_call_says_nothing_of_others(self):
        self.config.config(rpc_timeout=1, group='registry')
        rpc = self.client()
        self.assertRaises(exceptions.RegistryUnavailable, self.call, rpc,
                          'block')
        self.things.may_go_on.set()
        time.sleep(2 * breaker.SUSPICIOUS_AFTER)
        self.assertEqual(breaker.UP, rpc._breaker.state)
        self.assertEqual(1, self.call(rpc, value=1))

    def test_nobody_reads(self):
        rpc = self.client()
        self.server.stop()
        self.refused(rpc)
        self.until(lambda: rpc._breaker.state == breaker.DOWN)
        self.server = self.serve(self.things)
        self.until(rpc._breaker.is_up)
        self.assertEqual(1, self.call(rpc, value=1))

    def test_a_write_may_still_take_effect(self):
        """Who has sent it is not told that it did not."""
        rpc = self.client()
        errors = self.block(rpc, 'write')
        rpc._breaker.trip('silent')
        time.sleep(0.1)
        self.assertEqual([], errors)
        rpc._breaker.trip('gone', is_broker=True)
        self.until(lambda: errors)

    def test_what_answers_otherwise_is_not_the_service(self):
        for answer in {'result': 'ping'}, {'error': {}}, None:
            rpc = self.client()
            rpc._bus = lambda *args: answer     # noqa: B023
            self.assertRaises(Exception, rpc._ping, 1)      # noqa: H202


class RenewedTestCase(GuardedTestCase):

    def test_the_new_transport_is_used(self):
        rpc = self.client()
        old = transport.get_transport('registry', transport.CLIENTS)
        self.addCleanup(old.cleanup)
        self.assertEqual(1, self.call(rpc, value=1))
        transport.renew('registry', old)
        old._driver.send = None
        self.assertEqual(2, self.call(rpc, value=2))

    def test_servers_keep_theirs(self):
        theirs = transport.get_transport('registry', transport.SERVERS)
        self.assertIs(theirs, self.server._transport)
        self.assertIsNot(theirs, self.client()._transport)

    def test_one_transport_while_nothing_is_renewed(self):
        rpc = self.client()
        before = rpc._rpc
        self.call(rpc, value=1)
        self.assertIs(before, rpc._rpc)


class SelfCheckTestCase(GuardedTestCase):
    """What a server sends to itself, and how it listens anew."""

    def setUp(self):
        super().setUp()
        self.patch('glance.rpc.self_check.QUIET_AFTER', 0.05)

    def test_a_server_hears_itself(self):
        one = self.serve(endpoints.Things())
        heard = one._self_check._heard
        self.until(lambda: one._self_check._heard > heard)
        self.assertEqual(breaker.UP, self.client()._breaker.state)

    def test_one_server_gets_what_it_sends(self):
        """Also those that hear what goes to all."""
        ones = [self.serve(endpoints.Things(), fanout=True)
                for _number in range(2)]
        self.server.stop()
        heard = []
        for one in ones:
            one._self_check.stop()
            one._dispatcher._heard = _Heard(heard)
        time.sleep(0.2)
        del heard[:]
        for one in ones:
            one._send_one()
        self.until(lambda: len(heard) >= 2)
        time.sleep(0.1)
        self.assertEqual(2, len(heard))

    def test_a_server_that_is_forgotten_listens_anew(self):
        log = self.useFixture(fixtures.FakeLogger())
        self.server.stop()
        one = self.serve(self.things)
        send, sent = one._self_check._send, []
        one._self_check._send = lambda: (sent.append(1), send())
        forgotten = one._server
        forgotten.stop()
        self.until(lambda: one._server is not forgotten)
        self.assertIn('Messages to glance-registry do not', log.output)
        # That there is no queue is told.
        self.assertLess(len(sent), self_check.DEAF_AFTER)
        self.assertEqual(1, self.call(self.client(), value=1))

    def test_a_server_that_is_stopped_meanwhile(self):
        self.server.stop()
        self.server._listen_anew()
        sender = oslo_messaging.get_rpc_client(
            transport.get_transport('registry', transport.CLIENTS),
            self.server._target(server=None))
        self.assertRaises(
            oslo_messaging.MessageUndeliverable,
            sender.prepare(namespace='bus', version='1.0', timeout=1).call,
            {}, 'ping')


class _Heard:

    def __init__(self, heard):
        self._heard = heard

    def message(self):
        self._heard.append(1)
        return contextlib.nullcontext()
