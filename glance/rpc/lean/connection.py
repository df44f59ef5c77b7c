"""A connection under way: one reads, many write, and it is lost once."""

from collections.abc import Sequence
import functools
import logging
import ssl
import threading
import typing

import amqp

from glance.common import concurrency
from glance.rpc.lean import frames
from glance.rpc.lean import tls

LOG = logging.getLogger(__name__)

# bytes taken from the socket at a time
_PIECE = 65536
# how long the broker may take to say goodbye
_CLOSE_WITHIN = 2


class Lost(Exception):
    """The connection broke, or there is none; the message may be lost."""


class Blocked(Lost):
    """The broker takes no messages, as it lacks memory or disk space."""


class User(typing.Protocol):
    """Who is told what a connection brings; all in the thread that reads."""

    def take(self, content: frames.Content) -> None:
        """A message has come."""

    def settle(self, number: int, and_before: bool, taken: bool) -> None:
        """The broker has a message, or refused it."""

    def rest(self, connection: 'Connection') -> None:
        """All that had arrived was told."""

    def block(self) -> None:
        """Nothing can be sent for now; what was may wait there for long."""

    def lose(self, reason: Exception) -> None:
        """The connection is gone."""

    def go_on(self, connection: 'Connection') -> None:
        """Another one is there; in a thread of its own."""


class Connection:
    """:param opened: py-amqp's, with everything declared and asked for
    :param early: messages that have come meanwhile
    :ivar blocked: whether the broker takes no messages for now
    :ivar declared: exchanges that were declared over it
    """

    def __init__(self, opened: amqp.Connection, user: User,
                 early: Sequence[frames.Content] = ()) -> None:
        self._user, self._early = user, early
        self._sock = opened.transport.sock
        self.frame_max: int = opened.frame_max
        self.heartbeat: float = opened.heartbeat
        # Greenlets are in each other's way at no time.
        self._in_turn = (isinstance(self._sock, ssl.SSLSocket)
                         and not concurrency.is_green())
        self._send, self._receive = self._sock.sendall, self._sock.recv
        self._writing = threading.Lock()
        # Of who ends it, too: OpenSSL's part of a socket is taken from it
        # first, and the rest would send what is secret as it is.
        self._turn = threading.Lock()
        self._over = threading.Event()
        self._reason: Exception | None = None
        self._cancelled = threading.Event()
        self._partial: dict[int, frames.Content] = {}
        self._heard = self._wrote = True
        self.blocked = False
        self.declared: set[str] = set()

    def start(self) -> None:
        if self._in_turn:
            self._sock.settimeout(0)
            self._send = functools.partial(tls.send, self._sock, self._turn)
            self._receive = functools.partial(tls.receive, self._sock,
                                              self._turn)
        else:
            self._sock.settimeout(None)
        concurrency.spawn(self._read)

    def is_open(self) -> bool:
        return self._reason is None

    def write(self, data: bytes) -> None:
        """:raises Lost: it is not open, or breaks"""
        try:
            with self._writing:
                if self._reason is not None:
                    raise Lost(str(self._reason))
                self._wrote = True
                self._send(data)
        except OSError as error:
            self._end(error)
            raise Lost(str(error))

    def watch(self, rate: int) -> Exception:
        """Send and count heartbeats until the connection is lost.

        :param rate: how often to look in the time of one heartbeat
        :returns: why it is
        """
        silent = 0
        pause = self.heartbeat / max(rate, 1) / 2 or None
        while not self._over.wait(pause):
            silent = 0 if self._heard else silent + 1
            self._heard = False
            if silent > 4 * max(rate, 1):
                self._end(Lost('no heartbeats from the broker'))
            elif not self._wrote and not self._writing.locked():
                self._beside(frames.HEARTBEAT_FRAME)
            self._wrote = False
        return self._reason or Lost('closed')

    def cancel(self, channel: int, consumer: str, seconds: float) -> None:
        """Take no more messages; returns when no more of them come."""
        self._cancelled.clear()
        self._beside(frames.cancel(channel, consumer))
        self._cancelled.wait(seconds)

    def close(self) -> None:
        self._beside(frames.CLOSE_FRAME)
        self._over.wait(_CLOSE_WITHIN)
        self._end(Lost('closed'))

    def _beside(self, data: bytes) -> None:
        """Write; to a broker that reads nothing this may take for ever."""
        concurrency.spawn(self._try, data)

    def _try(self, data: bytes) -> None:
        try:
            self.write(data)
        except Lost as error:
            LOG.debug('Not sent to the broker: %s', error)

    def _end(self, reason: Exception) -> None:
        """Wake the reader, who tells."""
        if self._reason is None:
            self._reason = reason
        with self._turn:
            try:
                self._sock.shutdown(2)
            except OSError:
                pass

    def _read(self) -> None:
        try:
            self._read_all()
        except Exception as error:
            self._end(error)
        finally:
            # Who writes still would write to whatever gets its number next.
            with self._writing, self._turn:
                self._sock.close()
            self._user.lose(Lost(str(self._reason)))
            self._cancelled.set()
            self._over.set()

    def _read_all(self) -> None:
        parser, recv = frames.Parser(), self._receive
        for content in self._early:
            self._user.take(content)
        self._user.rest(self)
        while data := recv(_PIECE):
            self._heard = True
            for frame in parser.feed(data):
                self._take(*frame)
            self._user.rest(self)
        raise Lost('the broker has closed the connection')

    def _take(self, kind: int, channel: int, payload: bytes) -> None:
        if kind == frames.METHOD:
            self._take_method(channel, payload)
        elif kind == frames.HEARTBEAT:
            return
        else:
            content = self._partial[channel]
            if (content.header if kind == frames.HEADER
                    else content.add)(payload):
                del self._partial[channel]
                self._user.take(content)

    def _take_method(self, channel: int, payload: bytes) -> None:
        name = frames.signature(payload)
        if name in frames.WITH_CONTENT:
            self._partial[channel] = frames.Content(channel, name, payload)
        elif name in (frames.ACK, frames.NACK):
            self._user.settle(*frames.settled(payload), name == frames.ACK)
        elif name == frames.CANCEL_OK:
            self._cancelled.set()
        elif name == frames.BLOCKED:
            LOG.error('The broker takes no messages for now: %s',
                      frames.reason(payload))
            self.blocked = True
            self._user.block()
        elif name == frames.UNBLOCKED:
            LOG.info('The broker takes messages again')
            self.blocked = False
        else:
            self._take_end(name, payload)

    def _take_end(self, name: tuple[int, int], payload: bytes) -> None:
        """:raises Lost: it is one"""
        if name == frames.CLOSED:
            raise Lost('closed')
        if name == frames.CANCEL:
            raise Lost('a queue is gone that was read from')
        if name == frames.CLOSE and not self._writing.locked():
            self._try(frames.CLOSED_FRAME)
        if name in (frames.CLOSE, frames.CHANNEL_CLOSE):
            raise Lost(frames.reason(payload))
