"""Requests that take effect just now: their answers go out before the end.

A process that has no more time leaves uploads as they are, and the clients
repeat them. One that has taken effect cannot be repeated.
"""

import atexit
from collections.abc import Callable
import contextlib
import threading
import time

# seconds in which an answer leaves, once the handler has returned
_OUT_WITHIN = 0.5
_AT_MOST = 2

_lock = threading.Lock()
_count = 0
_until = 0
_last: list[Callable[[], None]] = []


def before_end(tell):
    """Call `tell()` when requests have ended: what waits goes out then.

    Our own workers leave by way of `wait`, those of uWSGI as Python ends.
    """
    _last.append(tell)
    atexit.register(tell)


@contextlib.contextmanager
def soon():
    """The block makes the request take effect; the answer is due then."""
    global _count, _until
    with _lock:
        _count += 1
    try:
        yield
    finally:
        with _lock:
            _count -= 1
            _until = time.monotonic() + _OUT_WITHIN


def wait():
    """Return when no answer is due, after two seconds at most."""
    for tell in _last:
        tell()
    end = time.monotonic() + _AT_MOST
    while (_count or time.monotonic() < _until) and time.monotonic() < end:
        time.sleep(0.02)
