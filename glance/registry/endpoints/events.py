"""Events: what happened outside the registry, to be told like the rest."""

import oslo_messaging

from glance.notifications import events
from glance.notifications import outbox
from glance.registry import transactions


class EventsEndpoint:
    """See `glance.registry.rpcapi.Events` for arguments and answers."""

    target = oslo_messaging.Target(namespace='events', version='1.5')

    @transactions.write
    def image_sent(self, conn, ctxt, payload):
        outbox.write(conn, events.sent(payload))

    @transactions.write
    def image_cut_off(self, conn, ctxt, payload):
        outbox.write(conn, events.cut_off(payload))
