"""Rows of metadef_namespaces."""

from collections.abc import Mapping
import functools
import typing

from oslo_db import exception as db_exc
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.metadefs import definition_kinds
from glance.db.metadefs import definitions
from glance.db.metadefs import paging
from glance.db import page_bytes
from glance.db import schema
from glance.db import types
from glance.objects import metadef

namespaces = schema.metadef_namespaces

_Conditions = list[sa.ColumnElement[bool]]
_ATTRIBUTES = ('namespace', 'display_name', 'description', 'visibility',
               'protected', 'owner')


def to_namespace(row: types.Row) -> metadef.Namespace:
    """:returns: it without its definitions"""
    namespace = {name: getattr(row, name) for name in _ATTRIBUTES}
    # Definitions that were loaded from files may say neither.
    namespace['visibility'] = row.visibility or 'private'
    namespace['protected'] = bool(row.protected)
    namespace['created_at'] = image_rows.moment(row.created_at)
    namespace['updated_at'] = image_rows.moment(row.updated_at
                                                or row.created_at)
    return typing.cast(metadef.Namespace, namespace)


def list(conn: sa.Connection, query: metadef.NamespaceQuery,
         project_id: str | None, is_admin: bool) -> metadef.NamespacePage:
    """One page of the namespaces that a caller may see.

    :raises NotFound: unknown marker
    """
    most = query.get('max_bytes')
    conditions = _conditions(query)
    if not is_admin:
        conditions.append(sa.or_(namespaces.c.visibility == 'public',
                                 namespaces.c.owner == project_id))
    rows = paging.page(conn, namespaces, 'namespace', conditions, query,
                       functools.partial(_fitting, most) if most else None)
    links: typing.Any = definitions.list_many(conn, 'resource_types',
                                              [row.id for row in rows])
    return {'namespaces': [{**to_namespace(row),
                            'resource_types': links[row.id]} for row in rows],
            'is_cut': bool(most) and page_bytes.is_cut(rows)}


def _fitting(most: int, page: sa.FromClause) -> sa.Subquery:
    return page_bytes.fitting(
        page, _size(page), lambda source: [source.c.position], most)


def _size(page: sa.FromClause) -> sa.ColumnElement[int]:
    """Bytes of a namespace of a page as it is listed."""
    known = definition_kinds.KINDS['resource_types']
    links = sa.select(sa.func.sum(page_bytes.size(
        known.name, known.table.c.prefix, known.table.c.properties_target,
        beside=100))).select_from(known.source).where(
            known.table.c.namespace_id == page.c.id)
    return page_bytes.size(page.c.description) + sa.func.coalesce(
        links.scalar_subquery().correlate(page), 0)


def _conditions(query: metadef.NamespaceQuery) -> _Conditions:
    conditions = []
    if query['visibility'] == 'private':
        conditions.append(sa.or_(namespaces.c.visibility.is_(None),
                                 namespaces.c.visibility == 'private'))
    elif query['visibility']:
        conditions.append(namespaces.c.visibility == query['visibility'])
    if query['resource_types']:
        known = definition_kinds.KINDS['resource_types']
        conditions.append(namespaces.c.id.in_(
            sa.select(known.table.c.namespace_id).select_from(known.source)
            .where(known.name.in_(query['resource_types']))))
    return conditions


def find(conn: sa.Connection, name: str,
         is_locked: bool = False) -> types.Row | None:
    """:param is_locked: whether the row is to be kept from other writers
    :returns: the row, or None
    """
    statement = sa.select(namespaces).where(namespaces.c.namespace == name)
    if is_locked:
        statement = statement.with_for_update()
    return conn.execute(statement).first()


def get(conn: sa.Connection, name: str, is_locked: bool = False) -> types.Row:
    """As `find`.

    :raises NotFound: there is no such namespace
    """
    row = find(conn, name, is_locked)
    if row is None:
        raise not_found(name)
    return row


def lock(conn: sa.Connection, name: str) -> types.Row:
    """:returns: the row, kept from other writers
    :raises NotFound: there is no such namespace
    """
    return get(conn, name, is_locked=True)


def is_visible(row: types.Row, project_id: str | None,
               is_admin: bool) -> bool:
    return (is_admin or row.visibility == 'public'
            or (project_id is not None and row.owner == project_id))


def create(conn: sa.Connection, namespace: metadef.Attributes) -> int:
    """Add a namespace without its definitions.

    :returns: its id
    :raises Duplicate: the name is in use
    """
    now = timeutils.utcnow()
    try:
        key: typing.Any = conn.execute(namespaces.insert().values(
            created_at=now, updated_at=now,
            **_values(namespace))).inserted_primary_key
    except db_exc.DBDuplicateEntry:
        raise _duplicate(namespace)
    return key[0]


def update(conn: sa.Connection, namespace_id: int,
           namespace: metadef.Attributes) -> None:
    """Set all attributes of a namespace.

    :raises Duplicate: the new name is in use
    """
    try:
        conn.execute(
            namespaces.update().where(namespaces.c.id == namespace_id),
            dict(_values(namespace), updated_at=timeutils.utcnow()))
    except db_exc.DBDuplicateEntry:
        raise _duplicate(namespace)


def delete(conn: sa.Connection, namespace_id: int) -> None:
    """Remove a namespace with everything in it."""
    for kind in definition_kinds.KINDS:
        definitions.delete_all(conn, kind, namespace_id)
    conn.execute(namespaces.delete().where(namespaces.c.id == namespace_id))


def not_found(name: str) -> exceptions.NotFound:
    return exceptions.NotFound('There is no metadata definition namespace %s.'
                               % name)


def _values(namespace: metadef.Attributes) -> dict[str, typing.Any]:
    given: Mapping[str, typing.Any] = namespace
    return {name: given[name] for name in _ATTRIBUTES}


def _duplicate(namespace: metadef.Attributes) -> exceptions.Duplicate:
    return exceptions.Duplicate(
        'The metadata definition namespace %s exists already, or one whose '
        'name the database takes for the same.'
        % namespace['namespace'])
