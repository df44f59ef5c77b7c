"""Keeps a connection open, to whichever host of the URL takes one."""

from collections.abc import Callable, Sequence
import logging
import random
import threading
import time
import typing

import amqp

from glance.common import concurrency
from glance.common import context
from glance.rpc.lean import connection
from glance.rpc.lean import frames
from glance.rpc.lean import opening
from glance.rpc.lean import queues

LOG = logging.getLogger(__name__)

# A connection that holds for so many seconds was a good one.
_GOOD_AFTER = 5
_LOOK_EVERY = 0.25    # seconds
_FOR_EVER = 1e9


class Keeper:
    """:param url: oslo.messaging's TransportURL
    :param options: those of [oslo_messaging_rabbit]
    :param prepare: declares and asks for what the user needs; returns what
                    has come of it already
    :param user: of each connection
    :ivar error: why there is none, once a whole round was in vain
    """

    def __init__(self, url: typing.Any, options: typing.Any,
                 prepare: Callable[[amqp.Connection],
                                   Sequence[frames.Content]],
                 user: connection.User) -> None:
        self._url, self._options = url, options
        self._prepare, self._user = prepare, user
        self._hosts = opening.Hosts(url, options.kombu_failover_strategy)
        self._changed = threading.Condition()
        self._current: connection.Connection | None = None
        self.error: Exception | None = None
        self._served = False
        self._closed = threading.Event()

    def start(self) -> None:
        concurrency.spawn(self._keep)

    def get(self, seconds: float | None,
            patiently: bool = False) -> connection.Connection:
        """:param seconds: how long to wait for one
        :param patiently: also while the broker cannot be reached or blocks
        :raises Lost: there is none
        :raises Blocked: the broker takes no messages
        """
        found = self._current
        if found is None or found.blocked or not found.is_open():
            found = self._wait(seconds, patiently)
        if found is None:
            raise connection.Lost(str(self.error or 'no connection yet'))
        if found.blocked:
            raise connection.Blocked('the broker takes no messages')
        return found

    def close(self) -> None:
        self._closed.set()
        with self._changed:
            current = self._current
            self._changed.notify_all()
        if current is not None:
            current.close()

    def first(self) -> None:
        """Wait for the first one.

        :raises Refused, DeclaredOtherwise: it would never work
        """
        with self._changed:
            while self._current is None and not self._closed.is_set():
                if isinstance(self.error, queues.FINAL):
                    raise self.error
                self._changed.wait()

    def _wait(self, seconds: float | None,
              patiently: bool) -> connection.Connection | None:
        deadline = time.monotonic() + (_FOR_EVER if seconds is None
                                       else seconds)
        with self._changed:
            while not self._closed.is_set():
                found = self._usable(patiently)
                left = deadline - time.monotonic()
                if found is not None or left <= 0 or (
                        self.error is not None and not patiently):
                    return found
                # Who is lost or unblocked tells nobody.
                self._changed.wait(min(left, _LOOK_EVERY))
        return None

    def _usable(self, patiently: bool) -> connection.Connection | None:
        found = self._current
        if found is None or not found.is_open() or (
                patiently and found.blocked):
            return None
        return found

    def _keep(self) -> None:
        context.log_as(context.internal())
        pause = 0.0
        while not self._closed.wait(pause):
            begun = time.monotonic()
            held = self._hold_one()
            if held and time.monotonic() - begun >= _GOOD_AFTER:
                pause = random.uniform(0, self._options.kombu_reconnect_splay)
            else:
                pause = self._longer(pause)

    def _longer(self, pause: float) -> float:
        options = self._options
        wanted: float = (pause + options.rabbit_retry_backoff if pause
                         else options.rabbit_retry_interval)
        longest: float = options.rabbit_interval_max
        return min(wanted, longest)

    def _hold_one(self) -> bool:
        """Try all hosts; returns whether one of them took a connection."""
        error: Exception | None = None
        for host in self._hosts.each():
            if self._closed.is_set():
                break
            try:
                held = self._open(host)
            except Exception as exc:
                self._note(host, exc)
                error = exc
            else:
                self._hosts.used(host)
                self._hold(held)
                return True
        self._set(None, error)
        return False

    def _open(self, host: typing.Any) -> connection.Connection:
        opened = queues.let_in(opening.connect, self._url, host,
                               self._options)
        try:
            opened.transport.sock.settimeout(
                self._options.heartbeat_timeout_threshold or None)
            return connection.Connection(opened, self._user,
                                         self._prepare(opened))
        except Exception:
            opened.collect()
            raise

    def _note(self, host: typing.Any, error: Exception) -> None:
        # Once until there is a connection again; the first one is waited for
        # by somebody who tells what is in the way for good.
        told = self.error is not None or (
            not self._served and isinstance(error, queues.FINAL))
        log = LOG.debug if told else LOG.error
        log('The broker at %s:%s cannot be used: %s', host.hostname,
            host.port, error)

    def _hold(self, held: connection.Connection) -> None:
        """Until it is lost."""
        is_another, self._served = self._served, True
        held.start()
        self._set(held, None)
        if is_another:
            concurrency.spawn(self._user.go_on, held)
        if self._closed.is_set():
            held.close()
        reason = held.watch(self._options.heartbeat_rate)
        self._set(None, None)
        if not self._closed.is_set():
            LOG.warning('The connection to the broker is lost: %s', reason)

    def _set(self, current: connection.Connection | None,
             error: Exception | None) -> None:
        with self._changed:
            self._current, self.error = current, error
            self._changed.notify_all()
