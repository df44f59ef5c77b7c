"""Native threads for transfers, which last longer than a pool should lend.

A thread is kept for the next transfer. Beside a hub this is not for speed
only: what a native thread has touched of greenlets is torn down, when it ends,
in the midst of whatever the hub does, and that has ended the process.
"""

import collections
from collections.abc import Callable, Sequence
import logging
import os
import queue
import typing

from glance.common import concurrency

LOG = logging.getLogger(__name__)

native = concurrency.native

_Args = typing.TypeVarTuple('_Args')
_Result = typing.TypeVar('_Result')

# How to give the result, the function and its arguments.
_Queued = tuple[concurrency.Handover, Callable[..., object],
                tuple[typing.Any, ...]]


class Job:

    def __init__(self, fn: Callable[..., object], args: Sequence[typing.Any]
                 ) -> None:
        self._fn, self._args = concurrency.carried(fn), args
        self._done = native.threading.Event()

    def run(self) -> None:
        try:
            self._fn(*self._args)
        except BaseException:
            LOG.exception('A native thread failed')
        finally:
            # Whoever joins may keep this for longer than its buffers.
            del self._fn, self._args
            self._done.set()

    def join(self) -> None:
        self._done.wait()


# The queues of threads that wait for a job; none survives a fork.
_idle: collections.deque[queue.SimpleQueue[Job]] = collections.deque()
os.register_at_fork(after_in_child=_idle.clear)


def start(fn: Callable[[*_Args], object], *args: *_Args) -> Job:
    """Start `fn` in a native thread of its own.

    :returns: its `join` waits, natively, for the end of `fn`
    """
    job = Job(fn, args)
    try:
        _idle.pop().put(job)
    except IndexError:
        native.threading.Thread(target=_serve, args=(job,),
                                daemon=True).start()
    return job


def _serve(job: Job) -> None:
    jobs = native.queue.SimpleQueue()
    while True:
        job.run()
        del job
        _idle.append(jobs)
        job = jobs.get()


def call(fn: Callable[[*_Args], _Result], *args: *_Args,
         on_interrupt: Callable[[], object] | None = None) -> _Result:
    """Call `fn` in a native thread if there is a hub that must go on.

    :param on_interrupt: called when the waiting greenlet is killed or timed
        out; `fn` must then end soon
    :returns: what `fn` returns; what it raises is raised here
    """
    if not concurrency.is_green() or concurrency.in_native_thread():
        return fn(*args)
    handover = concurrency.Handover()
    start(_run, handover, fn, args)
    result: _Result
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


def _run(handover: concurrency.Handover, fn: Callable[..., object],
         args: Sequence[typing.Any]) -> None:
    try:
        handover.give((fn(*args), None))
    except BaseException as exc:
        handover.give((None, exc))


class Pool:
    """A few native threads for short jobs of greenlets.

    :param size: most jobs at the same time; others wait their turn
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._started = 0
        self._pid: int | None = None
        self._jobs: queue.SimpleQueue[_Queued] = native.queue.SimpleQueue()

    def run(self, fn: Callable[[*_Args], _Result], *args: *_Args) -> _Result:
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
        result: _Result
        result, error = handover.wait()
        if error is not None:
            raise error
        return result

    @staticmethod
    def _loop(jobs: queue.SimpleQueue[_Queued]) -> None:
        while True:
            _run(*jobs.get())
