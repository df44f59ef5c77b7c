"""How well the service keeps up: small statements for those who watch it."""

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.objects import health

outbox, work = own_schema.outbox, own_schema.work
totals = own_schema.image_usage
images = schema.images

# Counting more than this says nothing new, and takes time.
MOST = 10000


def _seconds(now_ms: int, then_ms: int | None) -> float | None:
    return None if then_ms is None else max(0, now_ms - then_ms) / 1000


def ages(conn: sa.Connection) -> health.Health:
    """:returns: only what is told of events and work, null where there is none
    """
    now = types.now_ms()
    row = conn.execute(sa.select(
        now.label('now'), _oldest_event().label('event'),
        _oldest_work(now).label('work'))).one()
    return {'event_age': _seconds(row.now, row.event),
            'work_overdue': _seconds(row.now, row.work)}


def _oldest_event() -> sa.ScalarSelect[int]:
    return (sa.select(outbox.c.created_ms).order_by(outbox.c.seq).limit(1)
            .scalar_subquery())


def _oldest_work(now: types.now_ms) -> sa.ScalarSelect[int]:
    return (sa.select(work.c.lease_until_ms)
            .where(work.c.lease_until_ms < now)
            .order_by(work.c.lease_until_ms).limit(1).scalar_subquery())


def work_by_state(conn: sa.Connection) -> list[tuple[str, str, int]]:
    """:returns: [(kind, state, how many)]"""
    return [tuple(row) for row in conn.execute(
        sa.select(work.c.kind, work.c.state, sa.func.count())
        .group_by(work.c.kind, work.c.state))]


def count_events(conn: sa.Connection) -> int:
    """:returns: how many wait to be sent, at most MOST"""
    some = sa.select(outbox.c.seq).limit(MOST).subquery()
    return conn.execute(
        sa.select(sa.func.count()).select_from(some)).scalar_one()


def count_uses(conn: sa.Connection) -> tuple[int, int]:
    """:returns: how many images are in use, at most MOST, and how many uses
        those have; the most used ones count
    """
    some = (sa.select(totals.c.use_count)
            .join(images, images.c.id == totals.c.image_id)
            .where(totals.c.use_count > 0, types.live(images))
            .order_by(totals.c.use_count.desc()).limit(MOST).subquery())
    counts = sa.select(sa.func.count(), sa.func.sum(some.c.use_count))
    found, uses = conn.execute(counts.select_from(some)).one()
    return found, int(uses or 0)
