"""Whether a server still gets what is sent to it.

A broker may forget a reader without telling it, for instance of a queue that
is deleted while a node of the cluster is frozen. Nothing fails then: the
reader waits for messages, and none will come any more. So a server that has
heard nothing for a while sends a message to the queue it reads from, and
listens anew when that does not help.
"""

from collections.abc import Callable, Iterator
import contextlib
import logging
import threading
import time

import oslo_messaging

from glance.common import concurrency
from glance.common import context

LOG = logging.getLogger(__name__)

# seconds without a message after which a server sends one
QUIET_AFTER = 5
# So many in a row that the broker took and nobody saw here make it deaf: the
# readers of a queue are served in turn, and each of them sends some.
DEAF_AFTER = 4


class SelfCheck:
    """:param name: of the queue, for the log
    :param send: hands a message for the queue to the broker
    :param listen_anew: replaces the reader
    """

    def __init__(self, name: str, send: Callable[[], object],
                 listen_anew: Callable[[], object]) -> None:
        self._name, self._send, self._listen_anew = name, send, listen_anew
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._serving = 0
        self._missed = 0.0
        self._heard = time.monotonic()

    def start(self) -> None:
        concurrency.spawn(self._watch)

    def stop(self) -> None:
        self._stopped.set()

    def is_stopped(self) -> bool:
        return self._stopped.is_set()

    @contextlib.contextmanager
    def message(self) -> Iterator[None]:
        """A message came, and is dealt with in the block."""
        with self._lock:
            self._serving += 1
        try:
            yield
        finally:
            with self._lock:
                self._serving -= 1
                self._heard, self._missed = time.monotonic(), 0

    def _watch(self) -> None:
        context.log_as(context.internal())
        while not self._stopped.wait(QUIET_AFTER):
            if self._is_quiet():
                self._try()
            if self._missed >= DEAF_AFTER:
                self._replace()

    def _is_quiet(self) -> bool:
        # With all threads busy, messages wait for one.
        return (not self._serving
                and time.monotonic() - self._heard >= QUIET_AFTER)

    def _try(self) -> None:
        try:
            self._send()
            self._missed += 1
        except oslo_messaging.MessageUndeliverable:
            # There is no such queue. The next time that is no coincidence.
            self._missed += DEAF_AFTER / 2
        except Exception as exc:
            # Without the broker nobody hears anything; the driver connects.
            LOG.debug('Nothing was sent to %s: %s', self._name, exc)

    def _replace(self) -> None:
        LOG.warning('Messages to %s do not arrive here; listening anew',
                    self._name)
        self._missed = 0
        try:
            self._listen_anew()
        except Exception:
            LOG.exception('Listening to %s anew failed', self._name)
