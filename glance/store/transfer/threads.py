"""Native threads for transfers, which last longer than a pool should lend.

A thread is kept for the next transfer. Beside a hub this is not for speed
only: what a native thread has touched of greenlets is torn down, when it ends,
in the midst of whatever the hub does, and that has ended the process.
"""

import collections
import logging
import os

from glance.common import concurrency

LOG = logging.getLogger(__name__)

native = concurrency.native
# The queues of threads that wait for a job; none survives a fork.
_idle = collections.deque()
os.register_at_fork(after_in_child=_idle.clear)


class _Job:

    def __init__(self, fn, args):
        self._fn, self._args = concurrency.carried(fn), args
        self._done = native.threading.Event()

    def run(self):
        try:
            self._fn(*self._args)
        except BaseException:
            LOG.exception('A native thread failed')
        finally:
            # Whoever joins may keep this for longer than its buffers.
            self._fn = self._args = None
            self._done.set()

    def join(self):
        self._done.wait()


def start(fn, *args):
    """Start `fn` in a native thread of its own.

    :returns: an object whose `join` waits, natively, for the end of `fn`
    """
    job = _Job(fn, args)
    try:
        _idle.pop().put(job)
    except IndexError:
        native.threading.Thread(target=_serve, args=(job,),
                                daemon=True).start()
    return job


def _serve(job):
    jobs = native.queue.SimpleQueue()
    while True:
        job.run()
        del job
        _idle.append(jobs)
        job = jobs.get()


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
