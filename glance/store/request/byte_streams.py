"""Where the bytes of a request body come from, below its framing.

Errors of the connection are UploadBroken.
"""

from collections.abc import Callable
import io
import os
import socket
import time
import typing

from glance.common import concurrency
from glance.common import exceptions

native = concurrency.native

_SLICE = 0.5          # seconds until a cancelled upload is noticed
_LOST = 'The connection was lost before the end of the data.'
_SILENT = 'No data came for too long.'

_Got = typing.TypeVar('_Got')


class Stream(typing.Protocol):
    """:raises UploadBroken: the connection fails, or nothing comes"""

    def readinto(self, view: memoryview, /) -> int:
        """:returns: bytes read, at least one; 0 at the end"""

    def readline(self, limit: int, /) -> bytes:
        """:returns: a line with its end, or its first bytes"""


class FileStream:
    """A buffered file of a server: green under eventlet, native else."""

    def __init__(self, rfile: io.BufferedIOBase) -> None:
        self._rfile = rfile

    def readinto(self, view: memoryview) -> int:
        try:
            return self._rfile.readinto1(view)
        except OSError as exc:
            raise _broken(exc) from None

    def readline(self, limit: int) -> bytes:
        try:
            return self._rfile.readline(limit)
        except OSError as exc:
            raise _broken(exc) from None


def _broken(exc: OSError) -> exceptions.UploadBroken:
    late = isinstance(exc, TimeoutError)
    return exceptions.UploadBroken(_SILENT if late else _LOST)


class SocketStream:
    """A connected socket, read by a native thread behind the hub's back.

    The socket object of the server and this one share their flags, so this
    one asks for single calls not to block and never changes the flags.

    :param prefix: bytes that were received before
    :param timeout: seconds without a byte after which the body is broken
    :param check: called about twice a second; raises to stop the upload
    """

    def __init__(self, sock: socket.socket, prefix: bytes, timeout: float,
                 check: Callable[[], object]) -> None:
        self._sock = native.socket.socket(fileno=os.dup(sock.fileno()))
        self._poll = native.select.poll()
        self._poll.register(self._sock, native.select.POLLIN)
        self._prefix = memoryview(prefix)
        self._timeout = timeout
        self._check = check

    def readinto(self, view: memoryview) -> int:
        if self._prefix:
            count = min(len(view), len(self._prefix))
            view[:count] = self._prefix[:count]
            self._prefix = self._prefix[count:]
            return count
        received: int = self._receive(
            lambda: self._sock.recv_into(view, 0,
                                         native.socket.MSG_DONTWAIT))
        return received

    def _receive(self, call: Callable[[], _Got]) -> _Got:
        deadline = time.monotonic() + self._timeout
        while True:
            try:
                return call()
            except BlockingIOError:
                pass
            except OSError:
                raise exceptions.UploadBroken(_LOST) from None
            self._check()
            if not self._poll.poll(_SLICE * 1000) and (
                    time.monotonic() > deadline):
                raise exceptions.UploadBroken(_SILENT)

    def readline(self, limit: int) -> bytes:
        """Take no byte beyond the line: it may be of the next request."""
        line = b''
        while len(line) < limit and not line.endswith(b'\n'):
            piece = self._peek(limit - len(line))
            piece = piece[:piece.find(b'\n') + 1] or piece
            if not piece:
                break
            taken = bytearray(len(piece))
            self.readinto(memoryview(taken))
            line += piece
        return line

    def _peek(self, most: int) -> bytes:
        if self._prefix:
            return bytes(self._prefix[:most])
        flags = native.socket.MSG_PEEK | native.socket.MSG_DONTWAIT
        found: bytes = self._receive(
            lambda: self._sock.recv(most, flags))
        return found

    def take_prefix(self) -> bytes:
        """:returns: what was received before and not read"""
        prefix, self._prefix = bytes(self._prefix), memoryview(b'')
        return prefix

    def close(self) -> None:
        self._sock.close()
