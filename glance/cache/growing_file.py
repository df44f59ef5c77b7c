"""Read a file of the cache while it is being filled.

When the one who fills it gives up, the rest comes from the store: the data is
the same. The client notices nothing.
"""

from collections.abc import Callable, Iterator
import os
import time

from glance.cache import files
from glance.common import concurrency
from glance.store import driver

_CHUNK = 256 << 10
_CLOSED = -1        # no descriptor
_PAUSE = 0.02       # seconds

# Gives a reader of the store, from an offset on.
OpenData = Callable[[int], driver.Reader]


class Follower(driver.Reader):
    """:param fd: of the growing file, closed at the end
    :param size: bytes there will be
    """

    length: int
    # It waits in a way that holds up nobody else: no thread is needed.
    waits = True

    def __init__(self, fd: int, size: int, open_rest: OpenData) -> None:
        self._fd = fd
        self.length = size
        self._open_rest = open_rest
        self._rest: driver.Reader | None = None

    def __iter__(self) -> Iterator[bytes]:
        position = 0
        while position < self.length:
            data = self._next(position)
            if not data:
                break
            position += len(data)
            yield data
        if position < self.length:
            self._rest = concurrency.run_blocking(self._open_rest, position)
            chunks = iter(self._rest)
            while chunk := concurrency.run_blocking(next, chunks, None):
                yield chunk

    def _next(self, position: int) -> bytes:
        """:returns: the next bytes; none when no more will come"""
        while True:
            # Asked first: what was written before the end is seen then.
            grows = files.is_growing(self._fd)
            data: bytes = concurrency.run_blocking(
                os.pread, self._fd, _CHUNK, position)
            if data or not grows:
                return data
            time.sleep(_PAUSE)

    def close(self) -> None:
        fd, self._fd = self._fd, _CLOSED
        if fd != _CLOSED:
            os.close(fd)
        if self._rest is not None:
            self._rest.close()
