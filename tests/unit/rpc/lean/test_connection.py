"""A connection that ends, or should."""

import socket
import time

from glance.common import concurrency
from glance.rpc.lean import confirms
from glance.rpc.lean import connection
from glance.rpc.lean import waiting
from tests.unit.rpc.lean import base

# More than all that is between two processes takes.
MUCH = 64 * 2 ** 20


class ConnectionTestCase(base.LeanTestCase):

    def call(self, one, size=0):
        return concurrency.spawn(lambda: one.send(
            base.TARGET, {}, {'method': 'm', 'args': size * 'x'},
            wait_for_reply=True, timeout=100 * base.PATIENCE,
            transport_options=base.MANDATORY))

    def start(self, query=''):
        """:returns: (the driver, a task that calls)"""
        one = self.driver(query)
        return one, self.call(one)


class TestEnd(ConnectionTestCase):

    def why(self, end, *args):
        one, task = self.start()
        self.published()
        end(*args)
        error = self.assertRaises(connection.Lost, task.wait, base.PATIENCE)
        # Another one takes its place.
        deadline = time.monotonic() + base.PATIENCE
        while len(self.peer.connections) < 2:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return str(error)

    def test_the_broker_ends_a_channel(self):
        self.assertEqual('no such exchange',
                         self.why(self.peer.end_channel, 'no such exchange'))

    def test_the_broker_ends_the_connection_and_is_told_so(self):
        self.assertEqual('shutdown',
                         self.why(self.peer.end_connection, 'shutdown'))
        deadline = time.monotonic() + base.PATIENCE
        while (10, 51) not in self.peer.asked:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_a_queue_is_gone(self):
        self.assertIn('queue', self.why(self.peer.cancel))

    def test_what_it_does_not_know_changes_nothing(self):
        one, task = self.start()
        message = self.published()[3]
        self.peer.send(b'\x01\x00\x01\x00\x00\x00\x05\x00\x14\x00\x14\x01'
                       b'\xce')
        self.peer.deliver(b'{"result": 3, "ending": true}',
                          message_id=message.message_id)
        self.assertEqual(3, task.wait(base.PATIENCE))


class TestStuckWriter(ConnectionTestCase):
    """The broker is there and reads nothing: it was frozen."""

    def stuck(self, query=''):
        self.addCleanup(self.peer.may_read.set)
        one, task = self.start(query)
        self.peer.deliver(b'{"result": 3, "ending": true}',
                          message_id=self.published()[3].message_id)
        task.wait(base.PATIENCE)
        self.peer.may_read.clear()
        task = self.call(one, MUCH)
        over = one._publisher._keeper.get(0)
        # Not every kernel ends what the other one still answers for.
        over._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 0)
        deadline = time.monotonic() + base.PATIENCE
        while not over._writing.locked():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return one, task

    def test_that_it_is_silent_is_noticed(self):
        _one, task = self.stuck('?heartbeat_timeout_threshold=1')
        self.assertRaises(connection.Lost, task.wait, base.PATIENCE)

    def test_the_connection_can_be_closed(self):
        one, task = self.stuck('?heartbeat_timeout_threshold=0')
        concurrency.spawn(one.cleanup).wait(base.PATIENCE)
        self.assertRaises(connection.Lost, task.wait, base.PATIENCE)


class TestNumbers(ConnectionTestCase):

    def test_who_comes_with_the_connection_of_before(self):
        """The numbers of the next one stay what they are."""
        one, task = self.start()
        self.published()
        old = one._publisher._keeper.get(0)
        self.peer.drop()
        self.assertRaises(connection.Lost, task.wait, base.PATIENCE)
        new = one._publisher._keeper.get(base.PATIENCE)
        self.assertIsNot(old, new)
        counted = confirms.Confirms(waiting.Waiters())
        self.assertRaises(TimeoutError, self.send, counted, new)
        self.assertRaises(connection.Lost, counted.send, old, 'i', b'', 1)
        self.assertRaises(TimeoutError, self.send, counted, new)
        self.assertEqual(2, counted._number)

    def send(self, counted, over):
        waiter = counted._waiters.add('i')
        with counted._order:
            counted._count(over, waiter)
        waiter.wait(0)
