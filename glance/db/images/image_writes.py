"""Changes of image rows and of their properties and tags.

Each function runs in the caller's transaction. A change takes the row lock
of the image first, so that changes of one image come one after the other.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
import datetime
import typing

from oslo_db import exception as db_exc
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db import schema
from glance.db import types
from glance.objects import image as image_types
from glance.objects import states

images = schema.images
locations = schema.image_locations

# Built once: to build a statement takes longer than to send it.
_LIVE = images.update().where(images.c.id == sa.bindparam('of_id'),
                              types.live(images))
_LIVE_IN = _LIVE.where(images.c.status.in_(
    sa.bindparam('of_statuses', expanding=True)))
_LOCKED = (
    sa.select(images.c.status, images.c.protected, images.c.deleted,
              images.c.owner, sa.exists().where(
                  locations.c.image_id == images.c.id,
                  types.live(locations)).label('has_locations'))
    .where(images.c.id == sa.bindparam('image_id')).with_for_update())


def _now() -> datetime.datetime:
    return timeutils.utcnow()


def _children(image_id: str, column: str,
              pairs: Iterable[tuple[str, dict[str, str]]],
              now: datetime.datetime) -> list[dict[str, typing.Any]]:
    return [{'image_id': image_id, 'created_at': now, 'updated_at': now,
             'deleted': False, column: key, **more} for key, more in pairs]


def create(conn: sa.Connection, image: image_types.NewImage) -> None:
    """Insert a queued image with its properties and tags.

    :raises Duplicate: the id is in use, or was (deleted rows keep it); the
        database takes the names of two properties for the same
    """
    now = _now()
    row = {name: value for name, value in image.items()
           if name not in ('properties', 'tags')}
    row.update(status=states.QUEUED, created_at=now, updated_at=now,
               deleted=False)
    try:
        conn.execute(images.insert(), row)
    except db_exc.DBDuplicateEntry:
        raise exceptions.Duplicate(
            'Image ID %s already exists!' % image['id'])
    _insert_properties(conn, image['id'], image['properties'], now)
    _insert_tags(conn, image['id'], image['tags'], now)


def _insert_properties(conn: sa.Connection, image_id: str,
                       properties: Mapping[str, str],
                       now: datetime.datetime) -> None:
    if not properties:
        return
    try:
        conn.execute(schema.image_properties.insert(), _children(
            image_id, 'name', ((name, {'value': value}) for name, value
                               in properties.items()), now))
    except db_exc.DBDuplicateEntry:
        raise exceptions.Duplicate(
            'The database takes the names of two properties of the image for '
            'the same; they differ in case, accents or spaces only.')


def _insert_tags(conn: sa.Connection, image_id: str, tags: Collection[str],
                 now: datetime.datetime) -> None:
    if tags:
        conn.execute(schema.image_tags.insert(), _children(
            image_id, 'value', ((tag, {}) for tag in sorted(set(tags))),
            now))


def update(conn: sa.Connection, image_id: str,
           attributes: Mapping[str, object],
           statuses: Collection[str] | None = None) -> bool:
    """Set columns and `updated_at` of a live image, and lock its row.

    :param statuses: the statuses in which this may happen; None for any
    :returns: whether there was such an image
    """
    values = dict(attributes, updated_at=_now(), of_id=image_id)
    if statuses is None:
        return conn.execute(_LIVE, values).rowcount == 1
    values['of_statuses'] = [*statuses]
    return conn.execute(_LIVE_IN, values).rowcount == 1


def lock(conn: sa.Connection, image_id: str) -> types.Row | None:
    """Take the row lock of an image, live or deleted.

    :returns: (status, protected, deleted, owner, has_locations), or None
        without such a row
    """
    return conn.execute(_LOCKED, {'image_id': image_id}).first()


def lock_if_live(conn: sa.Connection, image_id: str) -> types.Row | None:
    """As `lock`, None also for a deleted image."""
    row = lock(conn, image_id)
    return None if row is None or row.deleted else row


def lock_live(conn: sa.Connection, image_id: str,
              absent: Callable[[], exceptions.GlanceError] | None = None
              ) -> types.Row:
    """As `lock`, of an image that is there.

    :param absent: gives what to raise in the place of ImageNotFound
    :raises ImageNotFound: there is no such image, or it is deleted
    """
    row = lock_if_live(conn, image_id)
    if row is None:
        raise absent() if absent else exceptions.ImageNotFound(
            image_id=image_id)
    return row


def lock_all(conn: sa.Connection, image_ids: Collection[str]) -> set[str]:
    """Take the row locks of live images, in the order of their ids.

    :returns: those that are there
    """
    if not image_ids:
        return set()
    return set(conn.execute(
        sa.select(images.c.id).where(images.c.id.in_(sorted(image_ids)),
                                     types.live(images))
        .order_by(images.c.id).with_for_update()).scalars())


def property_names(conn: sa.Connection, image_id: str) -> dict[str, bool]:
    """:returns: {name: whether it is deleted}, of every row there is"""
    properties = schema.image_properties
    return dict(conn.execute(
        sa.select(properties.c.name, properties.c.deleted)
        .where(properties.c.image_id == image_id)).tuples().all())


def set_properties(conn: sa.Connection, image_id: str,
                   wanted: Mapping[str, str],
                   existing: Mapping[str, bool]) -> None:
    """Write properties, waking deleted rows of the same name.

    :param existing: as `property_names` returns it
    :raises Duplicate: the database takes two names for the same
    """
    properties, now = schema.image_properties, _now()
    known = [name for name in wanted if name in existing]
    if len(known) < len(wanted) and any(existing.values()):
        _clear_way(conn, image_id, set(wanted) - set(known))
    if known:
        conn.execute(
            properties.update().where(
                properties.c.image_id == image_id,
                properties.c.name == sa.bindparam('of_name')).values(
                    value=sa.bindparam('new_value'), deleted=False,
                    deleted_at=None, updated_at=now),
            [{'of_name': name, 'new_value': wanted[name]}
             for name in known])
    _insert_properties(conn, image_id, {
        name: value for name, value in wanted.items()
        if name not in existing}, now)


def _clear_way(conn: sa.Connection, image_id: str,
               names: Collection[str]) -> None:
    """Deleted rows must not keep others of nearly the same name out."""
    properties = schema.image_properties
    conn.execute(properties.delete().where(
        properties.c.image_id == image_id, ~types.live(properties),
        types.by_collation(properties.c.name).in_(names)))


def remove_properties(conn: sa.Connection, image_id: str,
                      names: Collection[str]) -> None:
    """Mark properties deleted."""
    properties, now = schema.image_properties, _now()
    conn.execute(
        properties.update().where(properties.c.image_id == image_id,
                                  properties.c.name.in_(names),
                                  types.live(properties)),
        {'deleted': True, 'deleted_at': now, 'updated_at': now})


def tags(conn: sa.Connection, image_id: str) -> set[str]:
    """:returns: the live ones"""
    table = schema.image_tags
    return set(conn.execute(
        sa.select(table.c.value).where(
            table.c.image_id == image_id,
            types.live(table))).scalars())


def add_tags(conn: sa.Connection, image_id: str,
             values: Collection[str]) -> None:
    _insert_tags(conn, image_id, values, _now())


def remove_tags(conn: sa.Connection, image_id: str,
                values: Collection[str]) -> int:
    """:returns: how many there were"""
    table, now = schema.image_tags, _now()
    return conn.execute(
        table.update().where(table.c.image_id == image_id,
                             table.c.value.in_(values),
                             types.live(table)),
        {'deleted': True, 'deleted_at': now, 'updated_at': now}).rowcount


def set_status(conn: sa.Connection, image_id: str, old: str, new: str,
               **columns: typing.Any) -> bool:
    """Compare-and-set of the status, with further columns.

    :returns: whether the image was live and in status `old`
    """
    return update(conn, image_id, dict(columns, status=new), [old])


def delete(conn: sa.Connection, image_id: str, status: str) -> str:
    """Mark a row deleted; the caller holds its lock.

    :returns: the time of deletion as the API writes it
    """
    now = _now()
    conn.execute(images.update().where(images.c.id == image_id),
                 {'status': status, 'deleted': True, 'deleted_at': now,
                  'updated_at': now})
    return image_rows.moment(now)


def end_delayed_delete(conn: sa.Connection, image_id: str, old: str,
                       new: str) -> None:
    """The data of an image deleted with delay is gone now."""
    conn.execute(images.update().where(images.c.id == image_id,
                                       images.c.status == old),
                 {'status': new})


def delete_children(conn: sa.Connection, image: image_types.Record,
                    has_members: bool, location_status: str) -> None:
    """Mark properties, tags, members and locations of an image deleted.

    :param image, has_members: as they were read under the row lock, so that
        there is no statement for what it does not have
    """
    now = _now()
    gone = {'deleted': True, 'deleted_at': now, 'updated_at': now}
    for table, is_there, values in (
            (schema.image_properties, image['properties'], gone),
            (schema.image_tags, image['tags'], gone),
            (schema.image_members, has_members, gone),
            (schema.image_locations, image['locations'],
             dict(gone, status=location_status))):
        if is_there:
            conn.execute(table.update().where(
                table.c.image_id == image['id'],
                types.live(table)), values)
