"""Answers that may be lost with the connection they were written to.

A write to a connection that breaks, or that the broker has given up while this
process stood still, succeeds. So the last answers are kept for a while, and
go over the next connection once more; a caller takes only the first.
"""

import collections
import threading
import time
import typing

# bytes of answers; more of them are hardly under way at a time
MOST = 2 ** 20
# Seconds; who waits for longer has asked anew, with another id.
KEPT = 60


class Answer(typing.NamedTuple):
    """:param address: where the broker takes it"""

    address: str
    msg_id: str
    body: bytes


class Recent:
    """The last of them, by any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._size = 0
        # (when it was written, what)
        self._kept: collections.deque[tuple[float, Answer]] = (
            collections.deque())

    def add(self, answer: Answer) -> None:
        """To be called before it is written."""
        with self._lock:
            self._kept.append((time.monotonic(), answer))
            self._size += len(answer.body)
            self._drop_old()

    def take(self) -> list[Answer]:
        """They are not kept: one that the broker ends a connection for would
        end the next one, too, and so on.

        :returns: in the order in which they were added
        """
        with self._lock:
            self._drop_old()
            taken = [answer for _when, answer in self._kept]
            self._kept.clear()
            self._size = 0
        return taken

    def _drop_old(self) -> None:
        since = time.monotonic() - KEPT
        while self._kept and (self._size > MOST or self._kept[0][0] < since):
            self._size -= len(self._kept.popleft()[1].body)
