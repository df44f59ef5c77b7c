"""Events: what happened outside the registry, to be told like the rest."""

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import upload
from glance.registry import transactions


class EventsEndpoint:
    """See `glance.registry.rpcapi.Events` for arguments and answers."""

    target = oslo_messaging.Target(namespace='events', version='1.11')

    @transactions.write
    def image_sent(self, conn: sa.Connection, ctxt: context.BusContext,
                   payload: upload.Sent) -> None:
        outbox.write(conn, events.sent(payload))

    @transactions.write
    def images_sent(self, conn: sa.Connection, ctxt: context.BusContext,
                    payloads: list[upload.Sent]) -> None:
        outbox.write(conn, *map(events.sent, payloads))

    @transactions.write
    def image_cut_off(self, conn: sa.Connection, ctxt: context.BusContext,
                      payload: upload.Sent) -> None:
        outbox.write(conn, events.cut_off(payload))
