"""An image while a task brings its data: lock, stores to do, outcome.

The lock is the property os_glance_import_task, which old clients know. It is
held as long as the work of that task is there, and such work always comes to
an end: nothing has to be waited out. Only a lock that a release without such
work has left behind is judged by the age of its task.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
import datetime

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db import types
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import properties
from glance.objects import states
from glance.registry import readers
from glance.registry import removal
from glance.registry import transitions

LOCK = properties.IMPORT_TASK
TO_DO, FAILED = properties.IMPORT_LISTS

_NOTHING: location_types.AllFacts = {
    'size': None, 'virtual_size': None, 'checksum': None,
    'os_hash_algo': None, 'os_hash_value': None}
# Minutes after which a lock of an old release counts as left behind.
_OLD_PENDING, _OLD = 120, 60


def locked_row(conn: sa.Connection, image_id: str) -> types.Row:
    """Take the row lock.

    :raises Gone: the image was deleted
    """
    return image_writes.lock_live(
        conn, image_id,
        lambda: exceptions.Gone('Image %s was deleted.' % image_id))


def take_lock(conn: sa.Connection, image: image_types.Record, task_id: str,
              stores: Collection[str]) -> None:
    """Note the task and its stores on the image.

    :param image: as read under the row lock
    :param stores: ids that users are to see, none for a single store
    :raises Conflict: another task holds it
    """
    holder = image['properties'].get(LOCK)
    left = _steal(conn, holder) if holder else ()
    lists = {}
    if stores or left:
        freed = set(left) | set(stores)
        lists = {TO_DO: _text((_list(image, TO_DO) - freed) | set(stores)),
                 FAILED: _text(_list(image, FAILED) - freed)}
    _set(conn, image['id'], dict(lists, **{LOCK: task_id}))


def _steal(conn: sa.Connection, task_id: str) -> Sequence[str]:
    """:returns: the stores of the task that has lost the lock"""
    if work.get(conn, task_id) is not None:
        raise _taken()
    try:
        task = tasks.get(conn, task_id)
    except exceptions.NotFound:
        return ()
    changed = datetime.datetime.fromisoformat(
        task['updated_at'] or task['created_at'])
    minutes = _OLD_PENDING if task['status'] == states.TASK_PENDING else _OLD
    if task['status'] not in states.TASKS_ENDED and (
            timeutils.utcnow() - changed < datetime.timedelta(
                minutes=minutes)):
        raise _taken()
    tasks.end(conn, task_id, states.TASK_FAILURE, CONF.task.task_time_to_live,
              message='The lock has expired and another task has taken it.')
    stores = (task['input'] or {}).get('backend') or ()
    return [store for store in stores if store]


def _taken() -> exceptions.Conflict:
    return exceptions.Conflict(
        'Another task is importing or copying data of this image.')


def _list(image: image_types.Record, name: str) -> set[str]:
    return {one for one in (image['properties'].get(name) or '').split(',')
            if one}


def _text(ids: Iterable[str]) -> str:
    return ','.join(sorted(ids))


def _lists(image: image_types.Record, done: Iterable[str],
           failed: Iterable[str]) -> dict[str, str]:
    """The two properties after some stores are done with."""
    if TO_DO not in image['properties'] and FAILED not in image['properties']:
        return {}
    return {TO_DO: _text(_list(image, TO_DO) - set(done)),
            FAILED: _text(_list(image, FAILED) | set(failed))}


def _set(conn: sa.Connection, image_id: str,
         wanted: Mapping[str, str]) -> None:
    if wanted:
        image_writes.set_properties(
            conn, image_id, wanted,
            image_writes.property_names(conn, image_id))
        image_writes.update(conn, image_id, {})


def store_done(conn: sa.Connection, image_id: str, store_id: str,
               location: location_types.Written,
               values: image_types.Values | None) -> None:
    """Data has arrived in one store.

    :param values: with which the image becomes active, None to leave it
    """
    locations.create(conn, image_id, location['url'], location['metadata'])
    readers.schedule(conn, image_id, location)
    before = image_rows.get(conn, image_id)
    _set(conn, image_id, _lists(before, [store_id], ()))
    if values is None:
        image = image_rows.get(conn, image_id)
        outbox.write(conn, events.to_store('image.upload', image),
                     events.of_image('image.update', image))
        return
    columns = values.copy()
    _set(conn, image_id, columns.pop('properties', {}))
    transitions.change(
        conn, image_id, states.IMPORTING, states.ACTIVE,
        before=lambda image: (
            events.to_store('image.upload', image),
            events.of_image('image.activate', image)), **columns)


def store_failed(conn: sa.Connection, image_id: str, store_id: str,
                 reason: str) -> None:
    """One store did not take the data; others may."""
    before = image_rows.get(conn, image_id)
    _set(conn, image_id, _lists(before, [store_id], [store_id]))
    outbox.write(conn, events.upload_failed(reason), events.of_image(
        'image.update', image_rows.get(conn, image_id)))


def drop_location(conn: sa.Connection, image_id: str, url: str) -> None:
    """Forget a location and leave its data to the work that deletes."""
    image = image_rows.get(conn, image_id)
    for location in image['locations']:
        if location['url'] == url:
            locations.delete(conn, location['id'])
            removal.remove_data(conn, image_id, location, image['owner'],
                                image['size'], stays=True)


def end(conn: sa.Connection, image_id: str, task_id: str,
        done: Iterable[str], failed: Iterable[str]) -> None:
    """The task is over: lists and lock go, an image without data is queued.

    :param done: ids of stores to take from the list of those to do
    :param failed: those of them to note as failed
    """
    image = image_rows.get(conn, image_id)
    _set(conn, image_id, _lists(image, done, failed))
    if image['properties'].get(LOCK) == task_id:
        image_writes.remove_properties(conn, image_id, [LOCK])
    if image['status'] == states.IMPORTING:
        transitions.change(conn, image_id, states.IMPORTING, states.QUEUED,
                           **_NOTHING)
    else:
        outbox.write(conn, events.of_image(
            'image.update', image_rows.get(conn, image_id)))
