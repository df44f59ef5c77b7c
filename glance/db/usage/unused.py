"""Images that nobody uses have a sum as well, of nothing.

Otherwise a list would have to look at all images to find those without. They
get it some time after they were made (`fill`); until which one all have it is
noted, so that lists look for newer ones only.
"""

import datetime

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.objects import states

images = schema.images
totals = own_schema.image_usage
filled = own_schema.usage_filled

_FIRST = datetime.datetime(1970, 1, 1)
_LAST = datetime.datetime(9999, 1, 1)
# Clocks differ, and a transaction ends after its images were dated.
_MARGIN = datetime.timedelta(hours=1)
# Images that are given a sum in one transaction.
_BATCH = 10000


def of_image(column: sa.ColumnElement[int]) -> sa.ScalarSelect[int]:
    """A column of the sum of the image at hand, null without one."""
    return sa.select(column).where(totals.c.image_id == images.c.id
                                   ).scalar_subquery().correlate(images)


def are_unknown() -> sa.ColumnElement[bool]:
    """Images that have no sum yet."""
    since = sa.select(filled.c.until).scalar_subquery()
    return sa.and_(
        images.c.created_at >= sa.func.coalesce(
            since, sa.literal(_FIRST, sa.DateTime)),
        # With two ends PostgreSQL takes this for few, and begins with it.
        images.c.created_at < sa.literal(_LAST, sa.DateTime),
        ~_has_sum())


def _has_sum() -> sa.Exists:
    return sa.exists().where(totals.c.image_id == images.c.id)


def _are_here() -> sa.ColumnElement[bool]:
    """What may be restored is not gone."""
    return sa.or_(types.live(images),
                  images.c.status == states.PENDING_DELETE)


def fill(conn: sa.Connection) -> int:
    """Give sums to images without; the caller holds the lock of the sums.

    :returns: how many got one; there may be more as long as it is not 0
    """
    until = timeutils.utcnow() - _MARGIN
    missing = sa.select(images.c.id, sa.literal_column('0'),
                        sa.literal_column('0')).where(
        _are_here(), ~_has_sum()).order_by(images.c.id).limit(_BATCH)
    added = conn.execute(totals.insert().from_select(
        ['image_id', 'use_count', 'last_used_ms'], missing)).rowcount
    if added < _BATCH:
        _note(conn, until)
    return added


def _note(conn: sa.Connection, until: datetime.datetime) -> None:
    conn.execute(filled.delete())
    conn.execute(filled.insert(), {'id': 1, 'until': until})


def forget(conn: sa.Connection, until: sa.ColumnElement[int]) -> None:
    """Remove sums of images that are not here any more, or another cloud's.

    :param until: they were used before, in milliseconds, and by nobody now
    """
    conn.execute(totals.delete().where(
        totals.c.use_count == 0, totals.c.last_used_ms < until,
        totals.c.image_id != '',
        ~sa.exists().where(images.c.id == totals.c.image_id, _are_here())))
