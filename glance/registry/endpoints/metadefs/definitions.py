"""What is in a namespace: list, get, create, update, delete of any kind."""

from collections.abc import Sequence
import typing

import oslo_messaging
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.common import context
from glance.db.images import image_rows
from glance.db.metadefs import definitions
from glance.db.metadefs import namespaces
from glance.db.metadefs import resource_types
from glance.notifications import metadef_events
from glance.notifications import outbox
from glance.objects import metadef
from glance.registry.endpoints.metadefs import namespaces as endpoint
from glance.registry import transactions


class DefinitionsEndpoint:
    """Its twin `glance.registry.rpcapi.metadefs.definitions` says it all."""

    target = oslo_messaging.Target(namespace='definitions', version='1.2')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             kind: metadef.Kind, namespace_name: str,
             query: metadef.Query | None) -> metadef.Definitions:
        row = endpoint.visible(conn, ctxt, namespace_name)
        items = (definitions.list(conn, kind, row.id) if query is None
                 else definitions.page(conn, kind, row.id, query))
        return {'namespace': namespaces.to_namespace(row), 'items': items}

    @transactions.read
    def get(self, conn: sa.Connection, ctxt: context.BusContext,
            kind: metadef.Kind, namespace_name: str, name: str,
            resource_type: str | None) -> metadef.Found:
        row = endpoint.visible(conn, ctxt, namespace_name)
        found = name if resource_type is None else _without_prefix(
            conn, row.id, name, resource_type)
        return {'namespace': namespaces.to_namespace(row),
                'item': (definitions.find(conn, kind, row.id, found)
                         if found else None)}

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               kind: metadef.Kind, namespace_name: str,
               items: Sequence[metadef.NewDefinition],
               is_replacing: bool) -> Sequence[metadef.Definition]:
        row = namespaces.lock(conn, namespace_name)
        if is_replacing:
            definitions.delete_all(conn, kind, row.id)
        made = [definitions.create(conn, kind, row.id, item)
                for item in items]
        outbox.write(conn, *(
            metadef_events.of_definition(kind, 'create', namespace_name, item)
            for item in made))
        return made

    @transactions.write
    def update(self, conn: sa.Connection, ctxt: context.BusContext,
               kind: metadef.Kind, namespace_name: str, name: str,
               item: metadef.NewDefinition) -> metadef.Definition:
        row = namespaces.lock(conn, namespace_name)
        changed = definitions.update(conn, kind, row.id, name, item)
        outbox.write(conn, metadef_events.of_definition(
            kind, 'update', namespace_name, changed, name_old=name))
        return changed

    @transactions.write
    def delete(self, conn: sa.Connection, ctxt: context.BusContext,
               kind: metadef.Kind, namespace_name: str, name: str) -> None:
        row = endpoint.unprotected(conn, namespace_name)
        gone = definitions.delete(conn, kind, row.id, name)
        outbox.write(conn, metadef_events.of_definition(
            kind, 'delete', namespace_name, gone, deleted=True,
            deleted_at=image_rows.moment(timeutils.utcnow())))

    @transactions.write
    def delete_all(self, conn: sa.Connection, ctxt: context.BusContext,
                   kind: metadef.Kind, namespace_name: str) -> None:
        row = endpoint.unprotected(conn, namespace_name)
        definitions.delete_all(conn, kind, row.id)
        outbox.write(conn, metadef_events.of_namespace(
            'delete_' + kind, namespaces.to_namespace(row)))

    @transactions.read
    def list_resource_types(
            self, conn: sa.Connection,
            ctxt: context.BusContext) -> Sequence[metadef.ResourceType]:
        return resource_types.list(conn)


def _without_prefix(conn: sa.Connection, namespace_id: int, name: str,
                    resource_type: str) -> str | None:
    """:returns: what a property is called without the prefix it has for a
              resource type, or None if nothing is called so
    """
    link: typing.Any = definitions.find(conn, 'resource_types', namespace_id,
                                        resource_type)
    prefix = link and (link['prefix'] or '')
    if link is None or not name.startswith(prefix):
        return None
    return name.removeprefix(prefix) or None
