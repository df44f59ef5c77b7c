"""Namespaces: list, get, create, update, delete."""

from collections.abc import Mapping, Sequence
import typing

import oslo_messaging
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.metadefs import definition_kinds
from glance.db.metadefs import definitions
from glance.db.metadefs import namespaces
from glance.db import types
from glance.notifications import metadef_events
from glance.notifications import outbox
from glance.objects import metadef
from glance.registry import transactions


class NamespacesEndpoint:
    """Its twin `glance.registry.rpcapi.metadefs.namespaces` says it all."""

    target = oslo_messaging.Target(namespace='namespaces', version='1.2')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             query: metadef.NamespaceQuery
             ) -> metadef.NamespacePage | Sequence[metadef.Namespace]:
        page = namespaces.list(conn, query, ctxt.project_id, ctxt.is_admin)
        if 'max_bytes' not in query:
            # Callers that know of no bound want nothing but namespaces.
            return page['namespaces']
        return page

    @transactions.read
    def get(self, conn: sa.Connection, ctxt: context.BusContext, name: str,
            parts: Sequence[metadef.Kind]) -> metadef.Namespace:
        row = visible(conn, ctxt, name)
        found: metadef.Namespace = namespaces.to_namespace(row)
        for kind in parts:
            items: typing.Any = definitions.list(conn, kind, row.id)
            found[kind] = items
        return found

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               values: metadef.NewNamespace) -> metadef.Namespace:
        name = values['namespace']
        namespace_id = namespaces.create(conn, values)
        given: Mapping[str, typing.Any] = values
        made = {kind: [definitions.create(conn, kind, namespace_id, item)
                       for item in given[kind]]
                for kind in definition_kinds.KINDS}
        created = namespaces.to_namespace(namespaces.get(conn, name))
        outbox.write(conn, metadef_events.of_namespace('create', created), *(
            metadef_events.of_definition(kind, 'create', name, item)
            for kind, items in made.items() for item in items))
        return typing.cast(metadef.Namespace, {**created, **made})

    @transactions.write
    def update(self, conn: sa.Connection, ctxt: context.BusContext, name: str,
               values: metadef.Attributes) -> metadef.Namespace:
        row = namespaces.lock(conn, name)
        namespaces.update(conn, row.id, values)
        changed = namespaces.to_namespace(
            namespaces.get(conn, values['namespace']))
        outbox.write(conn, metadef_events.of_namespace(
            'update', changed, namespace_old=name))
        return changed

    @transactions.write
    def delete(self, conn: sa.Connection, ctxt: context.BusContext,
               name: str) -> None:
        row = unprotected(conn, name)
        namespaces.delete(conn, row.id)
        outbox.write(conn, metadef_events.of_namespace(
            'delete', namespaces.to_namespace(row), deleted=True,
            deleted_at=image_rows.moment(timeutils.utcnow())))


def visible(conn: sa.Connection, ctxt: context.BusContext,
            name: str) -> types.Row:
    """:returns: the row of a namespace that the caller may know of
    :raises NotFound:
    """
    row = namespaces.find(conn, name)
    if row is None or not namespaces.is_visible(row, ctxt.project_id,
                                                ctxt.is_admin):
        raise namespaces.not_found(name)
    return row


def unprotected(conn: sa.Connection, name: str) -> types.Row:
    """:returns: the locked row of a namespace from which may be deleted
    :raises NotFound, Forbidden:
    """
    row = namespaces.lock(conn, name)
    if row.protected:
        raise exceptions.Forbidden(
            'Namespace %s is protected: nothing of it can be deleted.' % name)
    return row
