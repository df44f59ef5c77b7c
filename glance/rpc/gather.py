"""What may be told a moment later goes out together.

The first one is sent at once by who tells it; those that follow within a
second go out in one message at its end. Those that cannot be sent are kept and
tried again every second.
"""

import collections
from collections.abc import Callable
import logging
import threading
import time
import typing

from glance.common import answering
from glance.common import concurrency
from glance.common import exceptions

LOG = logging.getLogger(__name__)

# seconds between two messages; without any, nothing waits for others
APART: float | None = 1
# in one message, and in memory while there is nobody to tell
AT_ONCE, KEPT = 100, 10_000


class Gatherer:
    """:param send: given a list of what was told; raises GlanceError when
        none of it has arrived
    """

    def __init__(self, send: Callable[[list[typing.Any]], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._kept: collections.deque[typing.Any] = collections.deque()
        self._is_sending = False
        answering.before_end(self._flush)

    def add(self, item: typing.Any) -> None:
        with self._lock:
            self._kept.append(item)
            leads, self._is_sending = not self._is_sending, True
            dropped = len(self._kept) > KEPT
            if dropped:
                self._kept.popleft()
        if dropped:
            LOG.warning('More than %d wait to be told, the oldest one is lost',
                        KEPT)
        if leads:
            self._send_kept()
            if APART is None:
                self._is_sending = False
            else:
                concurrency.spawn(self._go_on, APART)

    def _go_on(self, apart: float) -> None:
        while True:
            time.sleep(apart)
            with self._lock:
                if not self._kept:
                    self._is_sending = False
                    return
            self._send_kept()

    def _send_kept(self) -> None:
        """:raises GlanceError: never; what was not sent is kept"""
        with self._lock:
            batch = [self._kept.popleft()
                     for _ in range(min(AT_ONCE, len(self._kept)))]
        try:
            self._send(batch)
        except exceptions.GlanceError as error:
            LOG.warning('%d wait to be told, they are tried again: %s',
                        len(batch), error)
            with self._lock:
                self._kept.extendleft(reversed(batch))

    def _flush(self) -> None:
        """At the end of the process: nobody comes back for them."""
        while self._kept:
            before = len(self._kept)
            self._send_kept()
            if len(self._kept) >= before:
                LOG.error('%d were never told and are lost', before)
                return
