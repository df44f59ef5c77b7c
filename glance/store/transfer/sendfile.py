"""A file, or a range of it, sent by the kernel past the server's buffers.

The first piece goes through the server, which makes it send the headers; the
rest goes to the socket directly.
"""

from collections.abc import Iterator
import os
import select
import socket

from oslo_log import log

from glance.common import concurrency
from glance.store import driver
from glance.store.transfer import outcome as outcomes
from glance.store.transfer import threads

LOG = log.getLogger(__name__)

native = concurrency.native

_FIRST = 64 << 10
_STEP = 4 << 20
_TURN = 64 << 20          # bytes after which others get the thread
_LAG = 2                  # milliseconds after which a client is slow
_IDLE = 900               # seconds, where the server sets no limit

_pool = threads.Pool(8)


class SendFile:
    """A WSGI iterable.

    :param sock: connected socket of the client, without TLS
    """

    def __init__(self, sock: socket.socket, reader: driver.LocalFile,
                 outcome: outcomes.Outcome) -> None:
        self._sock = sock
        self._file = reader.fileno()
        self._start = self._position = reader.offset
        self._end = reader.offset + reader.length
        self._outcome = outcome

    def __iter__(self) -> Iterator[bytes]:
        first = concurrency.run_blocking(
            os.pread, self._file, min(_FIRST, self._end - self._position),
            self._position)
        try:
            yield first
            self._position += len(first)
            while self._position < self._end:
                _wait_writable(self._sock)
                _pool.run(self._send)
        except ConnectionError:
            LOG.debug('The client left before the end of a download')
            shut(self._sock)
        except OSError as exc:
            LOG.info('A download ended early: %s', type(exc).__name__)
            shut(self._sock)
        finally:
            self._outcome.sent = self._position - self._start

    def _send(self) -> None:
        """Send until the client lags, the turn is over or all is sent."""
        stop = min(self._end, self._position + _TURN)
        out = self._sock.fileno()
        poll = native.select.poll()
        poll.register(out, native.select.POLLOUT)
        while self._position < stop:
            try:
                count = os.sendfile(out, self._file, self._position,
                                    min(_STEP, stop - self._position))
            except BlockingIOError:
                # Going back to the hub costs more than a short wait.
                if not poll.poll(_LAG):
                    return
                continue
            if not count:
                raise OSError('the file has become shorter')
            self._position += count

    def close(self) -> None:
        self._outcome.finish()


def _wait_writable(sock: socket.socket) -> None:
    """:raises TimeoutError: the client takes nothing"""
    timeout = sock.gettimeout() or _IDLE
    if concurrency.is_green():
        is_ready = any(select.select([], [sock], [], timeout))
    else:
        poll = select.poll()
        poll.register(sock, select.POLLOUT)
        is_ready = bool(poll.poll(timeout * 1000))
    if not is_ready:
        raise TimeoutError()


def shut(sock: socket.socket) -> None:
    """Let nothing more pass: the client sees that the body is cut short."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
