"""Notes which methods of an object are called, and compares."""

import time


class Recorder:

    def __init__(self, target, prefix=''):
        self._target, self._prefix = target, prefix
        self.called = set()

    def __getattr__(self, name):
        method = getattr(self._target, name)
        self.called.add(self._prefix + name)
        return method


def same(expected, seen):
    if expected != seen:
        raise ValueError('%r instead of %r' % (seen, expected))


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError()
        time.sleep(0.1)
