"""The few things that differ between greenlets and native threads.

Everything else uses the names of the standard library, which are green when
`glance.startup` has patched them. Under eventlet one native thread runs the
hub and all greenlets; other native threads must not touch green objects, they
hand their results over with `Handover` or `call_in_hub`.
"""

import collections
import contextlib
import importlib
import os
import queue
import select
import socket
import sys
import threading
import time
import types

from oslo_context import context


def is_green():
    """Whether this process runs greenlets (eventlet has patched threads)."""
    if 'eventlet' not in sys.modules:
        return False
    from eventlet import patcher
    return patcher.is_monkey_patched('thread')


def _originals():
    if not is_green():
        return types.SimpleNamespace(threading=threading, queue=queue, os=os,
                                     socket=socket, select=select, time=time)
    from eventlet import patcher
    return types.SimpleNamespace(**{
        name: patcher.original(name)
        for name in ('threading', 'queue', 'os', 'socket', 'select', 'time')})


native = _originals()
_hub_thread = native.threading.main_thread().ident


def import_native(name):
    """Import a library whose locks and sockets native threads share.

    It keeps the standard library as it was before eventlet has patched it,
    so greenlets must not call it. Without a hub this is a plain import.

    :returns: the module
    """
    if name in sys.modules or not is_green():
        return importlib.import_module(name)
    with _unpatched():
        return importlib.import_module(name)


@contextlib.contextmanager
def _unpatched():
    from eventlet import patcher
    originals = dict(vars(native), _thread=patcher.original('_thread'))
    # These have taken names from the others, so they are loaded anew.
    names = (*originals, 'selectors', 'ssl')
    saved = {name: sys.modules.pop(name, None) for name in names}
    sys.modules.update(originals)
    try:
        yield
    finally:
        for name, module in saved.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


def in_native_thread():
    """Whether the caller is a native thread beside a hub."""
    return is_green() and native.threading.get_ident() != _hub_thread


def run_blocking(fn, *args, **kwargs):
    """Call `fn` where it may block: in a native thread if there is a hub.

    :returns: what `fn` returns; what it raises is raised here
    """
    if not is_green() or in_native_thread():
        return fn(*args, **kwargs)
    from eventlet import tpool
    return tpool.execute(carried(fn), *args, **kwargs)


def limit_blocking(threads):
    """At most so many calls of `run_blocking` go on at the same time.

    Of effect before the first of them.
    """
    if is_green():
        from eventlet import tpool
        tpool.set_num_threads(threads)


def carried(fn):
    """:returns: `fn` for another thread, whose log lines then name the request
    of this one
    """
    current = context.get_current()

    def run(*args, **kwargs):
        # Of a pool, the thread still has the one it served before.
        (current or context.RequestContext()).update_store()
        return fn(*args, **kwargs)
    return run


class _Mailbox:
    """Wakes the hub for callables that native threads leave here."""

    def __init__(self):
        self.pid = os.getpid()
        self._calls = collections.deque()
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        from eventlet import greenthread
        from eventlet import hubs
        self._start = greenthread.spawn_n
        hub = hubs.get_hub()
        hub.add(hub.READ, self._reader, self._run, self._fail, lambda: None)

    def put(self, fn, args):
        self._calls.append((fn, args))
        try:
            native.os.write(self._writer, b'.')
        except BlockingIOError:
            pass            # a full pipe wakes the hub as well

    def _run(self, fileno):
        try:
            native.os.read(self._reader, 4096)
        except BlockingIOError:
            pass
        while self._calls:
            fn, args = self._calls.popleft()
            self._start(fn, *args)

    @staticmethod
    def _fail(*args):
        raise RuntimeError('the mailbox of the hub was closed')


_mailbox = None


def prepare_hub():
    """Let native threads of this process reach its hub; runs in the hub."""
    global _mailbox
    if is_green() and (_mailbox is None or _mailbox.pid != os.getpid()):
        _mailbox = _Mailbox()


def call_in_hub(fn, *args):
    """Run `fn` soon in a greenlet; from a native thread, without waiting.

    Where there is no hub, or in the hub's own thread, `fn` runs at once.
    """
    if in_native_thread():
        _mailbox.put(fn, args)
    else:
        fn(*args)


class Handover:
    """One result, given by any thread, awaited by one thread or greenlet."""

    def __init__(self):
        waits_natively = in_native_thread()
        if not waits_natively:
            prepare_hub()
        self._green = is_green() and not waits_natively
        room = threading if self._green else native.threading
        self._event = room.Event()
        self._value = None

    def give(self, value):
        """Only the first value counts."""
        if self._event.is_set():
            return
        self._value = value
        if self._green:
            call_in_hub(self._event.set)
        else:
            self._event.set()

    def wait(self, timeout=None):
        """:returns: the value given
        :raises TimeoutError: nothing came within `timeout` seconds
        """
        if not self._event.wait(timeout):
            raise TimeoutError()
        return self._value


class Task:
    """A started daemon thread or greenlet; `wait` gives its outcome."""

    def __init__(self, fn, args):
        self._fn, self._args = carried(fn), args
        self._result = self._error = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            self._result = self._fn(*self._args)
        except BaseException as exc:
            self._error = exc

    def wait(self, timeout=None):
        """:returns: what the function returned; raises what it raised
        :raises TimeoutError: it still runs after `timeout` seconds
        """
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError()
        if self._error is not None:
            raise self._error
        return self._result


def spawn(fn, *args):
    """Start `fn` beside the caller and return its `Task`."""
    return Task(fn, args)


class Worker:
    """One native thread that runs what greenlets ask for, in order."""

    def __init__(self):
        self._jobs = native.queue.Queue()
        self._thread = native.threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        while True:
            job = self._jobs.get()
            if job is None:
                return
            fn, args, handover = job
            try:
                handover.give((fn(*args), None))
            except BaseException as exc:
                handover.give((None, exc))

    def run(self, fn, *args):
        """:returns: what `fn` returns; what it raises is raised here"""
        if native.threading.current_thread() is self._thread:
            return fn(*args)
        handover = Handover()
        self._jobs.put((fn, args, handover))
        result, error = handover.wait()
        if error is not None:
            raise error
        return result

    def stop(self):
        self._jobs.put(None)
