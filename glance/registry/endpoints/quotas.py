"""Quotas: what projects use."""

import oslo_messaging

from glance.db.images import quotas
from glance.registry import transactions


class QuotasEndpoint:
    """See `glance.registry.rpcapi.quotas.Quotas`."""

    target = oslo_messaging.Target(namespace='quotas', version='1.1')

    @transactions.read
    def usage(self, conn, ctxt, project_id):
        return quotas.usage(conn, project_id)
