"""Our driver beside the stock one, and where it does otherwise."""

import subprocess
import threading
import time

import kombu

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.rpc.lean import connection
from glance.rpc import server
from glance.rpc import transport
from tests.functional.bus import base
from tests.unit.rpc import endpoints


class LeanTestCase(base.RabbitTestCase):

    def use(self, driver):
        """For what is opened from now on."""
        self.config.config(driver=driver, group='rpc')

    def publisher(self):
        return transport.get_transport(
            'registry', transport.CLIENTS)._driver._publisher


class TestUpgrade(LeanTestCase):
    """Processes with one driver and the other share a queue."""

    def check(self, server, client):
        self.use(server)
        things = self.serve(fanout=True)
        self.use(client)
        rpc = self.client()
        self.until_served(rpc)
        for value in 'é', {'__type__': 'datetime', '__value__': 'x'}, [1.5]:
            self.assertEqual(value, rpc.call(
                self.ctxt, 'things', 'echo', value=value))
        self.assertRaises(exceptions.Duplicate, rpc.call, self.ctxt,
                          'things', 'refuse', name='Duplicate', message='x')
        # Of more than one frame.
        value = 'x' * 1000000
        self.assertEqual(value, rpc.call(self.ctxt, 'things', 'echo',
                                         value=value))
        things.calls.clear()
        rpc.cast(self.ctxt, 'things', 'echo', value=1)
        rpc.cast(self.ctxt, 'things', 'echo', fanout=True, value=2)
        deadline = time.monotonic() + base.BACK
        while sorted(things.calls) != [1, 2]:
            self.assertLess(time.monotonic(), deadline, things.calls)
            time.sleep(0.05)

    def test_a_new_client_is_served_by_an_old_server(self):
        self.check('stock', 'lean')

    def test_an_old_client_is_served_by_a_new_server(self):
        self.check('lean', 'stock')

    def test_new_ones_among_themselves(self):
        self.check('lean', 'lean')


class TestConnection(LeanTestCase):

    def setUp(self):
        super().setUp()
        self.use('lean')
        self.things = self.serve()
        self.rpc = self.client()
        self.until_served(self.rpc)

    def break_off(self):
        """Cut the connection over which the client hears."""
        self.publisher()._keeper.get(0)._sock.shutdown(2)

    def test_a_call_is_sent_again_when_the_connection_breaks(self):
        """And not only after a half of its time."""
        self.config.config(rpc_timeout=4 * base.BACK, group='registry')
        self.addCleanup(self.things.may_go_on.set)
        task = concurrency.spawn(self.rpc.call, self.ctxt, 'things', 'block')
        deadline = time.monotonic() + base.BACK
        while not self.publisher()._waiters._waiting:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.break_off()
        self.things.may_go_on.set()
        self.assertIsNone(task.wait(base.BACK))

    def test_the_name_of_before_is_still_taken(self):
        with kombu.Connection(self.broker.url.replace(
                'rabbit:', 'amqp:')) as other:
            taken = kombu.Queue('taken' + 32 * '0', channel=other.channel(),
                                exclusive=True)
            taken.declare()
            self.publisher().queue = taken.name
            self.break_off()
            self.until_served(self.rpc)
        self.assertNotEqual(taken.name, self.publisher().queue)
        self.assertTrue(self.publisher().queue.startswith('taken'))


class TestAlarm(LeanTestCase):
    """The broker lacks memory, and reads from nobody who sends."""

    private = True

    def control(self, *arguments):
        subprocess.run([self.broker.control, '-q', *arguments], check=True,
                       capture_output=True)

    def test_who_asks_is_told_at_once(self):
        self.use('lean')
        self.serve()
        rpc = self.client()
        self.until_served(rpc)
        threads = threading.active_count()
        self.control('set_vm_memory_high_watermark', '0')
        deadline = time.monotonic() + base.BACK
        while self.outcome(rpc)[0] == 1:    # until it notices
            self.assertLess(time.monotonic(), deadline)
        for _ in range(3):
            result, spent = self.outcome(rpc)
            self.assertIs(exceptions.RegistryUnavailable, result)
            self.assertLess(spent, base.AT_ONCE)
        self.assertLessEqual(threading.active_count(), threads + 2)
        self.control('set_vm_memory_high_watermark', '0.4')
        self.until_served(rpc)

    def test_casts_that_the_broker_has_stay(self):
        """Also over a lack of room on its disk; more are refused meanwhile."""
        self.use('lean')
        one = server.make_server('registry', None, [endpoints.Things()])
        one.start()
        one.stop()
        one.wait()
        rpc = self.client()
        self.until_cast(rpc, 1)
        self.control('set_disk_free_limit', '1000000GB')
        deadline = time.monotonic() + base.BACK
        while self.is_taken(rpc, 0):        # until it notices
            self.assertLess(time.monotonic(), deadline)
        begin = time.monotonic()
        self.assertFalse(self.is_taken(rpc, 2))
        self.assertLess(time.monotonic() - begin, base.AT_ONCE)
        self.control('set_disk_free_limit', '100MB')
        self.until_cast(rpc, 3)
        things = self.serve()
        while 3 not in things.calls:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
        self.assertEqual([1, 3], [one for one in things.calls if one])
        self.until_served(rpc)

    def is_taken(self, rpc, value):
        """Past the breaker, which knows that nobody serves."""
        try:
            rpc._prepare('things', '1.0')(None).cast(
                context.internal(), 'echo', value=value)
        except connection.Lost:
            return False
        return True

    def until_cast(self, rpc, value):
        deadline = time.monotonic() + base.BACK
        while not self.is_taken(rpc, value):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
