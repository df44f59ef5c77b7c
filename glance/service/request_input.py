"""`wsgi.input` of our servers: chunks read strictly, left-overs thrown away.

A body nobody has read stands between this request and the next one of the
connection. Up to a limit it is read and forgotten, so that the client gets
its answer and may go on; beyond it the connection is closed.
"""

import time

from glance.common import exceptions
from glance.store import byte_streams
from glance.store import framing

PIECE = 65536
# a client that sends more than this in vain loses its connection
MOST_DISCARDED = 1024 ** 3


class ChunkedInput:
    """A file-like body in chunks; UploadBroken when they are malformed."""

    def __init__(self, rfile):
        self.rfile = rfile
        self.closed = False
        # Not rfile itself: readinto of the buffered reader of _pyio, which
        # cheroot uses, fails where a read and its buffer do not end together.
        self._body = framing.Chunked(byte_streams.FileStream(rfile))

    def read(self, size=None):
        """:returns: `size` bytes, less only at the end; None: all of them"""
        pieces, wanted = [], size if size is not None and size >= 0 else None
        while not self.closed and wanted != 0:
            buffer = memoryview(bytearray(min(wanted or PIECE, PIECE)))
            count = self._body.readinto(buffer)
            self.closed = not count
            pieces.append(bytes(buffer[:count]))
            if wanted is not None:
                wanted -= count
        return b''.join(pieces)

    def readline(self, size=None):
        """One line; of no use for what this service reads, but expected."""
        line = b''
        while not line.endswith(b'\n') and (size is None or len(line) < size):
            byte = self.read(1)
            if not byte:
                break
            line += byte
        return line

    def __iter__(self):
        return iter(self.readline, b'')


def discard(read):
    """Read the rest of a body.

    :param read: gives up to n bytes, b'' at the end
    :returns: whether its end was reached and the connection can be used again
    """
    left = MOST_DISCARDED
    try:
        while left > 0:
            count = len(read(PIECE))
            if not count:
                return True
            left -= count
            # a fast client must not keep others waiting
            time.sleep(0)
    except (OSError, ValueError, exceptions.UploadBroken):
        pass
    return False
