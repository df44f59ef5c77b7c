"""The broker stops, freezes, comes back; nobody helps."""

import os
import signal
import subprocess
import threading
import time

from glance.common import concurrency
from glance.common import exceptions
from glance.rpc import transport
from tests.functional.bus import base


class OutageTestCase(base.RabbitTestCase):

    private = True

    def setUp(self):
        super().setUp()
        self.things = self.serve()
        self.rpc = self.client()
        self.until_served(self.rpc)

    def refuse_quickly(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            result, spent = self.outcome(self.rpc)
            self.assertIs(exceptions.RegistryUnavailable, result)
            self.assertLess(spent, base.AT_ONCE)
            time.sleep(0.05)

    def test_stopped_broker(self):
        self.broker.stop()
        self.refuse_quickly(2)
        before = threading.active_count()
        self.refuse_quickly(6)
        self.assertLessEqual(threading.active_count(), before + 2)
        self.broker.start()
        self.until_served(self.rpc)

    def test_call_under_way_ends_when_the_broker_stops(self):
        self.addCleanup(self.things.may_go_on.set)
        task = concurrency.spawn(self.rpc.call, self.ctxt, 'things', 'block')
        time.sleep(0.3)
        self.broker.stop()
        begin = time.monotonic()
        self.assertRaises(exceptions.RegistryUnavailable, task.wait, base.BACK)
        self.assertLess(time.monotonic() - begin, base.AT_ONCE)

    def test_quick_restart_that_no_request_saw(self):
        self.broker.stop()
        self.broker.start()
        self.until_served(self.rpc)

    def test_frozen_broker(self):
        pids = tree(self.broker.process.pid)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        while {state(pid) for pid in pids} - set('TZ'):
            time.sleep(0.01)
        try:
            result, spent = self.outcome(self.rpc)
            self.assertIs(exceptions.RegistryUnavailable, result)
            self.assertLess(spent, base.AT_ONCE)
            self.refuse_quickly(2)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        self.until_served(self.rpc)


class StockOutageTestCase(OutageTestCase):
    """With the driver of oslo.messaging."""

    driver = 'stock'

    def test_answer_that_is_back_before_its_listener(self):
        self.config.config(kombu_missing_consumer_retry_timeout=1,
                           group='oslo_messaging_rabbit')
        listener = transport.get_transport(
            'registry', transport.CLIENTS)._driver._waiter.conn
        consume, may_listen = listener.consume, threading.Event()
        listener.consume = lambda timeout: (may_listen.wait(),
                                            consume(timeout=timeout))
        task = concurrency.spawn(self.rpc.call, self.ctxt, 'things', 'block')
        time.sleep(0.3)
        self.broker.stop()
        self.assertRaises(exceptions.RegistryUnavailable, task.wait, base.BACK)
        self.things.may_go_on.set()
        time.sleep(2)
        self.broker.start()
        time.sleep(4)
        may_listen.set()
        self.until_served(self.rpc)


class StartTestCase(base.RabbitTestCase):
    """The broker is not there yet when the others start."""

    private = True

    def test_a_client_is_served_once_the_broker_starts(self):
        self.broker.stop()
        rpc = self.client()
        result, spent = self.outcome(rpc)
        self.assertIs(exceptions.RegistryUnavailable, result)
        self.assertLess(spent, base.AT_ONCE)
        self.broker.start()
        self.serve()
        self.until_served(rpc)


def state(pid):
    """The letter of a process's state: T is stopped."""
    with open('/proc/%d/stat' % pid) as stat:
        return stat.read().rsplit(') ', 1)[1][0]


def tree(pid):
    """The ids of a process and of all below it."""
    listed = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(pid)],
                            capture_output=True, text=True).stdout.split()
    return [pid] + [one for child in listed for one in tree(int(child))]
