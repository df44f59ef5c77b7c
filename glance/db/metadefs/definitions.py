"""Rows of the definitions in a namespace, whatever their kind.

The caller of a function that changes something holds the lock of the
namespace (see `glance.db.metadefs.namespaces.lock`).
"""

from collections.abc import Collection
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.metadefs import definition_kinds
from glance.db.metadefs import paging
from glance.db import types
from glance.objects import metadef

Items = list[metadef.Definition]
_Changing = typing.TypeVar('_Changing', sa.Update, sa.Delete)


def list(conn: sa.Connection, kind: metadef.Kind,
         namespace_id: int) -> Items:
    """:returns: all definitions of a kind in a namespace"""
    return list_many(conn, kind, [namespace_id])[namespace_id]


def list_many(conn: sa.Connection, kind: metadef.Kind,
              namespace_ids: Collection[int]) -> dict[int, Items]:
    """:returns: {namespace id: its definitions of a kind}"""
    found: dict[int, Items] = {one: [] for one in namespace_ids}
    rows = conn.execute(_select(kind).where(
        definition_kinds.KINDS[kind].table.c.namespace_id.in_(namespace_ids))
        .order_by(definition_kinds.KINDS[kind].order))
    for row in rows:
        found[row.namespace_id].append(_to_definition(kind, row))
    return found


def page(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
         query: metadef.Query) -> Items:
    """Some of the definitions (of a kind that has ids).

    :param query: see `glance.db.metadefs.paging.page`
    :raises NotFound: unknown marker
    """
    table = definition_kinds.KINDS[kind].table
    rows = paging.page(conn, table, 'name',
                       [table.c.namespace_id == namespace_id], query)
    return [_to_definition(kind, row) for row in rows]


def find(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
         name: str) -> metadef.Definition | None:
    """:returns: a definition, or None"""
    row = _row(conn, kind, namespace_id, name)
    return _to_definition(kind, row) if row is not None else None


def create(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
           item: metadef.NewDefinition) -> metadef.Definition:
    """Add a definition.

    :returns: it, with its times
    :raises Duplicate: the name is in use
    """
    known = definition_kinds.KINDS[kind]
    if _is_taken(conn, kind, namespace_id, item['name']):
        raise _duplicate(kind, item['name'])
    now = timeutils.utcnow()
    conn.execute(known.table.insert(), dict(
        known.pack(conn, item), namespace_id=namespace_id, created_at=now,
        updated_at=now))
    return _made(conn, kind, namespace_id, item['name'])


def update(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
           name: str, item: metadef.NewDefinition) -> metadef.Definition:
    """Put a definition in the place of another.

    :returns: it, with its times
    :raises NotFound: there is no such definition
    :raises Duplicate: the new name is in use
    """
    known = definition_kinds.KINDS[kind]
    row = _existing(conn, kind, namespace_id, name)
    if _is_taken(conn, kind, namespace_id, item['name'], besides=row.key):
        raise _duplicate(kind, item['name'])
    conn.execute(
        _at(known.table.update(), known, namespace_id, row.key),
        dict(known.pack(conn, item), updated_at=timeutils.utcnow()))
    return _made(conn, kind, namespace_id, item['name'])


def _made(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
          name: str) -> metadef.Definition:
    return _to_definition(kind, _existing(conn, kind, namespace_id, name))


def delete(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
           name: str) -> metadef.Definition:
    """Remove a definition.

    :returns: what it was
    :raises NotFound: there is no such definition
    """
    known = definition_kinds.KINDS[kind]
    row = _existing(conn, kind, namespace_id, name)
    conn.execute(_at(known.table.delete(), known, namespace_id, row.key))
    return _to_definition(kind, row)


def delete_all(conn: sa.Connection, kind: metadef.Kind,
               namespace_id: int) -> None:
    """Remove all definitions of a kind."""
    table = definition_kinds.KINDS[kind].table
    conn.execute(table.delete().where(table.c.namespace_id == namespace_id))


def not_found(kind: metadef.Kind, name: str) -> exceptions.NotFound:
    return exceptions.NotFound(
        'The namespace has no %s %s.' % (
            definition_kinds.KINDS[kind].title, name))


def _at(statement: _Changing, known: definition_kinds.Kind,
        namespace_id: int, key: int) -> _Changing:
    return statement.where(known.table.c.namespace_id == namespace_id,
                           known.key == key)


def _select(kind: metadef.Kind) -> sa.Select[typing.Any]:
    known = definition_kinds.KINDS[kind]
    return sa.select(known.table, known.name.label('item_name'),
                     known.key.label('key')).select_from(known.source)


def _row(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
         name: str) -> types.Row | None:
    known = definition_kinds.KINDS[kind]
    return conn.execute(_select(kind).where(
        known.table.c.namespace_id == namespace_id,
        known.name == name)).first()


def _existing(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
              name: str) -> types.Row:
    row = _row(conn, kind, namespace_id, name)
    if row is None:
        raise not_found(kind, name)
    return row


def _is_taken(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
              name: str, besides: int | None = None) -> bool:
    known = definition_kinds.KINDS[kind]
    # The unique key refuses what the collation takes for the same.
    rows = conn.execute(_select(kind).where(
        known.table.c.namespace_id == namespace_id,
        types.by_collation(known.name) == name)).all()
    return any(row.key != besides for row in rows)


def _duplicate(kind: metadef.Kind, name: str) -> exceptions.Duplicate:
    return exceptions.Duplicate(
        'The namespace already has the %s %s, or one whose name the '
        'database takes for the same.'
        % (definition_kinds.KINDS[kind].title, name))


def _to_definition(kind: metadef.Kind, row: types.Row) -> metadef.Definition:
    known = definition_kinds.KINDS[kind]
    name = getattr(row, 'item_name', None)
    return typing.cast(metadef.Definition, {
        'name': row.name if name is None else name, **known.unpack(row),
        'created_at': image_rows.moment(row.created_at),
        'updated_at': image_rows.moment(row.updated_at or row.created_at)})
