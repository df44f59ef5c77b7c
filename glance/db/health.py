"""How well the service keeps up: small statements for those who watch it."""

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types

outbox, work = own_schema.outbox, own_schema.work

# Counting more than this says nothing new, and takes time.
MOST = 10000


def _seconds(now_ms, then_ms):
    return None if then_ms is None else max(0, now_ms - then_ms) / 1000


def ages(conn):
    """:returns: {"event_age": seconds for which the oldest event waits to be
        sent, "work_overdue": seconds for which work has been free that
        a conductor of any host, or of its own, should have taken}; null
        where there is none
    """
    now = types.now_ms()
    row = conn.execute(sa.select(
        now.label('now'), _oldest_event().label('event'),
        _oldest_work(now).label('work'))).one()
    return {'event_age': _seconds(row.now, row.event),
            'work_overdue': _seconds(row.now, row.work)}


def _oldest_event():
    return (sa.select(outbox.c.created_ms).order_by(outbox.c.seq).limit(1)
            .scalar_subquery())


def _oldest_work(now):
    return (sa.select(work.c.lease_until_ms)
            .where(work.c.lease_until_ms < now)
            .order_by(work.c.lease_until_ms).limit(1).scalar_subquery())


def work_by_state(conn):
    """:returns: [(kind, state, how many)]"""
    return [tuple(row) for row in conn.execute(
        sa.select(work.c.kind, work.c.state, sa.func.count())
        .group_by(work.c.kind, work.c.state))]


def count_events(conn):
    """:returns: how many wait to be sent, at most MOST"""
    some = sa.select(outbox.c.seq).limit(MOST).subquery()
    return conn.execute(sa.select(sa.func.count()).select_from(some)).scalar()
