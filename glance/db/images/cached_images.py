"""Which API hosts have which images in their caches, or are to have them.

A host is known by the URL under which the others reach it: rows of
node_reference; its images are rows of cached_images and cache_queue.
"""

from collections.abc import Collection, Sequence
import datetime
import typing

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.objects import cached as cached_types

cached = schema.cached_images
queued = own_schema.cache_queue
nodes = schema.node_reference
images = schema.images


def _epoch(moment: datetime.datetime) -> float:
    return moment.replace(tzinfo=datetime.timezone.utc).timestamp()


def _moment(epoch: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(
        epoch, datetime.timezone.utc).replace(tzinfo=None)


def node_id(conn: sa.Connection, url: str) -> int | None:
    """:returns: the id of a host, or None"""
    return conn.scalar(sa.select(nodes.c.node_reference_id).where(
        nodes.c.node_reference_url == url))


def make_node(conn: sa.Connection, url: str) -> int:
    """:returns: the id of a host, which is known from now on"""
    found = node_id(conn, url)
    if found is not None:
        return found
    try:
        key: typing.Any = conn.execute(nodes.insert().values(
            node_reference_url=url)).inserted_primary_key
        return key[0]
    except db_exc.DBDuplicateEntry:
        # Another process of the host; the caller's transaction begins anew.
        raise db_exc.DBDeadlock()


def list(conn: sa.Connection, node: int,
         after: cached_types.After | None = None,
         limit: int | None = None) -> Sequence[cached_types.Entry]:
    """:param after: of the entry before, None from the first one on
    :param limit: how many at most, None for all
    :returns: the one used longest ago first
    """
    page = sa.select(cached).where(
        cached.c.node_reference_id == node, *_behind(after)).order_by(
            *_order(cached)).limit(limit).subquery('page')
    rows = conn.execute(
        sa.select(page, images.c.deleted.label('image_deleted'))
        .select_from(page.outerjoin(images, images.c.id == page.c.image_id))
        .order_by(*_order(page)))
    return [{'id': row.id, 'image_id': row.image_id, 'size': row.size,
             'hits': row.hits, 'checksum': row.checksum,
             'last_accessed': _epoch(row.last_accessed),
             'last_modified': _epoch(row.last_modified),
             'gone': row.image_deleted is not False} for row in rows]


def _order(source: sa.FromClause) -> Sequence[sa.ColumnElement[typing.Any]]:
    return source.c.last_accessed, source.c.id


def _behind(after: cached_types.After | None
            ) -> Sequence[sa.ColumnElement[bool]]:
    if after is None:
        return []
    moment, row_id = _moment(after[0]), after[1]
    return [sa.or_(cached.c.last_accessed > moment,
                   sa.and_(cached.c.last_accessed == moment,
                           cached.c.id > row_id))]


def list_queued(conn: sa.Connection, node: int) -> Sequence[str]:
    """:returns: image ids in their order"""
    return conn.scalars(sa.select(queued.c.image_id).where(
        queued.c.node_reference_id == node).order_by(queued.c.id)).all()


def list_nodes(conn: sa.Connection, image_id: str) -> Sequence[str]:
    """:returns: URLs of the hosts that have an image"""
    return conn.scalars(
        sa.select(nodes.c.node_reference_url).select_from(
            nodes.join(cached, cached.c.node_reference_id
                       == nodes.c.node_reference_id))
        .where(cached.c.image_id == image_id)
        .order_by(nodes.c.node_reference_url)).all()


def _of(table: sa.Table, node: int | None, image_ids: Collection[str] | None
        ) -> Sequence[sa.ColumnElement[bool]]:
    conditions = [table.c.node_reference_id == node]
    if image_ids is not None:
        conditions.append(table.c.image_id.in_(image_ids))
    return conditions


def add(conn: sa.Connection, node: int, image_id: str, size: int,
        checksum: str | None, now: float) -> None:
    """Note that a host has an image; `now` in seconds since the epoch."""
    values = {'size': size, 'checksum': checksum,
              'last_accessed': _moment(now), 'last_modified': _moment(now)}
    if not conn.execute(cached.update().where(
            *_of(cached, node, [image_id])).values(**values)).rowcount:
        conn.execute(cached.insert().values(
            image_id=image_id, node_reference_id=node, hits=0, **values))


def hit(conn: sa.Connection, node: int | None, image_id: str, count: float,
        last: float) -> None:
    """Note that an image was used; `last` in seconds since the epoch."""
    conn.execute(cached.update().where(*_of(cached, node, [image_id])).values(
        hits=cached.c.hits + count, last_accessed=_moment(last)))


def remove(conn: sa.Connection, node: int | None,
           image_ids: Collection[str] | None) -> int:
    """:param image_ids: None for all
    :returns: how many there were
    """
    return conn.execute(cached.delete().where(
        *_of(cached, node, image_ids))).rowcount


def add_queued(conn: sa.Connection, node: int, image_id: str) -> None:
    """Queue an image, if it is not queued yet."""
    if image_id not in list_queued(conn, node):
        conn.execute(queued.insert().values(
            node_reference_id=node, image_id=image_id,
            created_ms=types.now_ms()))


def remove_queued(conn: sa.Connection, node: int | None,
                  image_ids: Collection[str] | None) -> int:
    """:param image_ids: None for all
    :returns: how many there were
    """
    return conn.execute(queued.delete().where(
        *_of(queued, node, image_ids))).rowcount
