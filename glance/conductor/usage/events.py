"""Events of other services as statements; what says nothing gives none."""

import datetime
import re
import typing

from glance.objects import usage

_UUID = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z')
_PROJECT = re.compile(r'[!-~]{1,255}\Z')


class Event(typing.NamedTuple):
    """:ivar at_ms: when it happened, by the clock of its sender"""

    type: str
    payload: dict[str, typing.Any]
    at_ms: int


def read(event_type: object, payload: object,
         timestamp: object) -> Event | None:
    """:param timestamp: as oslo.messaging writes it, in UTC
    :returns: None for what is no event as we know them
    """
    at_ms = _moment(timestamp)
    if not isinstance(event_type, str) or not isinstance(
            payload, dict) or at_ms is None:
        return None
    return Event(event_type, payload, at_ms)


def _moment(timestamp: object) -> int | None:
    try:
        moment = datetime.datetime.fromisoformat(str(timestamp))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.timezone.utc)
        return int(moment.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def uuid_of(value: object) -> str | None:
    """:returns: a UUID in small letters, None for anything else"""
    text = value.lower() if isinstance(value, str) else ''
    return text if _UUID.match(text) else None


def say(at_ms: int, kind: str, consumer: object, project: object,
        image: object, is_gone: bool = False) -> list[usage.Statement]:
    """What is said of one consumer; nothing, if no image is named and the
    consumer is there.

    :param consumer, project, image: as the payload has them
    """
    consumer_id, image_id = uuid_of(consumer), uuid_of(image)
    if consumer_id is None or not (image_id or is_gone):
        return []
    return [{'at_ms': at_ms, 'kind': kind, 'id': consumer_id,
             'project_id': _project(project), 'image_id': image_id,
             'is_gone': is_gone}]


def _project(value: object) -> str | None:
    return (value if isinstance(value, str) and _PROJECT.match(value)
            else None)
