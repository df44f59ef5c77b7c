"""The events of the service and the payloads that their readers know."""

from collections.abc import Mapping
import typing

from glance.objects import attributes
from glance.objects import image as image_types
from glance.objects import member as member_types
from glance.objects import properties
from glance.objects import task as task_types
from glance.objects import upload

Payload = dict[str, typing.Any]


class Event(typing.NamedTuple):
    """A message to be: `payload` is JSON-able."""

    type: str
    priority: str       # INFO or ERROR
    payload: object


_IMAGE_KEYS = (*attributes.SENT, 'properties')
_TASK_KEYS: typing.Final = ('id', 'type', 'status', 'owner', 'deleted')
_TASK_TIMES: typing.Final = ('created_at', 'updated_at', 'expires_at',
                             'deleted_at')
_MEMBER_KEYS: typing.Final = ('image_id', 'member_id', 'status', 'created_at',
                              'updated_at')


def image_payload(image: image_types.Record) -> Payload:
    """What ceilometer and others read of an image; no locations, ever."""
    record: Mapping[str, object] = image
    payload = {key: record[key] for key in _IMAGE_KEYS}
    payload['is_public'] = image['visibility'] == 'public'
    return payload


def of_image(event_type: str, image: image_types.Record, **more: object
             ) -> Event:
    """An event about an image, with further payload keys."""
    return Event(event_type, 'INFO', dict(image_payload(image), **more))


def status(image: image_types.Record, old_status: str | None) -> Event:
    """An image changed its status; `old_status` is null for a new one."""
    return of_image(
        'image.status', image, old_status=old_status,
        new_status=image['status'])


def of_use(event_type: str, image: image_types.Record) -> Event:
    """image.used or image.unused: the first use has begun, the last has ended.
    """
    record: Mapping[str, object] = image
    return of_image(event_type, image,
                    **{name: record[name] for name in attributes.USAGE})


def to_store(event_type: str, image: image_types.Record,
             store_id: str | None = None) -> Event:
    """image.prepare or image.upload: data on its way to one store.

    :param store_id: for image.prepare, where several stores are configured;
        no reader of image.upload knows it
    """
    more: Payload = {
        name: [one for one in (image['properties'].get(name) or '').split(',')
               if one] for name in properties.IMPORT_LISTS}
    if store_id is not None:
        more['backend'] = store_id
    return of_image(event_type, image, **more)


def upload_failed(reason: str) -> Event:
    """image.upload as an error carries a plain text."""
    return Event('image.upload', 'ERROR', reason)


def sent(payload: upload.Sent) -> Event:
    """image.send: the data of an image was read by a user."""
    return Event('image.send', 'INFO', payload)


def cut_off(payload: upload.Sent) -> Event:
    """image.send as an error: a download that ended early."""
    return Event('image.send', 'ERROR', payload)


def of_member(event_type: str, member: member_types.Member, **more: object
              ) -> Event:
    """An event about a member of an image."""
    payload: Payload = {key: member[key] for key in _MEMBER_KEYS}
    payload.update({'deleted': False, 'deleted_at': None}, **more)
    return Event(event_type, 'INFO', payload)


def of_task(event_type: str, task: task_types.Listed, **more: object) -> Event:
    """An event about a task, whose readers never see input and result.

    :param task: as the database has it, times with fractions of a second
    """
    payload: Payload = {key: task[key] for key in _TASK_KEYS}
    for name in _TASK_TIMES:
        moment = task[name]
        payload[name] = moment and moment[:19] + 'Z'
    payload.update({'result': None, 'message': None}, **more)
    return Event(event_type, 'INFO', payload)
