"""Which events are told at all; they go into the change's transaction."""

import sqlalchemy as sa

from glance.conf import CONF
from glance.conf import notifications
from glance.db.durable import outbox
from glance.notifications import events as event_types


def is_wanted(event_type: str) -> bool:
    """Whether anybody is to hear of this, by configuration."""
    if not (set(CONF.oslo_messaging_notifications.driver)
            - notifications.NOWHERE):
        return False
    disabled = CONF.disabled_notifications
    return not (event_type in disabled
                or any(event_type.startswith(group + '.')
                       for group in disabled))


def write(conn: sa.Connection, *events: event_types.Event) -> None:
    """Write events to be sent once the transaction is committed."""
    wanted = [event for event in events if is_wanted(event.type)]
    if wanted:
        outbox.add(conn, wanted)
