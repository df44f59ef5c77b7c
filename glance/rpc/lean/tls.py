"""Reading and writing over TLS at the same time, from native threads.

OpenSSL lets one thread at a time into a connection, and who reads would stay
there until something comes. So the socket does not block; who waits, waits
outside.
"""

import select
import ssl
import typing

# A lock.
_Turn = typing.Any

_NOT_YET = (ssl.SSLWantReadError, ssl.SSLWantWriteError)


def receive(sock: ssl.SSLSocket, turn: _Turn, size: int) -> bytes:
    """:returns: what has come, at least a byte; none at the end"""
    while True:
        with turn:
            try:
                return sock.recv(size)
            except _NOT_YET:
                pass
        _wait(sock, select.POLLIN)


def send(sock: ssl.SSLSocket, turn: _Turn, data: bytes) -> None:
    """Send all of it, one message after the other."""
    left = memoryview(data)
    while left:
        with turn:
            try:
                left = left[sock.send(left):]
                continue
            except _NOT_YET:
                pass
        _wait(sock, select.POLLOUT)


def _wait(sock: ssl.SSLSocket, for_what: int) -> None:
    """Also ends when the socket is shut down."""
    poll = select.poll()
    poll.register(sock.fileno(), for_what)
    poll.poll()
