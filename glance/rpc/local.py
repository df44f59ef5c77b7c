"""An oslo.messaging driver for one process: no broker, no polling.

A message is pushed to the listener's callback at once. It is copied through
JSON as on a real bus, so that nothing works here that would fail there. The
host name part of the URL is not used; the path names a separate bus
(`local:///name`), which keeps tests apart.
"""

import itertools
import json
import threading

import oslo_messaging
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_serialization import jsonutils

from glance.common import concurrency

_buses = {}
_buses_lock = threading.Lock()


class Bus:
    """The listeners of one bus by exchange and topic."""

    def __init__(self):
        self._lock = threading.Lock()
        self._listeners = {}
        self._turn = itertools.count()

    def add(self, address, listener):
        with self._lock:
            there = self._listeners.get(address, ())
            self._listeners[address] = there + (listener,)

    def remove(self, listener):
        with self._lock:
            for address, there in list(self._listeners.items()):
                self._listeners[address] = tuple(
                    other for other in there if other is not listener)

    def at(self, address):
        return self._listeners.get(address, ())

    def next_of(self, listeners):
        return listeners[next(self._turn) % len(listeners)]


def bus_named(name):
    with _buses_lock:
        return _buses.setdefault(name or '', Bus())


class Incoming(base.RpcIncomingMessage):
    """A message on its way to an endpoint."""

    def __init__(self, raw, answer, again):
        super().__init__(*json.loads(raw))
        self._answer, self._again = answer, again

    def reply(self, reply=None, failure=None):
        if self._answer is None:
            return
        if failure is None:
            self._answer((jsonutils.dumps(reply), None))
        else:
            self._answer((None, common.serialize_remote_exception(failure)))

    def requeue(self):
        self._again()

    def heartbeat(self):
        """A reply cannot get lost here, nobody needs signs of life."""


class Listener(base.Listener):
    """One subscriber; the bus pushes to it between start and stop."""

    def __init__(self, bus, addresses, server=None, pool=None,
                 batch_size=1, batch_timeout=None):
        super().__init__(batch_size, batch_timeout)
        self._bus, self._addresses = bus, addresses
        self.server, self.pool = server, pool

    def start(self, on_incoming_callback):
        super().start(on_incoming_callback)
        for address in self._addresses:
            self._bus.add(address, self)

    def stop(self):
        self._bus.remove(self)
        super().stop()

    def cleanup(self):
        """Nothing is held."""

    def push(self, raw, answer):
        """:returns: whether the subscriber took the message"""
        callback = self.on_incoming_callback
        if callback is None:
            return False
        incoming = Incoming(raw, answer, lambda: self.push(raw, answer))
        concurrency.call_in_hub(callback, [incoming])
        return True


class LocalDriver(base.BaseDriver):
    """The driver behind `local://`."""

    def __init__(self, conf, url, default_exchange=None,
                 allowed_remote_exmods=None):
        super().__init__(conf, url, default_exchange, allowed_remote_exmods)
        self._bus = bus_named(url.virtual_host)

    def require_features(self, requeue=False):
        """All of them are there."""

    def _address(self, target, topic=None):
        return (target.exchange or self._default_exchange,
                topic or target.topic)

    def _recipients(self, target):
        there = self._bus.at(self._address(target))
        if target.fanout:
            return there
        if target.server:
            there = [x for x in there if x.server == target.server]
        return [self._bus.next_of(there)] if there else []

    def send(self, target, ctxt, message, wait_for_reply=None, timeout=None,
             call_monitor_timeout=None, retry=None, transport_options=None):
        raw = jsonutils.dumps([ctxt, message])
        handover = concurrency.Handover() if wait_for_reply else None
        answer = handover.give if wait_for_reply else None
        taken = [listener.push(raw, answer)
                 for listener in self._recipients(target)]
        if not any(taken) and not target.fanout and _is_mandatory(
                wait_for_reply, transport_options):
            raise oslo_messaging.MessageUndeliverable(
                'nobody listens', target.exchange, target.topic, None)
        return self._reply(handover, timeout) if wait_for_reply else None

    def _reply(self, handover, timeout):
        try:
            reply, failure = handover.wait(timeout)
        except TimeoutError:
            raise oslo_messaging.MessagingTimeout(
                'No reply within %s seconds' % timeout)
        if failure is not None:
            raise common.deserialize_remote_exception(
                failure, self._allowed_remote_exmods)
        return json.loads(reply)

    def send_notification(self, target, ctxt, message, version, retry=None):
        raw = jsonutils.dumps([ctxt, message])
        pools = {}
        for listener in self._bus.at(self._address(target)):
            pools.setdefault(listener.pool, []).append(listener)
        for members in pools.values():
            self._bus.next_of(members).push(raw, None)

    def listen(self, target, batch_size, batch_timeout):
        concurrency.prepare_hub()
        return Listener(self._bus, [self._address(target)],
                        server=target.server)

    def listen_for_notifications(self, targets_and_priorities, pool,
                                 batch_size, batch_timeout):
        concurrency.prepare_hub()
        addresses = [
            self._address(target, '%s.%s' % (target.topic, priority))
            for target, priority in targets_and_priorities]
        return Listener(self._bus, addresses, pool=pool)

    def cleanup(self):
        """Listeners leave by their own stop."""


def _is_mandatory(wait_for_reply, transport_options):
    return wait_for_reply or bool(
        transport_options and transport_options.at_least_once)
