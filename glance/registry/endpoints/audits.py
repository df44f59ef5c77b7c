"""Audits: what reading the data at rest has found."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.durable import work
from glance.db.images import audits
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.objects import at_rest
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import auditing
from glance.registry import transactions


class AuditsEndpoint:
    """See `glance.registry.rpcapi.audits` for arguments and answers."""

    target = oslo_messaging.Target(namespace='audits', version='1.7')

    @transactions.read
    def list_due(self, conn: sa.Connection, ctxt: context.BusContext,
                 after: int, limit: int, seconds: float,
                 bad_seconds: float) -> Sequence[at_rest.Due]:
        return audits.list_due(conn, after, limit, seconds, bad_seconds)

    @transactions.read
    def list_oldest(self, conn: sa.Connection, ctxt: context.BusContext,
                    after: at_rest.Place | None, limit: int, seconds: float,
                    bad_seconds: float) -> Sequence[at_rest.Due]:
        return audits.list_oldest(conn, after, limit, seconds, bad_seconds)

    @transactions.read
    def list_unknown(self, conn: sa.Connection, ctxt: context.BusContext,
                     after: int, limit: int) -> Sequence[at_rest.Due]:
        return audits.list_unknown(conn, after, limit)

    @transactions.write
    def skipped(self, conn: sa.Connection, ctxt: context.BusContext,
                location_ids: Sequence[int]) -> None:
        for location_id in location_ids:
            audits.note(conn, location_id)

    @transactions.write
    def passed(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, location: location_types.Named,
               facts: location_types.AllFacts) -> None:
        found = _find(conn, image_id, location)
        if found is not None:
            auditing.accept(conn, image_rows.get(conn, image_id), found,
                            facts)

    @transactions.write
    def failed(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, location: location_types.Named,
               reason: str) -> bool | None:
        found = _find(conn, image_id, location)
        return found and auditing.refuse(
            conn, image_rows.get(conn, image_id), found, reason)

    @transactions.write
    def healed(self, conn: sa.Connection, ctxt: context.BusContext,
               work_id: str, attempt: int, image_id: str,
               location: location_types.Named,
               written: location_types.Written) -> None:
        found = _find(conn, image_id, location)
        work.check(conn, work_id, attempt)
        if found is None or found['status'] != states.LOCATION_BAD:
            raise exceptions.Gone('There is nothing to heal any more.')
        auditing.heal(conn, image_rows.get(conn, image_id), found, written)

    @transactions.write
    def forget_deleted(self, conn: sa.Connection,
                       ctxt: context.BusContext) -> None:
        audits.forget_deleted(conn)


def _find(conn: sa.Connection, image_id: str,
          location: location_types.Named) -> location_types.Location | None:
    """:returns: the location under the row lock of its image, or None"""
    if image_writes.lock_if_live(conn, image_id) is None:
        return None
    for one in locations.list(conn, image_id,
                              (states.LOCATION_ACTIVE, states.LOCATION_BAD)):
        if (one['id'], one['url']) == (location['id'], location['url']):
            return one
    return None
