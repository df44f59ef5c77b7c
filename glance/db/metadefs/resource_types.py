"""Resource types: kinds of things in the cloud that definitions apply to."""

from collections.abc import Sequence
import typing

from oslo_db import exception as db_exc
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db import schema
from glance.objects import metadef

types = schema.metadef_resource_types


def list(conn: sa.Connection) -> Sequence[metadef.ResourceType]:
    """:returns: by name"""
    rows = conn.execute(sa.select(types).order_by(types.c.name))
    return [{'name': row.name,
             'created_at': image_rows.moment(row.created_at),
             'updated_at': image_rows.moment(row.updated_at
                                             or row.created_at)}
            for row in rows]


def ensure(conn: sa.Connection, name: str, is_protected: bool) -> int:
    """:returns: the id of a resource type, which is made if need be
    :raises Duplicate: the database takes it for another one
    """
    known = _find(conn, name)
    if known is not None:
        return known
    now = timeutils.utcnow()
    try:
        with conn.begin_nested():
            key: typing.Any = conn.execute(types.insert().values(
                name=name, protected=is_protected, created_at=now,
                updated_at=now)).inserted_primary_key
        return key[0]
    except db_exc.DBDuplicateEntry:
        # Somebody else has just made it, or one that is written otherwise.
        known = _find(conn, name)
    if known is None:
        raise exceptions.Duplicate(
            'The database takes the resource type %s for another one that '
            'there is.' % name)
    return known


def _find(conn: sa.Connection, name: str) -> int | None:
    return conn.execute(sa.select(types.c.id).where(
        types.c.name == name)).scalar()
