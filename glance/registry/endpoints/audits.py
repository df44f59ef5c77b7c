"""Audits: what reading the data at rest has found."""

import oslo_messaging

from glance.common import exceptions
from glance.db.durable import work
from glance.db.images import audits
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.registry import auditing
from glance.registry import transactions


class AuditsEndpoint:
    """See `glance.registry.rpcapi.audits` for arguments and answers."""

    target = oslo_messaging.Target(namespace='audits', version='1.7')

    @transactions.read
    def list_due(self, conn, ctxt, after, limit, seconds, bad_seconds):
        return audits.list_due(conn, after, limit, seconds, bad_seconds)

    @transactions.read
    def list_oldest(self, conn, ctxt, after, limit, seconds, bad_seconds):
        return audits.list_oldest(conn, after, limit, seconds, bad_seconds)

    @transactions.read
    def list_unknown(self, conn, ctxt, after, limit):
        return audits.list_unknown(conn, after, limit)

    @transactions.write
    def skipped(self, conn, ctxt, location_ids):
        for location_id in location_ids:
            audits.note(conn, location_id)

    @transactions.write
    def passed(self, conn, ctxt, image_id, location, facts):
        found = _find(conn, image_id, location)
        if found is not None:
            auditing.accept(conn, image_rows.get(conn, image_id), found,
                            facts)

    @transactions.write
    def failed(self, conn, ctxt, image_id, location, reason):
        found = _find(conn, image_id, location)
        return found and auditing.refuse(
            conn, image_rows.get(conn, image_id), found, reason)

    @transactions.write
    def healed(self, conn, ctxt, work_id, attempt, image_id, location,
               written):
        found = _find(conn, image_id, location)
        work.check(conn, work_id, attempt)
        if found is None or found['status'] != locations.BAD:
            raise exceptions.Gone('There is nothing to heal any more.')
        auditing.heal(conn, image_rows.get(conn, image_id), found, written)

    @transactions.write
    def forget_deleted(self, conn, ctxt):
        audits.forget_deleted(conn)


def _find(conn, image_id, location):
    """:returns: the location under the row lock of its image, or None"""
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        return None
    for one in locations.list(conn, image_id,
                              (locations.ACTIVE, locations.BAD)):
        if (one['id'], one['url']) == (location['id'], location['url']):
            return one
    return None
