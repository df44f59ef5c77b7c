"""The uses that go on, by consumer: what is compared with other services."""

import sqlalchemy as sa

from glance.db import own_schema
from glance.objects import usage

_uses = own_schema.image_uses


def get(conn: sa.Connection, query: usage.GoingOn) -> list[usage.Held]:
    """One page, along the primary key."""
    found = sa.select(
        _uses.c.kind, _uses.c.consumer_id, _uses.c.image_id).where(
            _uses.c.kind == query['kind'], _uses.c.until_ms.is_(None))
    if query['ids'] is not None:
        found = found.where(_uses.c.consumer_id.in_(query['ids']))
    if query['said_before_ms'] is not None:
        found = found.where(_uses.c.seen_ms < query['said_before_ms'])
    if query['marker'] is not None:
        found = found.where(_uses.c.consumer_id > query['marker'])
    rows = conn.execute(
        found.order_by(_uses.c.consumer_id).limit(query['limit']))
    return [{'kind': row.kind, 'id': row.consumer_id,
             'image_id': row.image_id} for row in rows]
