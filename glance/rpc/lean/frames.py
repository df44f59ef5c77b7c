"""The frames of AMQP 0-9-1 that a call is made of.

These are written and read here, a message with one write and what has arrived
with one read; all others are py-amqp's.
"""

from collections.abc import Iterator
import functools
import struct
import typing

from amqp import exceptions
from amqp import serialization

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
# (class, method)
_Method = tuple[int, int]
DELIVER, RETURN, ACK, NACK = (60, 60), (60, 50), (60, 80), (60, 120)
CANCEL_OK, CLOSED = (60, 31), (10, 51)
CLOSE, CHANNEL_CLOSE, CANCEL = (10, 50), (20, 40), (60, 30)
BLOCKED, UNBLOCKED = (10, 60), (10, 61)
WITH_CONTENT = (DELIVER, RETURN)

# (kind, channel, payload)
Frame = tuple[int, int, bytes]

_END = b'\xce'
_HEAD = struct.Struct('>BHI')
_METHOD = struct.Struct('>HH')
_CONTENT = struct.Struct('>HHQH')
_SIZE = struct.Struct('>Q')
_TAG = struct.Struct('>QB')
# What a frame adds to its payload.
_AROUND = _HEAD.size + len(_END)

# flags of properties, in their order
_TYPE, _ENCODING, _HEADERS, _MODE, _PRIORITY, _ID, _REPLY_TO, _EXPIRES = (
    0x8000, 0x4000, 0x2000, 0x1000, 0x800, 0x400, 0x200, 0x100)
TRANSIENT, PERSISTENT = 1, 2


def frame(kind: int, channel: int, payload: bytes) -> bytes:
    return _HEAD.pack(kind, channel, len(payload)) + payload + _END


def method(channel: int, signature: _Method, arguments: bytes = b'') -> bytes:
    return frame(METHOD, channel, _METHOD.pack(*signature) + arguments)


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded


HEARTBEAT_FRAME = frame(HEARTBEAT, 0, b'')
CLOSE_FRAME = method(0, CLOSE, struct.pack('>H', 200) + _short('')
                     + struct.pack('>HH', 0, 0))
CLOSED_FRAME = method(0, CLOSED)
_JSON = _short('application/json') + _short('utf-8')


@functools.lru_cache(256)
def _publish(channel: int, exchange: str, key: str, mandatory: bool) -> bytes:
    return method(channel, (60, 40), b'\0\0' + _short(exchange) + _short(key)
                  + (b'\1' if mandatory else b'\0'))


def message(channel: int, exchange: str, key: str, body: bytes,
            frame_max: int, message_id: str, mandatory: bool = False,
            mode: int = TRANSIENT, reply_to: str = '',
            expires: float | None = None) -> bytes:
    """The frames that publish a text of JSON.

    :param frame_max: bytes of a frame at most
    :param message_id: comes back with what is returned, and as that of the
                       answer
    :param mode: TRANSIENT or PERSISTENT
    :param expires: seconds after which nobody wants it any more
    """
    flags = _TYPE | _ENCODING | _MODE | _ID
    values = _JSON + bytes((mode,)) + _short(message_id)
    if reply_to:
        flags |= _REPLY_TO
        values += _short(reply_to)
    if expires is not None:
        flags |= _EXPIRES
        values += _short(str(max(0, int(expires * 1000))))
    header = _CONTENT.pack(60, 0, len(body), flags) + values
    room = frame_max - _AROUND
    return b''.join([
        _publish(channel, exchange, key, mandatory),
        frame(HEADER, channel, header),
        *(frame(BODY, channel, body[at:at + room])
          for at in range(0, len(body), room))])


def ack(channel: int, tag: int) -> bytes:
    return method(channel, ACK, _TAG.pack(tag, 0))


def declare_exchange(channel: int, name: str, kind: str, durable: bool,
                     auto_delete: bool) -> bytes:
    """Without an answer; who is refused loses the channel."""
    return method(channel, (40, 10), serialization.dumps(
        'BssbbbbbF', (0, name, kind, False, durable, auto_delete, False, True,
                      {})))


def cancel(channel: int, consumer: str) -> bytes:
    return method(channel, CANCEL, _short(consumer) + b'\0')


class Parser:
    """Makes frames of what arrives."""

    def __init__(self) -> None:
        self._rest = b''

    def feed(self, data: bytes) -> Iterator[Frame]:
        """:raises UnexpectedFrame: these are none"""
        if self._rest:
            data = self._rest + data
        at, end = 0, len(data)
        while end - at >= _AROUND:
            kind, channel, size = _HEAD.unpack_from(data, at)
            begin = at + _HEAD.size
            stop = begin + size
            if stop >= end:
                break
            if data[stop] != _END[0]:
                raise exceptions.UnexpectedFrame('A frame without an end')
            yield kind, channel, data[begin:stop]
            at = stop + 1
        self._rest = data[at:]


class Content:
    """A message that arrives: what brought it, its properties, its body.

    :ivar message_id: which one it is, or which one it answers; '' if unsaid
    :ivar reply_to: where the answer goes
    """

    __slots__ = ('channel', 'kind', 'arguments', 'message_id', 'reply_to',
                 'body', '_missing', '_parts')

    def __init__(self, channel: int, kind: _Method, arguments: bytes) -> None:
        self.channel, self.kind, self.arguments = channel, kind, arguments
        self.message_id = self.reply_to = ''
        self.body = b''
        self._missing, self._parts = 0, list[bytes]()

    def header(self, payload: bytes) -> bool:
        """:returns: whether the message is whole"""
        self._missing, = _SIZE.unpack_from(payload, 4)
        self.message_id, self.reply_to = _properties(payload)
        return not self._missing

    def add(self, payload: bytes) -> bool:
        """:returns: whether the message is whole"""
        self._missing -= len(payload)
        self._parts.append(payload)
        if self._missing > 0:
            return False
        self.body = (payload if len(self._parts) == 1
                     else b''.join(self._parts))
        return True

    def tag(self) -> int:
        """:returns: the number of a delivery"""
        after = 5 + self.arguments[4]
        number: int = _SIZE.unpack_from(self.arguments, after)[0]
        return number


def _properties(payload: bytes) -> tuple[str, str]:
    """:returns: (message id, where to reply) of the header of a content"""
    flags, at = int.from_bytes(payload[12:14], 'big'), 14
    found = {}
    for flag in (_TYPE, _ENCODING, _HEADERS, _MODE, _PRIORITY, _ID,
                 _REPLY_TO):
        if not flags & flag:
            continue
        if flag == _HEADERS:
            at += 4 + int.from_bytes(payload[at:at + 4], 'big')
        elif flag in (_MODE, _PRIORITY):
            at += 1
        else:
            end = at + 1 + payload[at]
            found[flag] = payload[at + 1:end]
            at = end
    # Of whoever else sends, it may be anything.
    return (found.get(_ID, b'').decode(errors='replace'),
            found.get(_REPLY_TO, b'').decode(errors='replace'))


def signature(payload: bytes) -> _Method:
    """:returns: (class, method) of a method's payload"""
    return typing.cast(_Method, _METHOD.unpack_from(payload))


def settled(payload: bytes) -> tuple[int, bool]:
    """:returns: (number, whether all up to it) of an ACK or NACK"""
    number, bits = _TAG.unpack_from(payload, 4)
    return number, bool(bits & 1)


def reason(payload: bytes) -> str:
    """:returns: what the broker says to what it ends or blocks"""
    at = 4 if signature(payload) == BLOCKED else 6
    return payload[at + 1:at + 1 + payload[at]].decode(errors='replace')
