"""Namespaces: list, get, create, update, delete."""

import oslo_messaging
from oslo_utils import timeutils

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.metadefs import definition_kinds
from glance.db.metadefs import definitions
from glance.db.metadefs import namespaces
from glance.notifications import metadef_events
from glance.notifications import outbox
from glance.registry import transactions


class NamespacesEndpoint:
    """Its twin `glance.registry.rpcapi.metadefs.namespaces` says it all."""

    target = oslo_messaging.Target(namespace='namespaces', version='1.2')

    @transactions.read
    def list(self, conn, ctxt, query):
        page, is_cut = namespaces.list(conn, query, ctxt.project_id,
                                       ctxt.is_admin)
        if 'max_bytes' not in query:
            # Callers that know of no bound want nothing but namespaces.
            return page
        return {'namespaces': page, 'is_cut': is_cut}

    @transactions.read
    def get(self, conn, ctxt, name, parts):
        row = visible(conn, ctxt, name)
        return dict(namespaces.to_namespace(row), **{
            kind: definitions.list(conn, kind, row.id) for kind in parts})

    @transactions.write
    def create(self, conn, ctxt, values):
        name = values['namespace']
        namespace_id = namespaces.create(conn, values)
        made = {kind: [definitions.create(conn, kind, namespace_id, item)
                       for item in values[kind]]
                for kind in definition_kinds.KINDS}
        created = namespaces.to_namespace(namespaces.find(conn, name))
        outbox.write(conn, metadef_events.of_namespace('create', created), *(
            metadef_events.of_definition(kind, 'create', name, item)
            for kind, items in made.items() for item in items))
        return dict(created, **made)

    @transactions.write
    def update(self, conn, ctxt, name, values):
        row = namespaces.lock(conn, name)
        namespaces.update(conn, row.id, values)
        changed = namespaces.to_namespace(
            namespaces.find(conn, values['namespace']))
        outbox.write(conn, metadef_events.of_namespace(
            'update', changed, namespace_old=name))
        return changed

    @transactions.write
    def delete(self, conn, ctxt, name):
        row = unprotected(conn, name)
        namespaces.delete(conn, row.id)
        outbox.write(conn, metadef_events.of_namespace(
            'delete', namespaces.to_namespace(row), deleted=True,
            deleted_at=image_rows.moment(timeutils.utcnow())))


def visible(conn, ctxt, name):
    """:returns: the row of a namespace that the caller may know of
    :raises NotFound:
    """
    row = namespaces.find(conn, name)
    if row is None or not namespaces.is_visible(row, ctxt.project_id,
                                                ctxt.is_admin):
        raise namespaces.not_found(name)
    return row


def unprotected(conn, name):
    """:returns: the locked row of a namespace from which may be deleted
    :raises NotFound, Forbidden:
    """
    row = namespaces.lock(conn, name)
    if row.protected:
        raise exceptions.Forbidden(
            'Namespace %s is protected: nothing of it can be deleted.' % name)
    return row
