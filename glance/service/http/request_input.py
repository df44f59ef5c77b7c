"""`wsgi.input` of our servers, and what becomes of its unread rest.

A body nobody has read stands between this request and the next one of the
connection. A short rest is read before the answer, so that the client may go
on. Otherwise the answer says that it is the last one, and the connection is
closed after it: first our side, then, when the client has had time to read the
answer, all of it. To close at once would take the answer from the client.
"""

import io
import socket
import time

from glance.common import exceptions
from glance.store.request import body_framing
from glance.store.request import byte_streams

PIECE = 65536
# A rest of so many bytes, and which comes within so many seconds, is read.
_SHORT, _SOON = 65536, 0.5
# Seconds in which a client may go on sending what nobody reads, and seconds of
# silence that end it sooner.
LINGER, SILENCE = 30, 2
_NOTHING = body_framing.KnownLength(None, 0)


class Wire(io.RawIOBase):
    """What a connection receives, after what came together with the head.

    :ivar dry: whether to give nothing that is not here already
    """

    def __init__(self, sock, received=b''):
        self._sock = sock
        self._received = memoryview(received)
        self.dry = False

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._received:
            count = min(len(buffer), len(self._received))
            buffer[:count] = self._received[:count]
            self._received = self._received[count:]
            return count
        return None if self.dry else self._sock.recv_into(buffer)

    def take(self):
        received, self._received = bytes(self._received), memoryview(b'')
        return received

    def put_back(self, received):
        self._received = memoryview(received + self.take())


class Body:
    """A file-like body whose framing is read strictly.

    :param sock: of the client; None where it must not be read past TLS
    :param wire: see `Wire`
    :param length: bytes, None for chunks
    :param proceed: called once, before the first byte is read
    :param begun: called once, when the body is first wanted
    :ivar framing: knows what is left, whoever reads
    """

    def __init__(self, wire, length, proceed=None, begun=None):
        self.length = length
        self._wire = wire
        self._file = io.BufferedReader(wire)
        self._proceed, self._begun = proceed, begun
        self.framing = _NOTHING if length == 0 else self._framed()

    def _framed(self):
        stream = byte_streams.FileStream(self._file)
        if self.length is None:
            return body_framing.Chunked(stream)
        return body_framing.KnownLength(stream, self.length)

    def use(self, stream):
        """Read from another stream from now on."""
        if self.length != 0:
            self.framing.stream = stream

    @property
    def ended(self):
        """Whether all of it was read."""
        return self.length == 0 or self.framing.ended

    @property
    def is_held_back(self):
        """Whether the client waits to be told to send."""
        return self._proceed is not None

    def proceed(self):
        """Tell a client that waits for it to send the body.

        :raises UploadBroken: it has left
        """
        begun, self._begun = self._begun, None
        if begun is not None:
            begun()
        proceed, self._proceed = self._proceed, None
        if proceed is not None:
            try:
                proceed()
            except OSError:
                raise exceptions.UploadBroken() from None

    def readinto(self, view):
        """As the framings of `glance.store.request.body_framing`."""
        if not self.ended:
            self.proceed()
        return self.framing.readinto(view)

    def take_received(self):
        """Everything that has been received and not been read."""
        self._wire.dry = True
        data = self._file.peek()
        self._file.read(len(data))
        self._wire.dry = False
        return data + self._wire.take()

    def give_back(self, received):
        """Undo `take_received`, and read here again."""
        self._wire.put_back(received)
        self.use(byte_streams.FileStream(self._file))

    def read(self, size=None):
        """:returns: `size` bytes, less only at the end; None: all of them
        :raises UploadBroken: early end, malformed chunks
        """
        pieces, wanted = [], size if size is not None and size >= 0 else None
        while wanted != 0:
            buffer = memoryview(bytearray(min(wanted or PIECE, PIECE)))
            count = self.readinto(buffer)
            if not count:
                break
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

    def finish(self, sock):
        """Read the rest if it is short, before the answer is sent.

        :param sock: of the client
        :returns: whether another request can follow on this connection
        """
        if self.ended:
            return True
        left = getattr(self.framing, 'left', 0)
        if self._proceed is not None or left > _SHORT:
            return False
        timeout = sock.gettimeout()
        try:
            return self._read_short(sock)
        except (OSError, exceptions.UploadBroken):
            return False
        finally:
            sock.settimeout(timeout)

    def _read_short(self, sock):
        end, left = time.monotonic() + _SOON, _SHORT
        buffer = memoryview(bytearray(PIECE))
        while not self.ended and left > 0:
            sock.settimeout(max(0.001, end - time.monotonic()))
            left -= self.framing.readinto(buffer) or 1
        return self.ended


class Lingering:
    """The end of a connection whose client may still be sending.

    :param sock: nothing more will be sent
    """

    def __init__(self, sock):
        self._sock = sock
        self._end = time.monotonic() + LINGER
        self._silent = time.monotonic() + SILENCE
        # With TLS this is the end of it: what is thrown away is not decrypted.
        shut_writing(sock)

    @property
    def deadline(self):
        """Seconds of the monotonic clock at which to close."""
        return min(self._end, self._silent)

    def too_late(self):
        """Nothing more is answered."""

    def take(self):
        """Throw away what is there.

        :returns: whether more may come
        """
        if not self._sock.recv(PIECE):
            return False
        self._silent = time.monotonic() + SILENCE
        return True


def shut_writing(sock):
    try:
        sock.shutdown(socket.SHUT_WR)
    except (OSError, ValueError):
        pass
