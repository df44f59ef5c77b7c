"""Look at something that may hang, without hanging and without a crowd."""

import threading
import time

from glance.common import concurrency


class Probe:
    """A look that all who ask share.

    One look at a time is under way. Who asks while it takes too long is told
    so, and does not add another one.

    :param look: gives what is found, or raises
    """

    def __init__(self, look):
        self._look = look
        self._lock = threading.Lock()
        self._task = None
        self._began = self._ended = None

    def ask(self, timeout, kept):
        """:param timeout: seconds a look may take
        :param kept: seconds for which what was found is told again
        :returns: (what was found, None) or (None, the error)
        """
        if concurrency.in_native_thread():
            # It cannot start others, nor wait for them.
            return self._guarded()
        task, began = self.begin(kept)
        left = began + timeout - time.monotonic()
        try:
            return task.wait(max(0, left))
        except TimeoutError as error:
            return None, error

    def begin(self, kept):
        """Look, so that one who asks a moment later need not wait as long."""
        with self._lock:
            now = time.monotonic()
            if self._task is None or (
                    self._ended is not None and now - self._ended >= kept):
                self._began, self._ended = now, None
                self._task = concurrency.spawn(self._guarded)
            return self._task, self._began

    def _guarded(self):
        try:
            return self._look(), None
        except Exception as error:
            return None, error
        finally:
            self._ended = time.monotonic()
