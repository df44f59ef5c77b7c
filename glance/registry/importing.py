"""An image while a task brings its data: lock, stores to do, outcome.

The lock is the property os_glance_import_task, which old clients know. It is
held as long as the work of that task is there, and such work always comes to
an end: nothing has to be waited out. Only a lock that a release without such
work has left behind is judged by the age of its task.
"""

import datetime

from oslo_utils import timeutils

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import tasks
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import properties
from glance.objects import states
from glance.registry import readers
from glance.registry import transitions

LOCK = properties.IMPORT_TASK
TO_DO, FAILED = properties.IMPORT_LISTS

_NOTHING = dict.fromkeys(
    ('size', 'virtual_size', 'checksum', 'os_hash_algo', 'os_hash_value'))
# Minutes after which a lock of an old release counts as left behind.
_OLD_PENDING, _OLD = 120, 60


def locked_row(conn, image_id):
    """Take the row lock.

    :raises Gone: the image was deleted
    """
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.Gone('Image %s was deleted.' % image_id)
    return row


def take_lock(conn, image, task_id, stores):
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


def _steal(conn, task_id):
    """:returns: the stores of the task that has lost the lock"""
    if work.get(conn, task_id) is not None:
        raise _taken()
    try:
        task = tasks.get(conn, task_id)
    except exceptions.NotFound:
        return ()
    changed = datetime.datetime.fromisoformat(task['updated_at'])
    minutes = _OLD_PENDING if task['status'] == states.TASK_PENDING else _OLD
    if task['status'] not in states.TASKS_ENDED and (
            timeutils.utcnow() - changed < datetime.timedelta(
                minutes=minutes)):
        raise _taken()
    tasks.end(conn, task_id, states.TASK_FAILURE, CONF.task.task_time_to_live,
              message='The lock has expired and another task has taken it.')
    stores = (task['input'] or {}).get('backend') or ()
    return [store for store in stores if store]


def _taken():
    return exceptions.Conflict(
        'Another task is importing or copying data of this image.')


def _list(image, name):
    return {one for one in (image['properties'].get(name) or '').split(',')
            if one}


def _text(ids):
    return ','.join(sorted(ids))


def _lists(image, done, failed):
    """The two properties after some stores are done with."""
    properties = image['properties']
    if TO_DO not in properties and FAILED not in properties:
        return {}
    return {TO_DO: _text(_list(image, TO_DO) - set(done)),
            FAILED: _text(_list(image, FAILED) | set(failed))}


def _set(conn, image_id, properties):
    if properties:
        image_writes.set_properties(
            conn, image_id, properties,
            image_writes.property_names(conn, image_id))
        image_writes.update(conn, image_id, {})


def store_done(conn, image_id, store_id, location, values):
    """Data has arrived in one store.

    :param location: {"url", "metadata"}
    :param values: with which the image becomes active, None to leave it:
        columns and `properties`
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
    values = dict(values)
    _set(conn, image_id, values.pop('properties', None))
    transitions.change(
        conn, image_id, states.IMPORTING, states.ACTIVE,
        before=lambda image: (
            events.to_store('image.upload', image),
            events.of_image('image.activate', image)), **values)


def store_failed(conn, image_id, store_id, reason):
    """One store did not take the data; others may."""
    before = image_rows.get(conn, image_id)
    _set(conn, image_id, _lists(before, [store_id], [store_id]))
    outbox.write(conn, events.upload_failed(reason), events.of_image(
        'image.update', image_rows.get(conn, image_id)))


def drop_location(conn, image_id, url):
    """Forget a location and leave its data to the work that deletes."""
    image = image_rows.get(conn, image_id)
    for location in image['locations']:
        if location['url'] == url:
            locations.delete(conn, location['id'])
            work.create(conn, 'delete_data', image_id,
                        {'url': url, 'metadata': location['metadata'],
                         'location': location['id'], 'stays': True,
                         'delayed': False}, project_id=image['owner'],
                        store_bytes=image['size'] or 0)


def end(conn, image_id, task_id, done, failed):
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
