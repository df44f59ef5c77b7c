"""What a store driver pulls from, and what is checked while it pulls."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from glance.common import exceptions
from glance.store.transfer import contracts
from glance.store.transfer import ring


class Meter:
    """Counts and inspects the bytes of one transfer, and can stop it.

    :param size: bytes that must come, None if unknown
    :param cap: most bytes to accept, None for no limit
    """

    def __init__(self, size: int | None, cap: int | None,
                 inspector: contracts.Inspector | None = None,
                 cancelled: contracts.Cancelled | None = None,
                 checks: Iterable[contracts.Check] = ()) -> None:
        self.size = size
        self.total = 0
        self._cap = cap
        self._inspector = inspector
        self._cancelled = cancelled
        self._checks = (() if inspector is None else (inspector,)) + tuple(
            checks)
        self._error: Exception | None = None
        self._ring: ring.Ring | None = None

    @property
    def virtual_size(self) -> int | None:
        return self._inspector.virtual_size if self._inspector else None

    def stop_with(self, shared: ring.Ring) -> None:
        """When a part of the ring `shared` fails, everything does."""
        self._ring = shared

    def interrupt(self) -> None:
        """Stop soon: nobody waits for the outcome any more."""
        self._error = exceptions.UploadBroken('The upload was interrupted.')

    def check(self) -> None:
        """:raises Exception: the reason to stop"""
        error: BaseException | None = self._error
        if error is None and self._cancelled is not None:
            error = self._cancelled()
        if error is None and self._ring is not None:
            error = self._ring.error
        if error is not None:
            raise error

    def take(self, view: memoryview) -> None:
        """Account for the next bytes."""
        self.check()
        self.total += len(view)
        if self._cap is not None and self.total > self._cap:
            raise exceptions.LimitExceeded(
                'The image is larger than the %d bytes allowed.' % self._cap)
        if self.size is not None and self.total > self.size:
            raise exceptions.UploadBroken(
                'More data came than was announced.')
        for check in self._checks:
            check.feed(view)

    def finish(self) -> None:
        """The body has ended: decide whether it is whole and welcome."""
        self.check()
        if self.size is not None and self.total < self.size:
            raise exceptions.UploadBroken(
                'Less data came than was announced.')
        for check in self._checks:
            check.finish()


def fill(body: contracts.Body, view: memoryview) -> int:
    """Read until `view` is full or the body ends.

    :returns: bytes read
    """
    count = 0
    while count < len(view):
        more = body.readinto(view[count:])
        if not more:
            break
        count += more
    return count


def read_head(body: contracts.Body, most: int, size: int | None
              ) -> tuple[memoryview, bool]:
    """Read the beginning of a body, unless it is known to be long.

    :returns: up to `most` bytes, and whether this was all
    """
    if size is not None and size > most:
        return memoryview(b''), False
    # One byte more than fits tells whether the body ends there.
    head = memoryview(bytearray((most if size is None else size) + 1))
    count = fill(body, head)
    return head[:count], count < len(head)


def read_piece(source: contracts.File, size: int) -> bytes:
    """:returns: so many bytes, fewer at the end of the source"""
    pieces = []
    while size > 0 and (piece := source.read(size)):
        pieces.append(bytes(piece))
        size -= len(piece)
    return b''.join(pieces)


class Source:
    """The drivers' side: whole buffers, or `read` as of a file."""

    is_begun = False
    _rest = memoryview(b'')

    def next_buffer(self) -> memoryview:
        """:returns: memoryview valid until the next call, empty at the end
        """
        raise NotImplementedError

    def read(self, size: int = -1) -> bytes:
        self.is_begun = True
        if size is None or size < 0:
            return b''.join(iter(self.read_some, b''))
        if not self._rest:
            self._rest = self.next_buffer()
        data = bytes(self._rest[:size])
        self._rest = self._rest[size:]
        return data

    def expect_end(self) -> None:
        """:raises StoreUnavailable: the driver has left data unread"""
        if self._rest or self.next_buffer():
            raise exceptions.StoreUnavailable()

    def read_some(self) -> bytes:
        return self.read(ring.SLOT_SIZE)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.read_some, b'')


class Serial(Source):
    """Receives, inspects and hashes in the thread that writes."""

    def __init__(self, body: contracts.Body, meter: Meter,
                 digests: Sequence[contracts.Digest]) -> None:
        self._body, self._meter, self._digests = body, meter, digests
        self._view = memoryview(bytearray(ring.SLOT_SIZE))
        self._ended = False

    def next_buffer(self) -> memoryview:
        count = 0 if self._ended else fill(self._body, self._view)
        if not count:
            if not self._ended:
                self._ended = True
                self._meter.finish()
            return self._view[:0]
        view = self._view[:count]
        self._meter.take(view)
        for digest in self._digests:
            digest.update(view)
        return view


class FromRing(Source):
    """Takes what the receiving thread has put into the ring."""

    def __init__(self, shared: ring.Ring, digest: contracts.Digest) -> None:
        self._ring, self._digest = shared, digest
        self._buffer: memoryview | None = None
        self._ended = False

    def next_buffer(self) -> memoryview:
        if self._buffer is not None:
            self._ring.release(self._buffer)
            self._buffer = None
        if self._ended:
            return memoryview(b'')
        self._buffer, count = self._ring.take()
        if self._buffer is None:
            self._ended = True
            return memoryview(b'')
        view = self._buffer[:count]
        self._digest.update(view)
        return view


class Memory:
    """A body that has been received already."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._view = memoryview(data)

    def readinto(self, view: memoryview) -> int:
        count = min(len(view), len(self._view))
        view[:count] = self._view[:count]
        self._view = self._view[count:]
        return count


class Joined:
    """A body whose first bytes have been received already."""

    def __init__(self, head: bytes | memoryview, body: contracts.MovableBody
                 ) -> None:
        self._head, self._body = Memory(head), body

    def readinto(self, view: memoryview) -> int:
        return self._head.readinto(view) or self._body.readinto(view)

    def go_native(self, check: Callable[[], object]) -> bool:
        return self._body.go_native(check)


class FileBody:
    """A body that a file-like object gives."""

    def __init__(self, source: contracts.File) -> None:
        self._source = source
        self._rest = memoryview(b'')

    def readinto(self, view: memoryview) -> int:
        if not self._rest:
            try:
                self._rest = memoryview(self._source.read(len(view)))
            except OSError:
                raise exceptions.StoreUnavailable() from None
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def go_native(self, check: Callable[[], object]) -> bool:
        return True
