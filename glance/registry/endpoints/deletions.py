"""Deletions: images deleted with delay, and data that nobody owns."""

import oslo_messaging

from glance.conf import CONF
from glance.db.images import deletions
from glance.registry import restoring
from glance.registry import transactions


class DeletionsEndpoint:
    """See `glance.registry.rpcapi.deletions` for arguments and answers."""

    target = oslo_messaging.Target(namespace='deletions', version='1.5')

    @transactions.read
    def list_due(self, conn, ctxt, limit):
        return deletions.list_due(conn, CONF.scrub_time, limit)

    @transactions.write
    def begin_due(self, conn, ctxt, limit):
        found = deletions.list_waiting(conn, CONF.scrub_time, limit)
        for image_id in found:
            restoring.begin(conn, image_id)
        return len(found)

    @transactions.write
    def restore(self, conn, ctxt, image_id):
        restoring.restore(conn, image_id)

    @transactions.read_newest
    def owners(self, conn, ctxt, ids):
        return deletions.owners(conn, ids)
