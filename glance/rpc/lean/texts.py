"""Messages as text: what the stock driver sends, without its envelope.

That takes both, as it does what is older than the envelope. So one text of
JSON is made of a message, and not one of another.
"""

import json
import typing

from oslo_messaging._drivers import common
from oslo_serialization import jsonutils

Message = dict[str, typing.Any]

_CONTEXT = '_context_'
# A receiver of the stock driver would take it for a type of kombu's.
_FOR_KOMBU = '"__type__"'


def written(message: Message) -> bytes:
    text = json.dumps(message, default=jsonutils.to_primitive,
                      separators=(',', ':'))
    if _FOR_KOMBU in text:
        text = json.dumps(common.serialize_msg(message))
    return text.encode()


def read(body: bytes) -> Message:
    """:raises ValueError: it is none"""
    message = common.deserialize_msg(json.loads(body))
    if not isinstance(message, dict):
        raise ValueError('A message that is no object')
    return message


def request(message: Message, ctxt: Message, message_id: str,
            **more: typing.Any) -> bytes:
    """:param more: `_msg_id` and others of oslo.messaging's own keys"""
    return written(dict(message, _unique_id=message_id, **more, **{
        _CONTEXT + key: value for key, value in ctxt.items()}))


def split(message: Message) -> tuple[Message, Message]:
    """:returns: (context, what is left) of a request"""
    ctxt = {key.removeprefix(_CONTEXT): message.pop(key)
            for key in list(message) if key.startswith(_CONTEXT)}
    return ctxt, message


def answer(msg_id: str, unique_id: str, result: typing.Any,
           failure: typing.Any, is_last: bool = True) -> bytes:
    """:param failure: what `sys.exc_info` gives, None for success"""
    if failure is not None:
        failure = common.serialize_remote_exception(failure)
    return written({'result': result, 'failure': failure, 'ending': is_last,
                    '_msg_id': msg_id, '_unique_id': unique_id})
