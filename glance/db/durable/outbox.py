"""Events that have happened and are not sent yet: rows of outbox.

Rows are written in the transaction of the change they tell of. Changes of
one image hold its row lock, so their numbers rise in the order of commits.
"""

from collections.abc import Collection, Iterable, Sequence
import json

from oslo_utils import uuidutils
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types

outbox = own_schema.outbox


def add(conn: sa.Connection,
        events: Iterable[tuple[str, str, object]]) -> None:
    """Write events, in order.

    :param events: type, priority and JSON-able payload of each
    """
    conn.execute(
        outbox.insert().values(created_ms=types.now_ms()),
        [{'message_id': uuidutils.generate_uuid(), 'event_type': event_type,
          'priority': priority, 'payload': json.dumps(payload)}
         for event_type, priority, payload in events])


def head(conn: sa.Connection, limit: int) -> Sequence[types.Row]:
    """The oldest unsent events.

    :returns: rows with seq, message_id, event_type, priority, payload
              (still JSON text) and created_ms
    """
    return conn.execute(sa.select(outbox).order_by(outbox.c.seq)
                        .limit(limit)).all()


def remove(conn: sa.Connection, seqs: Collection[int]) -> None:
    """Forget events that were sent."""
    conn.execute(outbox.delete().where(outbox.c.seq.in_(seqs)))
