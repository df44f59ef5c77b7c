"""The bytes of an image on their way into Ceph, several pieces at a time.

The driver of glance_store sends one after the other, and makes two hashes of
its own, where ours are made already.

A piece is copied once by us: into one of a few buffers, which are used again.
"""

import collections
from collections.abc import Iterator
import errno
import typing

from glance.common import exceptions
from glance.store import driver

_PIECE = 1 << 20
_MOST = 8           # pieces on their way
# By how much an image of unknown size grows, at least and at most.
_LEAST_GROWTH, _MOST_GROWTH = 64 << 20, 8 << 30


def write(image: typing.Any, source: driver.Source, size: int | None,
          is_thin: bool) -> None:
    """Fill an image that is open; it has its size afterwards.

    :param size: bytes to come, and bytes that the image has; None if unknown
    :param is_thin: leave out pieces that are zeros
    :raises UploadBroken: other than `size` bytes came
    :raises StorageFull:
    """
    pieces = _Pieces(image)
    room, total = size or 0, 0
    try:
        for piece in pieces.fill(source):
            if size is None and total + len(piece) > room:
                room += min(max(room, _LEAST_GROWTH), _MOST_GROWTH)
                image.resize(room)
            if total + len(piece) > room:
                raise exceptions.UploadBroken()
            if not is_thin or piece.count(0) < len(piece):
                pieces.send(piece, total)
            total += len(piece)
    finally:
        # They are read from our memory.
        pieces.wait()
    pieces.check()
    if size is None:
        image.resize(total)
    elif total < size:
        raise exceptions.UploadBroken()


class _Pieces:
    """What is on its way, in order."""

    def __init__(self, image: typing.Any) -> None:
        self._image = image
        self._sent: collections.deque[tuple[typing.Any, bytearray]] = (
            collections.deque())
        self._free: list[bytearray] = []
        self._error = 0

    def fill(self, source: driver.Source) -> Iterator[bytearray]:
        """Yield pieces, each to be sent before the next one is asked for, or
        never. They are of one size, but for the last one.
        """
        view = source.next_buffer()
        while view:
            piece, filled = self._take(), 0
            with memoryview(piece) as target:
                while view and filled < _PIECE:
                    count = min(len(view), _PIECE - filled)
                    target[filled:filled + count] = view[:count]
                    filled += count
                    view = view[count:] or source.next_buffer()
            yield piece if filled == _PIECE else piece[:filled]

    def _take(self) -> bytearray:
        """:returns: a buffer that nobody reads"""
        self.wait(_MOST - 1)
        self.check()
        return self._free.pop() if self._free else bytearray(_PIECE)

    def send(self, piece: bytearray, offset: int) -> None:
        self._sent.append((self._image.aio_write(
            piece, offset, lambda _completion: None), piece))

    def wait(self, most: int = 0) -> None:
        """Until no more than so many are on their way."""
        while len(self._sent) > most:
            completion, piece = self._sent.popleft()
            completion.wait_for_complete_and_cb()
            self._error = self._error or completion.get_return_value()
            self._free.append(piece)

    def check(self) -> None:
        """:raises: what has become of a piece"""
        if self._error == -errno.ENOSPC:
            raise exceptions.StorageFull()
        if self._error < 0:
            raise exceptions.StoreUnavailable()
