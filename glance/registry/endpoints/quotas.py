"""Quotas: what projects use."""

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.db.images import quotas
from glance.objects import quota
from glance.registry import transactions


class QuotasEndpoint:
    """See `glance.registry.rpcapi.quotas.Quotas`."""

    target = oslo_messaging.Target(namespace='quotas', version='1.1')

    @transactions.read
    def usage(self, conn: sa.Connection, ctxt: context.BusContext,
              project_id: str) -> quota.Usage:
        return quotas.usage(conn, project_id)
