"""Images deleted with delay, and who data in the stores belongs to."""

import datetime
import json

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.images import image_rows
from glance.db.images import location_cipher
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import states

images = schema.images
locations = schema.image_locations
tasks = schema.tasks
task_info = schema.task_info
work = own_schema.work

# Work whose input is staged data itself.
_STAGED = ('staged', 'delete_staged')
# Children deleted together with their image: a database may cut off the
# fractions of a second.
_TOGETHER = datetime.timedelta(seconds=1)


def _is_pending(seconds):
    until = timeutils.utcnow() - datetime.timedelta(seconds=seconds)
    return (images.c.deleted == sa.true(),
            images.c.status == states.PENDING_DELETE,
            images.c.deleted_at <= until)


def list_due(conn, seconds, limit):
    """Images deleted with delay whose time is over.

    :param seconds: for which their data is kept
    :returns: [{"id", "size", "owner", "deleted_at"}], oldest first
    """
    rows = conn.execute(
        sa.select(images.c.id, images.c.size, images.c.owner,
                  images.c.deleted_at)
        .where(*_is_pending(seconds))
        .order_by(images.c.deleted_at, images.c.id).limit(limit))
    return [{'id': row.id, 'size': row.size, 'owner': row.owner,
             'deleted_at': image_rows.moment(row.deleted_at)}
            for row in rows]


def list_waiting(conn, seconds, limit):
    """Ids of such images whose work is to wait longer, or that have none."""
    works = (work.c.image_id == images.c.id, work.c.kind == 'delete_data')
    return conn.scalars(
        sa.select(images.c.id).where(
            *_is_pending(seconds), sa.or_(
                ~sa.exists().where(*works),
                sa.exists().where(*works, work.c.attempt == 0,
                                  work.c.lease_until_ms > types.now_ms())))
        .order_by(images.c.deleted_at, images.c.id).limit(limit)).all()


def restore(conn, image_id):
    """pending_delete -> active, with what was deleted together.

    The caller holds the row lock and sees to the locations.

    :returns: whether the image was pending_delete
    """
    deleted_at = conn.scalar(sa.select(images.c.deleted_at).where(
        images.c.id == image_id))
    alive = {'deleted': False, 'deleted_at': None,
             'updated_at': timeutils.utcnow()}
    if not conn.execute(images.update().where(
            images.c.id == image_id, ~types.live(images),
            images.c.status == states.PENDING_DELETE),
            dict(alive, status=states.ACTIVE)).rowcount:
        return False
    for table in (schema.image_properties, schema.image_tags,
                  schema.image_members):
        conn.execute(table.update().where(
            table.c.image_id == image_id, ~types.live(table),
            table.c.deleted_at >= deleted_at - _TOGETHER), alive)
    return True


def owners(conn, ids):
    """What is known of the ids that objects in the stores are named after.

    :returns: {id: {"is_known": whether there is or was such an image or
        task, "is_image": which of them, "is_busy": whether there is work,
        "urls": of locations that still count, "object": name of what the
        task has exported, or None}}
    """
    found = {one: {'is_known': False, 'is_image': False, 'is_busy': False,
                   'urls': [], 'object': None} for one in ids}
    for table, facts in ((tasks, {'is_known': True}),
                         (images, {'is_known': True, 'is_image': True})):
        for one in conn.scalars(sa.select(table.c.id).where(
                table.c.id.in_(ids))):
            found[one].update(facts)
    for row in conn.execute(sa.select(work.c.id, work.c.image_id).where(
            sa.or_(work.c.id.in_(ids), work.c.image_id.in_(ids)))):
        for one in {row.id, row.image_id} & set(found):
            found[one]['is_busy'] = True
    for row in conn.execute(sa.select(
            locations.c.image_id, locations.c.value).where(
                locations.c.image_id.in_(ids),
                sa.or_(types.live(locations),
                       locations.c.status == states.LOCATION_PENDING_DELETE))):
        found[row.image_id]['urls'].append(
            location_cipher.decrypt(row.value))
    for one, name in _exported(conn, ids):
        found[one]['object'] = name
    return found


def kept(conn, work_id, image_id):
    """What somebody counts on of the data of an image or of a task.

    :returns: URLs of locations and of staged data, attempts whose outcome is
        noted, names of exported objects
    """
    found = {*owners(conn, [image_id])[image_id]['urls'],
             *dict(_exported(conn, [work_id])).values()}
    for row in conn.execute(sa.select(
            work.c.kind, work.c.input, work.c.progress).where(sa.or_(
                work.c.id == work_id, work.c.image_id == image_id))):
        found.update(_noted(row.kind, json.loads(row.input),
                            json.loads(row.progress or '{}')))
    return sorted(found - {None})


def _exported(conn, task_ids):
    """:returns: (task id, name of the object in the store)"""
    for row in conn.execute(sa.select(
            task_info.c.task_id, task_info.c.result).where(
                task_info.c.task_id.in_(task_ids))):
        result = stored.any_loaded(row.result, 'result of a task',
                                   row.task_id)
        if isinstance(result, dict) and 'object' in result:
            yield row.task_id, result['object']


def _noted(kind, given, progress):
    """Data that is staged, or that an export has written."""
    state = progress.get('state') or {}
    for staged in (given if kind in _STAGED else None, given.get('staged'),
                   state.get('staged')):
        if staged:
            yield staged.get('attempt')
            yield staged.get('url')
    yield state.get('written')
