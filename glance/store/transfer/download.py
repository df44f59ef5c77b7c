"""From a store to the client, by the kernel where it can be.

A local file goes out with sendfile on our own two servers: the thread or hub
that serves the request waits until the client takes more, a native thread
sends until the socket is full, since reading a cold file blocks. A slow client
thus holds neither a thread nor a buffer. Everything else is iterated with one
chunk read ahead. A failure after the headers closes the connection: the
client sees fewer bytes than announced, never padding.
"""

from collections.abc import Iterable, Iterator
import os
import socket
import typing
from wsgiref import types as wsgi_types

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.service.http import client_socket
from glance.store import driver
from glance.store.transfer import outcome as outcomes
from glance.store.transfer import sendfile
from glance.store.transfer import threads

LOG = log.getLogger(__name__)

CHUNK = 256 << 10
_FILE_WRAPPER = 'wsgi.file_wrapper'


def body(environ: wsgi_types.WSGIEnvironment, reader: driver.Reader,
         on_done: outcomes.OnDone | None = None) -> Iterable[bytes]:
    """Make the body of a response; the response has a Content-Length.

    :param environ: of the WSGI request
    :param reader: closed at the end
    """
    outcome = outcomes.Outcome(reader, on_done)
    sock = client_socket.get(environ)
    if _is_file(reader) and reader.length:
        if sock is not None:
            return sendfile.SendFile(sock, reader, outcome)
        wrapper = environ.get(_FILE_WRAPPER)
        if wrapper is not None and _is_whole(reader):
            wrapped: Iterable[bytes] = wrapper(_CountedFile(reader, outcome),
                                               CHUNK)
            return wrapped
    if getattr(reader, 'waits', False):
        return _Waiting(reader, outcome, sock)
    return _Iterator(reader, outcome, sock)


def _is_file(reader: object) -> typing.TypeGuard[driver.LocalFile]:
    return hasattr(reader, 'fileno')


def _is_whole(reader: driver.LocalFile) -> bool:
    """uWSGI sends from the start of a file whatever its position is."""
    size = os.fstat(reader.fileno()).st_size
    return reader.offset == 0 and reader.length == size


class _CountedFile:
    """What servers with a sendfile of their own want: a file."""

    def __init__(self, reader: driver.LocalFile, outcome: outcomes.Outcome
                 ) -> None:
        self._outcome = outcome
        self._length = reader.length
        self.fileno = reader.fileno

    def read(self, size: int = -1) -> bytes:
        data = os.read(self.fileno(), size if size > 0 else CHUNK)
        self._outcome.sent += len(data)
        return data

    def close(self) -> None:
        # A server that used the descriptor does not tell how far it got.
        self._outcome.sent = self._outcome.sent or self._length
        self._outcome.finish()


class _Iterator:
    """Chunks, the next one read while the client takes the present one."""

    def __init__(self, reader: driver.Reader, outcome: outcomes.Outcome,
                 sock: socket.socket | None) -> None:
        self._chunks = iter(reader)
        self._length = reader.length
        self._outcome = outcome
        self._sock = sock

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._iterate()
        except exceptions.GlanceError as exc:
            LOG.info('A download ended early: %s', exc)
            if self._sock is None:
                raise
            sendfile.shut(self._sock)

    def _iterate(self) -> Iterator[bytes]:
        following = concurrency.spawn(self._read)
        while (chunk := following.wait()) is not None:
            following = concurrency.spawn(self._read)
            yield chunk
            self._outcome.sent += len(chunk)
        if self._length not in (None, self._outcome.sent):
            raise exceptions.StoreUnavailable()

    def _read(self) -> bytes | None:
        # A store that says nothing must not take a pool from all others.
        chunk: bytes | None = threads.call(lambda: next(self._chunks, None))
        return chunk

    def close(self) -> None:
        self._outcome.finish()


class _Waiting(_Iterator):
    """Chunks of a reader that itself waits in threads or in the hub."""

    def _iterate(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            yield chunk
            self._outcome.sent += len(chunk)
        if self._length != self._outcome.sent:
            raise exceptions.StoreUnavailable()
