"""Where a request body ends: by length, by chunks, or by the server.

A body has `readinto(view)`: at least one byte, or 0 at its end. An early end
and bad framing are UploadBroken, so a broken body never looks complete.
"""

from collections.abc import Callable
import re

from glance.common import exceptions
from glance.store.request import byte_streams

_SIZE_LINE = 4096
_TRAILERS = 16384
_CHUNK = re.compile(rb'([0-9A-Fa-f]{1,16})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?')
_TRAILER = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:"
                      rb'[\t\x20-\x7e\x80-\xff]*')


class KnownLength:
    """Exactly `length` bytes of a stream."""

    def __init__(self, stream: byte_streams.Stream, length: int) -> None:
        self.stream = stream
        self.left = length

    @property
    def ended(self) -> bool:
        return not self.left

    def readinto(self, view: memoryview) -> int:
        if not self.left:
            return 0
        count = self.stream.readinto(view[:self.left])
        if not count:
            raise exceptions.UploadBroken(
                'The data ended %d bytes early.' % self.left)
        self.left -= count
        return count


class Chunked:
    """Chunked transfer coding, read strictly.

    :ivar trailers: {name in lower case: value} of what follows the data
    """

    def __init__(self, stream: byte_streams.Stream) -> None:
        self.stream = stream
        self._left = 0              # of the current chunk
        self._started = False
        # once for all: what follows broken chunks could look like good ones
        self._broken = False
        self.ended = False
        self.trailers: dict[str, str] = {}

    def readinto(self, view: memoryview) -> int:
        if self.ended:
            return 0
        if not self._left:
            self._check(not self._broken)
            self._broken = True
            follows = self._next_chunk()
            self._broken = False
            if not follows:
                return 0
        count = self.stream.readinto(view[:self._left])
        if not count:
            raise exceptions.UploadBroken('The data ended within a chunk.')
        self._left -= count
        return count

    def _next_chunk(self) -> bool:
        """:returns: whether there is one"""
        if self._started and self._line(2) != b'':
            raise exceptions.UploadBroken('A chunk is longer than announced.')
        self._started = True
        found = _CHUNK.fullmatch(self._line(_SIZE_LINE))
        if found is None:
            raise exceptions.UploadBroken('The size of a chunk is no number.')
        self._left = int(found[1], 16)
        if not self._left:
            self._skip_trailers()
            self.ended = True
        return not self.ended

    def _skip_trailers(self) -> None:
        taken = 0
        while line := self._line(_TRAILERS - taken):
            self._check(_TRAILER.fullmatch(line))
            taken += len(line) + 2
            name, _colon, value = line.decode('latin-1').partition(':')
            before = self.trailers.get(name.lower())
            self.trailers[name.lower()] = ', '.join(
                filter(None, (before, value.strip(' \t'))))

    def _line(self, limit: int) -> bytes:
        """:returns: the next line without its end"""
        line = self.stream.readline(limit)
        self._check(line.endswith(b'\r\n'))
        return line[:-2]

    @staticmethod
    def _check(good: object) -> None:
        if not good:
            raise exceptions.UploadBroken(
                'The chunks of the data are badly framed.')


class ServerFramed:
    """The server has taken care of the framing.

    :param read: gives up to n bytes, b'' at the end
    :param length: bytes that must come, None if the server knows better
    """

    def __init__(self, read: Callable[[int], bytes], length: int | None = None
                 ) -> None:
        self._read = read
        self._left = length
        self._rest = memoryview(b'')

    def readinto(self, view: memoryview) -> int:
        if not self._rest:
            self._rest = memoryview(self._fetch(len(view)))
        count = min(len(view), len(self._rest))
        view[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _fetch(self, wanted: int) -> bytes:
        if self._left is not None:
            wanted = min(wanted, self._left)
        if not wanted:
            return b''
        try:
            data = self._read(wanted)
        except (OSError, ValueError):
            raise exceptions.UploadBroken() from None
        if self._left is not None:
            if not data:
                raise exceptions.UploadBroken(
                    'The data ended %d bytes early.' % self._left)
            self._left -= len(data)
        return data
