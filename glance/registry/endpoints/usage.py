"""Usage: what is said of who uses which image, and who does."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.conf import CONF
from glance.db.usage import going_on
from glance.db.usage import pages
from glance.db.usage import uses
from glance.objects import usage
from glance.registry import transactions
from glance.registry import uses as used_images


class UsageEndpoint:
    """See `glance.registry.rpcapi.usage` for arguments and answers."""

    target = oslo_messaging.Target(namespace='usage', version='1.10')

    @transactions.write
    def merge(self, conn: sa.Connection, ctxt: context.BusContext,
              statements: Sequence[usage.Statement]) -> usage.Merged:
        changed = uses.merge(conn, statements, CONF['usage'].keep_days)
        used_images.tell(conn, changed)
        return _merged(changed)

    @transactions.read_newest
    def weigh(self, conn: sa.Connection, ctxt: context.BusContext,
              statements: Sequence[usage.Statement]) -> usage.Merged:
        return _merged(uses.weigh(conn, statements, CONF['usage'].keep_days))

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             image_id: str, query: usage.Query) -> usage.Page:
        return pages.get(conn, image_id, ctxt.project_id, query)

    @transactions.read_newest
    def list_going_on(self, conn: sa.Connection, ctxt: context.BusContext,
                      query: usage.GoingOn) -> Sequence[usage.Held]:
        return going_on.get(conn, query)

    @transactions.write
    def fold(self, conn: sa.Connection, ctxt: context.BusContext,
             limit: int) -> int:
        return uses.fold(conn, CONF['usage'].keep_days, limit)


def _merged(changed: uses.Changed) -> usage.Merged:
    return {'changed': changed.rows, 'ignored': changed.ignored,
            'begun': changed.begun, 'ended': changed.ended}
