"""Who waits for what comes over a connection."""

import threading
import typing

import oslo_messaging

Outcome = typing.Any


class Waiter:
    """One outcome, given by the thread that reads, awaited by one other."""

    __slots__ = ('_lock', '_outcome', '_is_over')

    def __init__(self) -> None:
        # Cheaper than an event: nobody else waits.
        self._lock = threading.Lock()
        self._lock.acquire()
        self._outcome: Outcome = None
        self._is_over = False

    def give(self, outcome: Outcome) -> None:
        """Only the first one counts; an exception is raised over there."""
        if not self._is_over:
            self._outcome, self._is_over = outcome, True
            self._lock.release()

    def wait(self, seconds: float) -> Outcome:
        """:raises TimeoutError: nothing came"""
        if not self._lock.acquire(timeout=max(seconds, 0)):
            raise TimeoutError()
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


class Waiters:
    """Those of one connection, by the id of what they have sent."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiter] = {}

    def add(self, message_id: str) -> Waiter:
        waiter = self._waiting[message_id] = Waiter()
        return waiter

    def remove(self, message_id: str) -> None:
        self._waiting.pop(message_id, None)

    def give(self, message_id: str, outcome: Outcome) -> bool:
        """:returns: whether anybody waits for it"""
        waiter = self._waiting.get(message_id)
        if waiter is None:
            return False
        waiter.give(outcome)
        return True

    def give_all(self, outcome: Outcome) -> None:
        for waiter in list(self._waiting.values()):
            waiter.give(outcome)


def undeliverable() -> Exception:
    """:returns: the outcome of what came back"""
    error: Exception = oslo_messaging.MessageUndeliverable(
        'nobody listens', None, None, None)
    return error
