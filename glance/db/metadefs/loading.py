"""Whole namespaces into the database, out of it, and away.

A document is a namespace with a list of its definitions for each kind, as
`glance.registry.rpcapi.metadefs.namespaces` describes it.
"""

import typing

import sqlalchemy as sa

from glance.db.metadefs import definition_kinds
from glance.db.metadefs import definitions
from glance.db.metadefs import namespaces
from glance.db.metadefs import resource_types
from glance.db import schema
from glance.objects import metadef


def load(conn: sa.Connection, document: metadef.NewNamespace,
         merge: bool = False, prefer_new: bool = False,
         overwrite: bool = False) -> bool:
    """Store a document.

    :param merge: add what a namespace lacks that is there already
    :param prefer_new: when merging, put the document's in the place of what
                       is there
    :param overwrite: when merging, keep nothing of what is there
    :returns: whether anything was to do: a namespace that is there stays as
              it is unless it is to be merged
    :raises Duplicate: somebody else has just made the namespace
    """
    row = namespaces.find(conn, document['namespace'], is_locked=True)
    if row is not None and not merge:
        return False
    if row is not None and overwrite:
        namespaces.delete(conn, row.id)
        row = None
    if row is None:
        namespace_id = namespaces.create(conn, document)
    else:
        namespace_id = row.id
        if prefer_new:
            namespaces.update(conn, namespace_id, document)
    for kind in definition_kinds.KINDS:
        for item in document[kind]:
            _put(conn, kind, namespace_id, item, prefer_new)
    return True


def export(conn: sa.Connection) -> list[metadef.Namespace]:
    """:returns: every namespace as a document, by name"""
    table = schema.metadef_namespaces
    return [typing.cast(metadef.Namespace, {
        **namespaces.to_namespace(row),
        **{kind: definitions.list(conn, kind, row.id)
           for kind in definition_kinds.KINDS}})
        for row in conn.execute(table.select().order_by(table.c.namespace))]


def unload(conn: sa.Connection) -> None:
    """Remove all metadata definitions."""
    for known in definition_kinds.KINDS.values():
        conn.execute(known.table.delete())
    conn.execute(schema.metadef_namespaces.delete())
    conn.execute(resource_types.types.delete())


def _put(conn: sa.Connection, kind: metadef.Kind, namespace_id: int,
         item: metadef.NewDefinition, prefer_new: bool) -> None:
    name = item['name']
    if definitions.find(conn, kind, namespace_id, name) is None:
        given: typing.Any = dict(item, is_protected=True)
        definitions.create(conn, kind, namespace_id, given)
    elif prefer_new:
        definitions.update(conn, kind, namespace_id, name, item)
