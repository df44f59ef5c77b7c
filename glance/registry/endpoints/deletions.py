"""Deletions: images deleted with delay, and data that nobody owns."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.conf import CONF
from glance.db.images import deletions
from glance.objects import at_rest
from glance.registry import restoring
from glance.registry import transactions


class DeletionsEndpoint:
    """See `glance.registry.rpcapi.deletions` for arguments and answers."""

    target = oslo_messaging.Target(namespace='deletions', version='1.5')

    @transactions.read
    def list_due(self, conn: sa.Connection, ctxt: context.BusContext,
                 limit: int) -> Sequence[at_rest.Deleted]:
        return deletions.list_due(conn, CONF.scrub_time, limit)

    @transactions.write
    def begin_due(self, conn: sa.Connection, ctxt: context.BusContext,
                  limit: int) -> int:
        found = deletions.list_waiting(conn, CONF.scrub_time, limit)
        for image_id in found:
            restoring.begin(conn, image_id)
        return len(found)

    @transactions.write
    def restore(self, conn: sa.Connection, ctxt: context.BusContext,
                image_id: str) -> None:
        restoring.restore(conn, image_id)

    @transactions.read_newest
    def owners(self, conn: sa.Connection, ctxt: context.BusContext,
               ids: Sequence[str]) -> dict[str, at_rest.Owner]:
        return deletions.owners(conn, ids)
