"""Work: units of durable work for the conductors."""

import oslo_messaging

from glance.conf import CONF
from glance.db import image_writes
from glance.db import work
from glance.objects import states
from glance.registry import transactions


class WorkEndpoint:
    """See `glance.registry.rpcapi.Work` for arguments and answers."""

    target = oslo_messaging.Target(namespace='work', version='1.0')

    @transactions.write
    def claim(self, conn, ctxt, worker, limit):
        return work.claim(conn, worker, CONF.work.lease, limit)

    @transactions.write
    def renew(self, conn, ctxt, work_id, attempt):
        work.renew(conn, work_id, attempt, CONF.work.lease)

    @transactions.write
    def put_back(self, conn, ctxt, work_id, attempt, reason):
        work.put_back(conn, work_id, attempt, reason,
                      CONF.work.retry_interval)

    @transactions.write
    def data_deleted(self, conn, ctxt, work_id, attempt, image_id):
        image_writes.lock(conn, image_id)
        work.finish(conn, work_id, attempt)
        if not work.exists(conn, 'delete_data', image_id):
            image_writes.end_delayed_delete(conn, image_id,
                                            states.PENDING_DELETE,
                                            states.DELETED)
