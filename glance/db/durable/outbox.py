"""Events that have happened and are not sent yet: rows of outbox.

Rows are written in the transaction of the change they tell of. Changes of
one image hold its row lock, so their numbers rise in the order of commits.
"""

import json

from oslo_utils import uuidutils
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types

outbox = own_schema.outbox


def add(conn, events):
    """Write events, in order.

    :param events: `glance.notifications.events.Event` tuples
    """
    conn.execute(
        outbox.insert().values(created_ms=types.now_ms()),
        [{'message_id': uuidutils.generate_uuid(), 'event_type': event.type,
          'priority': event.priority, 'payload': json.dumps(event.payload)}
         for event in events])


def head(conn, limit):
    """The oldest unsent events.

    :returns: rows with seq, message_id, event_type, priority, payload
              (still JSON text) and created_ms
    """
    return conn.execute(sa.select(outbox).order_by(outbox.c.seq)
                        .limit(limit)).all()


def remove(conn, seqs):
    """Forget events that were sent."""
    conn.execute(outbox.delete().where(outbox.c.seq.in_(seqs)))
