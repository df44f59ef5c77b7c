"""Native threads for transfers, which last longer than a pool should lend."""

import os

from glance.common import concurrency

native = concurrency.native


def start(fn, *args):
    """Start `fn` in a native thread of its own."""
    thread = native.threading.Thread(target=concurrency.carried(fn),
                                     args=args, daemon=True)
    thread.start()
    return thread


def call(fn, *args, on_interrupt=None):
    """Call `fn` in a native thread if there is a hub that must go on.

    :param on_interrupt: called when the waiting greenlet is killed or timed
        out; `fn` must then end soon
    :returns: what `fn` returns; what it raises is raised here
    """
    if not concurrency.is_green() or concurrency.in_native_thread():
        return fn(*args)
    handover = concurrency.Handover()
    start(_run, handover, fn, args)
    try:
        result, error = handover.wait()
    except BaseException:
        if on_interrupt is not None:
            on_interrupt()
            handover.wait()
        raise
    if error is not None:
        raise error
    return result


def _run(handover, fn, args):
    try:
        handover.give((fn(*args), None))
    except BaseException as exc:
        handover.give((None, exc))


class Pool:
    """A few native threads for short jobs of greenlets.

    :param size: most jobs at the same time; others wait their turn
    """

    def __init__(self, size):
        self._size = size
        self._started = 0
        self._pid = None
        self._jobs = None

    def run(self, fn, *args):
        """:returns: what `fn` returns; what it raises is raised here"""
        if not concurrency.is_green() or concurrency.in_native_thread():
            return fn(*args)
        if self._pid != os.getpid():
            # Threads do not survive a fork.
            self._pid, self._started = os.getpid(), 0
            self._jobs = native.queue.SimpleQueue()
        if self._started < self._size:
            self._started += 1
            start(self._loop, self._jobs)
        handover = concurrency.Handover()
        self._jobs.put((handover, concurrency.carried(fn), args))
        result, error = handover.wait()
        if error is not None:
            raise error
        return result

    @staticmethod
    def _loop(jobs):
        while True:
            _run(*jobs.get())
