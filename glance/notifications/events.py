"""The events of the service and the payloads that their readers know."""

import typing

from glance.objects import attributes
from glance.objects import properties


class Event(typing.NamedTuple):
    """A message to be."""

    type: str           # such as image.update
    priority: str       # INFO or ERROR
    payload: object     # JSON-able


_IMAGE_KEYS = (*attributes.SENT, 'properties')
_TASK_KEYS = ('id', 'type', 'status', 'owner', 'deleted')
_TASK_TIMES = ('created_at', 'updated_at', 'expires_at', 'deleted_at')
_MEMBER_KEYS = ('image_id', 'member_id', 'status', 'created_at',
                'updated_at')


def image_payload(image):
    """What ceilometer and others read of an image; no locations, ever."""
    payload = {key: image[key] for key in _IMAGE_KEYS}
    payload['is_public'] = image['visibility'] == 'public'
    return payload


def of_image(event_type, image, **more):
    """An event about an image, with further payload keys."""
    return Event(event_type, 'INFO', dict(image_payload(image), **more))


def status(image, old_status):
    """An image changed its status; `old_status` is null for a new one."""
    return of_image(
        'image.status', image, old_status=old_status,
        new_status=image['status'])


def to_store(event_type, image, store_id=None):
    """image.prepare or image.upload: data on its way to one store.

    :param store_id: for image.prepare, where several stores are configured;
        no reader of image.upload knows it
    """
    more = {name: [one for one in (image['properties'].get(name) or '')
                   .split(',') if one] for name in properties.IMPORT_LISTS}
    if store_id is not None:
        more['backend'] = store_id
    return of_image(event_type, image, **more)


def upload_failed(reason):
    """image.upload as an error carries a plain text."""
    return Event('image.upload', 'ERROR', reason)


def sent(payload):
    """image.send: the data of an image was read by a user."""
    return Event('image.send', 'INFO', payload)


def cut_off(payload):
    """image.send as an error: a download that ended early."""
    return Event('image.send', 'ERROR', payload)


def of_member(event_type, member, **more):
    """An event about a member of an image."""
    payload = {key: member[key] for key in _MEMBER_KEYS}
    payload.update({'deleted': False, 'deleted_at': None}, **more)
    return Event(event_type, 'INFO', payload)


def of_task(event_type, task, **more):
    """An event about a task, whose readers never see input and result.

    :param task: as the database has it, times with fractions of a second
    """
    payload = {key: task[key] for key in _TASK_KEYS}
    for key in _TASK_TIMES:
        payload[key] = task[key] and task[key][:19] + 'Z'
    payload.update({'result': None, 'message': None}, **more)
    return Event(event_type, 'INFO', payload)
