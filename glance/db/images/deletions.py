"""Images deleted with delay, and who data in the stores belongs to."""

from collections.abc import Collection, Iterator, Sequence
import datetime
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.images import image_rows
from glance.db.images import location_cipher
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import at_rest
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


def _is_pending(seconds: float) -> Sequence[sa.ColumnElement[bool]]:
    until = timeutils.utcnow() - datetime.timedelta(seconds=seconds)
    return (images.c.deleted == sa.true(),
            images.c.status == states.PENDING_DELETE,
            images.c.deleted_at <= until)


def list_due(conn: sa.Connection, seconds: float,
             limit: int) -> list[at_rest.Deleted]:
    """Images deleted with delay whose time is over.

    :param seconds: for which their data is kept
    :returns: oldest first
    """
    rows = conn.execute(
        sa.select(images.c.id, images.c.size, images.c.owner,
                  images.c.deleted_at)
        .where(*_is_pending(seconds))
        .order_by(images.c.deleted_at, images.c.id).limit(limit))
    return [{'id': row.id, 'size': row.size, 'owner': row.owner,
             'deleted_at': image_rows.moment(row.deleted_at)}
            for row in rows]


def list_waiting(conn: sa.Connection, seconds: float,
                 limit: int) -> Sequence[str]:
    """Ids of such images whose work is to wait longer, or that have none."""
    works = (work.c.image_id == images.c.id, work.c.kind == 'delete_data')
    return conn.scalars(
        sa.select(images.c.id).where(
            *_is_pending(seconds), sa.or_(
                ~sa.exists().where(*works),
                sa.exists().where(*works, work.c.attempt == 0,
                                  work.c.lease_until_ms > types.now_ms())))
        .order_by(images.c.deleted_at, images.c.id).limit(limit)).all()


def restore(conn: sa.Connection, image_id: str) -> bool:
    """pending_delete -> active, with what was deleted together.

    The caller holds the row lock and sees to the locations.

    :returns: whether the image was pending_delete
    """
    deleted_at = conn.execute(sa.select(images.c.deleted_at).where(
        images.c.id == image_id)).scalar_one()
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


def owners(conn: sa.Connection,
           ids: Collection[str]) -> dict[str, at_rest.Owner]:
    """What is known of the ids that objects in the stores are named after.

    :returns: by id
    """
    found: dict[str, at_rest.Owner] = {
        one: {'is_known': False, 'is_image': False, 'is_busy': False,
              'urls': [], 'object': None} for one in ids}
    for table, is_image in ((tasks, False), (images, True)):
        for one in conn.scalars(sa.select(table.c.id).where(
                table.c.id.in_(ids))):
            found[one].update({'is_known': True, 'is_image': is_image})
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


def kept(conn: sa.Connection, work_id: str,
         image_id: str | None) -> list[str]:
    """What somebody counts on of the data of an image or of a task.

    :returns: URLs of locations and of staged data, attempts whose outcome is
        noted, names of exported objects
    """
    image = owners(conn, [image_id] if image_id else ())
    found: set[str | None] = {
        *(url for owner in image.values() for url in owner['urls']),
        *dict(_exported(conn, [work_id])).values()}
    for row in conn.execute(sa.select(
            work.c.id, work.c.kind, work.c.input, work.c.progress).where(
                sa.or_(work.c.id == work_id, work.c.image_id == image_id))):
        found.update(_noted(row.kind, *(
            stored.loaded(row._mapping[name], dict, name + ' of work', row.id)
            for name in ('input', 'progress'))))
    return sorted(one for one in found if one is not None)


def _exported(conn: sa.Connection,
              task_ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """:returns: (task id, name of the object in the store)"""
    for row in conn.execute(sa.select(
            task_info.c.task_id, task_info.c.result).where(
                task_info.c.task_id.in_(task_ids))):
        result = stored.any_loaded(row.result, 'result of a task',
                                   row.task_id)
        if isinstance(result, dict) and 'object' in result:
            yield row.task_id, result['object']


def _noted(kind: str, given: dict[str, typing.Any],
           progress: dict[str, typing.Any]) -> Iterator[str | None]:
    """Data that is staged, or that an export has written."""
    state = progress.get('state') or {}
    for staged in (given if kind in _STAGED else None, given.get('staged'),
                   state.get('staged')):
        if staged:
            yield staged.get('attempt')
            yield staged.get('url')
    yield state.get('written')
