"""An oslo.messaging driver for one process: no broker, no polling.

A message is pushed to the listener's callback at once. It is copied through
JSON as on a real bus, so that nothing works here that would fail there. The
host name part of the URL is not used; the path names a separate bus
(`local:///name`), which keeps tests apart.
"""

from collections.abc import Callable, Sequence
import itertools
import json
import threading
import typing

import oslo_messaging
from oslo_messaging._drivers import base
from oslo_messaging._drivers import common
from oslo_serialization import jsonutils

from glance.common import concurrency

# (exchange, topic)
_Address = tuple[str, str]
# Takes the text of a reply, or that of an error.
_Answer = Callable[[tuple[str | None, str | None]], None]

_buses_lock = threading.Lock()


class Bus:
    """The listeners of one bus by exchange and topic."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[_Address, tuple[Listener, ...]] = {}
        self._turn = itertools.count()

    def add(self, address: _Address, listener: 'Listener') -> None:
        with self._lock:
            there = self._listeners.get(address, ())
            self._listeners[address] = there + (listener,)

    def remove(self, listener: 'Listener') -> None:
        with self._lock:
            for address, there in list(self._listeners.items()):
                self._listeners[address] = tuple(
                    other for other in there if other is not listener)

    def at(self, address: _Address) -> 'Sequence[Listener]':
        return self._listeners.get(address, ())

    def next_of(self, listeners: 'Sequence[Listener]') -> 'Listener':
        return listeners[next(self._turn) % len(listeners)]


_buses: dict[str, Bus] = {}


def bus_named(name: str | None) -> Bus:
    with _buses_lock:
        return _buses.setdefault(name or '', Bus())


class Incoming(base.RpcIncomingMessage):
    """A message on its way to an endpoint."""

    def __init__(self, raw: str, answer: _Answer | None,
                 again: Callable[[], object]) -> None:
        super().__init__(*json.loads(raw))
        self._answer, self._again = answer, again

    def reply(self, reply: typing.Any = None,
              failure: typing.Any = None) -> None:
        if self._answer is None:
            return
        if failure is None:
            self._answer((jsonutils.dumps(reply), None))
        else:
            self._answer((None, common.serialize_remote_exception(failure)))

    def requeue(self) -> None:
        self._again()

    def heartbeat(self) -> None:
        """A reply cannot get lost here, nobody needs signs of life."""


class Listener(base.Listener):
    """One subscriber; the bus pushes to it between start and stop."""

    def __init__(self, bus: Bus, addresses: Sequence[_Address],
                 server: str | None = None, pool: str | None = None,
                 batch_size: int = 1,
                 batch_timeout: float | None = None) -> None:
        super().__init__(batch_size, batch_timeout)
        self._bus, self._addresses = bus, addresses
        self.server, self.pool = server, pool

    def start(self, on_incoming_callback: Callable[
            [list[Incoming]], object]) -> None:
        super().start(on_incoming_callback)
        for address in self._addresses:
            self._bus.add(address, self)

    def stop(self) -> None:
        self._bus.remove(self)
        super().stop()

    def cleanup(self) -> None:
        """Nothing is held."""

    def push(self, raw: str, answer: _Answer | None) -> bool:
        """:returns: whether the subscriber took the message"""
        callback = self.on_incoming_callback
        if callback is None:
            return False
        incoming = Incoming(raw, answer, lambda: self.push(raw, answer))
        concurrency.call_in_hub(callback, [incoming])
        return True


class LocalDriver(base.BaseDriver):
    """The driver behind `local://`."""

    def __init__(self, conf: typing.Any, url: typing.Any,
                 default_exchange: str | None = None,
                 allowed_remote_exmods: Sequence[str] | None = None) -> None:
        super().__init__(conf, url, default_exchange, allowed_remote_exmods)
        self._bus = bus_named(url.virtual_host)

    def require_features(self, requeue: bool = False) -> None:
        """All of them are there."""

    def _address(self, target: typing.Any,
                 topic: str | None = None) -> _Address:
        return (target.exchange or self._default_exchange,
                topic or target.topic)

    def _recipients(self, target: typing.Any) -> Sequence[Listener]:
        there = self._bus.at(self._address(target))
        if target.fanout:
            return there
        if target.server:
            there = [x for x in there if x.server == target.server]
        return [self._bus.next_of(there)] if there else []

    def send(self, target: typing.Any, ctxt: dict[str, typing.Any],
             message: dict[str, typing.Any],
             wait_for_reply: bool | None = None, timeout: float | None = None,
             call_monitor_timeout: float | None = None,
             retry: int | None = None,
             transport_options: typing.Any = None) -> typing.Any:
        raw = jsonutils.dumps([ctxt, message])
        handover = concurrency.Handover() if wait_for_reply else None
        answer = None if handover is None else handover.give
        taken = [listener.push(raw, answer)
                 for listener in self._recipients(target)]
        if not any(taken) and not target.fanout and _is_mandatory(
                wait_for_reply, transport_options):
            raise oslo_messaging.MessageUndeliverable(
                'nobody listens', target.exchange, target.topic, None)
        return None if handover is None else self._reply(handover, timeout)

    def _reply(self, handover: concurrency.Handover,
               timeout: float | None) -> typing.Any:
        try:
            reply, failure = handover.wait(timeout)
        except TimeoutError:
            raise oslo_messaging.MessagingTimeout(
                'No reply within %s seconds' % timeout)
        if failure is not None:
            raise common.deserialize_remote_exception(
                failure, self._allowed_remote_exmods)
        return json.loads(reply)

    def send_notification(self, target: typing.Any,
                          ctxt: dict[str, typing.Any],
                          message: dict[str, typing.Any], version: float,
                          retry: int | None = None) -> None:
        raw = jsonutils.dumps([ctxt, message])
        pools: dict[str | None, list[Listener]] = {}
        for listener in self._bus.at(self._address(target)):
            pools.setdefault(listener.pool, []).append(listener)
        for members in pools.values():
            self._bus.next_of(members).push(raw, None)

    def listen(self, target: typing.Any, batch_size: int,
               batch_timeout: float | None) -> Listener:
        concurrency.prepare_hub()
        return Listener(self._bus, [self._address(target)],
                        server=target.server)

    def listen_for_notifications(
            self, targets_and_priorities: Sequence[tuple[typing.Any, str]],
            pool: str | None, batch_size: int,
            batch_timeout: float | None) -> Listener:
        concurrency.prepare_hub()
        addresses = [
            self._address(target, '%s.%s' % (target.topic, priority))
            for target, priority in targets_and_priorities]
        return Listener(self._bus, addresses, pool=pool)

    def cleanup(self) -> None:
        """Listeners leave by their own stop."""


def _is_mandatory(wait_for_reply: bool | None,
                  transport_options: typing.Any) -> bool:
    return bool(wait_for_reply) or bool(
        transport_options and transport_options.at_least_once)
