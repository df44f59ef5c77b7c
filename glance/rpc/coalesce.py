"""Many callers that read at the same time share one call.

While calls are under way, further keys collect and go out together in the
next one. What is shared is the call, never the right to see: the key has to
contain everything the answer depends on.
"""

from collections.abc import Callable, Hashable
import threading
import typing

from glance.common import concurrency

# {key: what its callers have noted}
Wanted = dict[typing.Any, list[typing.Any]]
# {key: value}
Found = dict[typing.Any, typing.Any]


class _Waiter:
    def __init__(self) -> None:
        self.notes: list[typing.Any] = []
        self.done = threading.Event()
        self.value: typing.Any = None
        self.error: Exception | None = None


class Coalescer:
    """Joins concurrent `get(key)` into `fetch_many({key: notes, ...})`.

    :param fetch_many: called with the different keys, and for each what its
                       callers have noted; returns a dict from key to value;
                       it has to have a deadline of its own
    :param max_in_flight: calls under way at the same time
    :param max_batch: keys in one call
    """

    def __init__(self, fetch_many: Callable[[Wanted], Found],
                 max_in_flight: int = 2, max_batch: int = 100) -> None:
        self._fetch_many = fetch_many
        self._max_in_flight, self._max_batch = max_in_flight, max_batch
        self._lock = threading.Lock()
        self._pending: dict[Hashable, _Waiter] = {}
        self._in_flight = 0

    def get(self, key: Hashable, note: typing.Any = None) -> typing.Any:
        """:param note: what the caller wants to be known with its key
        :returns: the value for `key`, None where `fetch_many` gave none;
                  an exception that is a value is raised
        """
        with self._lock:
            waiter = self._pending.get(key)
            if waiter is None:
                waiter = self._pending[key] = _Waiter()
            waiter.notes.append(note)
            leads = self._in_flight < self._max_in_flight
            if leads:
                self._in_flight += 1
        if leads:
            self._lead()
        waiter.done.wait()
        error = waiter.error
        if error is None and isinstance(waiter.value, Exception):
            error = waiter.value
        if error is not None:
            raise _copy(error)
        return waiter.value

    def _lead(self) -> None:
        """Fetch once for all who wait, then leave the rest to a helper."""
        try:
            self._fetch(self._take())
        finally:
            if self._go_on():
                concurrency.spawn(self._pump)

    def _pump(self) -> None:
        while True:
            self._fetch(self._take())
            if not self._go_on():
                return

    def _go_on(self) -> bool:
        with self._lock:
            if self._pending:
                return True
            self._in_flight -= 1
            return False

    def _take(self) -> dict[Hashable, _Waiter]:
        with self._lock:
            keys = list(self._pending)[:self._max_batch]
            return {key: self._pending.pop(key) for key in keys}

    def _fetch(self, batch: dict[Hashable, _Waiter]) -> None:
        if not batch:
            return
        error: Exception | None = None
        found: Found = {}
        try:
            found = self._fetch_many({key: waiter.notes for key, waiter
                                      in batch.items()}) or {}
        except Exception as exc:
            error = exc
        finally:
            for key, waiter in batch.items():
                waiter.value, waiter.error = found.get(key), error
                waiter.done.set()


def _copy(error: Exception) -> Exception:
    """One for each thread, or it would collect the tracebacks of all."""
    twin = type(error).__new__(type(error), *error.args)
    twin.__dict__.update(error.__dict__)
    twin.args = error.args
    return twin
