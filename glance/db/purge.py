"""Removing rows for good that have been marked as deleted for long."""

from collections.abc import Sequence
import datetime
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema

_CHUNK = 500
_OF_IMAGES = (schema.image_properties, schema.image_members,
              schema.image_tags, schema.image_locations)


def purge(age_in_days: float, max_rows: int) -> dict[str, int]:
    """Remove old deleted rows of every table but images.

    :param age_in_days: how long ago they must have been deleted
    :param max_rows: at most that many of each table; -1 means all
    :returns: {table name: rows removed}
    """
    limit = _limit(max_rows)
    tasks, info = schema.tasks, schema.task_info
    old_tasks = _is_old(tasks, age_in_days)
    done = {info.name: _delete(
        info, info.c.task_id,
        info.c.task_id.in_(sa.select(tasks.c.id).where(old_tasks)), limit)}
    for table in _OF_IMAGES:
        done[table.name] = _delete(table, table.c.id,
                                   _is_old(table, age_in_days), limit)
    has_info = sa.exists().where(info.c.task_id == tasks.c.id)
    done[tasks.name] = _delete(tasks, tasks.c.id,
                               sa.and_(old_tasks, ~has_info), limit)
    return done


def purge_images(age_in_days: float, max_rows: int) -> dict[str, int]:
    """Remove old deleted images that no other row belongs to any more.

    Their ids stay taken. Parameters as for `purge`.
    """
    images = schema.images
    free = [~sa.exists().where(table.c.image_id == images.c.id)
            for table in _OF_IMAGES]
    return {images.name: _delete(
        images, images.c.id,
        sa.and_(_is_old(images, age_in_days), *free), _limit(max_rows))}


def _is_old(table: sa.Table, age_in_days: float) -> sa.ColumnElement[bool]:
    until = timeutils.utcnow() - datetime.timedelta(days=age_in_days)
    return sa.and_(table.c.deleted == sa.true(), table.c.deleted_at < until)


def _limit(max_rows: int) -> int | None:
    return None if max_rows == -1 else max_rows


def _delete(table: sa.Table, key: sa.Column[typing.Any],
            condition: sa.ColumnElement[bool], limit: int | None) -> int:
    """Chunk by chunk, so that services are not kept waiting."""
    done = 0
    while limit is None or done < limit:
        size = _CHUNK if limit is None else min(_CHUNK, limit - done)
        removed = _delete_chunk(table, key, condition, size)
        done += removed
        if removed < size:
            break
    return done


@engine.retry_on_conflict
def _delete_chunk(table: sa.Table, key: sa.Column[typing.Any],
                  condition: sa.ColumnElement[bool], size: int) -> int:
    with engine.writer() as connection:
        # A search that locks would lock what it passes, live rows too.
        found = connection.scalars(sa.select(key).where(condition)
                                   .order_by(key).limit(size)).all()
        keys = found and connection.scalars(sa.select(key).where(
            key.in_(found), condition).with_for_update()).all()
        if not keys:
            return 0
        if table is schema.images:
            _keep_ids(connection, keys)
        return connection.execute(
            table.delete().where(key.in_(keys))).rowcount


def _keep_ids(connection: sa.Connection, ids: Sequence[str]) -> None:
    purged, broken = own_schema.purged_images, own_schema.broken_uploads
    connection.execute(broken.delete().where(broken.c.image_id.in_(ids)))
    # Services that know nothing of this table may have taken one again.
    connection.execute(purged.delete().where(purged.c.id.in_(ids)))
    connection.execute(purged.insert(), [{'id': one} for one in ids])
