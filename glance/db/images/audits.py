"""What is known of the data at rest: rows of audits and bad_locations."""

from collections.abc import Sequence
import typing

import sqlalchemy as sa

from glance.db.images import location_cipher
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import at_rest
from glance.objects import states

audits = own_schema.audits
bad = own_schema.bad_locations
images = schema.images
locations = schema.image_locations

_CHUNK = 500
_FACTS = ('id', 'size', 'virtual_size', 'checksum', 'os_hash_algo',
          'os_hash_value', 'disk_format', 'container_format')
_joined = (locations.join(images, images.c.id == locations.c.image_id)
           .outerjoin(audits, audits.c.location_id == locations.c.id)
           .outerjoin(bad, bad.c.location_id == locations.c.id))
# What was never read is the oldest.
_audited = sa.func.coalesce(audits.c.audited_ms, 0)
_columns = [locations.c.id.label('location_id'), locations.c.value,
            _audited.label('audited_ms'),
            locations.c.meta_data, bad.c.reason,
            *(images.c[name] for name in _FACTS)]


def list_due(conn: sa.Connection, after: int, limit: int, seconds: float,
             bad_seconds: float) -> list[at_rest.Due]:
    """Locations in use whose data was not read for long.

    :param after: id of a location; those with larger ids are given
    :param seconds: how long
    :param bad_seconds: how long for those known as bad
    :returns: in the order of the ids
    """
    return _list(conn, limit, [locations.c.id], locations.c.id > after,
                 _is_due(seconds, bad_seconds))


def list_oldest(conn: sa.Connection, after: at_rest.Place | None, limit: int,
                seconds: float, bad_seconds: float) -> list[at_rest.Due]:
    """Like `list_due`, those first whose data was not read for longest.

    :param after: `place` of the one before; None for the first ones
    """
    audited_ms, location_id = after or (-1, 0)
    return _list(conn, limit, [_audited, locations.c.id],
                 sa.or_(_audited > audited_ms,
                        sa.and_(_audited == audited_ms,
                                locations.c.id > location_id)),
                 _is_due(seconds, bad_seconds))


def list_unknown(conn: sa.Connection, after: int,
                 limit: int) -> list[at_rest.Due]:
    """Locations that were never read, of images that lack facts.

    Parameters and answer as of `list_due`.
    """
    return _list(
        conn, limit, [locations.c.id], locations.c.id > after,
        audits.c.location_id.is_(None), sa.or_(
            images.c.size.is_(None), images.c.checksum.is_(None),
            images.c.os_hash_value.is_(None),
            sa.and_(images.c.virtual_size.is_(None),
                    images.c.container_format == 'bare')))


def _is_due(seconds: float, bad_seconds: float) -> sa.ColumnElement[bool]:
    return sa.or_(
        audits.c.location_id.is_(None),
        types.now_ms() - audits.c.audited_ms > sa.case(
            (bad.c.location_id.is_(None), int(seconds * 1000)),
            else_=int(bad_seconds * 1000)))


def _list(conn: sa.Connection, limit: int,
          order: Sequence[sa.ColumnElement[typing.Any]],
          *conditions: sa.ColumnElement[bool]) -> list[at_rest.Due]:
    rows = conn.execute(
        sa.select(*_columns).select_from(_joined).where(
            types.live(locations),
            locations.c.status == states.LOCATION_ACTIVE,
            types.live(images),
            images.c.status.in_(states.WITH_DATA), *conditions)
        .order_by(*order).limit(limit))
    return [_due(row) for row in rows]


def _due(row: types.Row) -> at_rest.Due:
    image = {name: row._mapping[name] for name in _FACTS}
    metadata = stored.loaded(row.meta_data, dict,
                             'meta_data of image_locations', row.location_id)
    return {'image': typing.cast(at_rest.Audited, image),
            'location': {'id': row.location_id,
                         'url': location_cipher.decrypt(row.value),
                         'metadata': metadata},
            'place': [row.audited_ms, row.location_id],
            'reason': row.reason}


def note(conn: sa.Connection, location_id: int) -> None:
    """The data of a location has been read."""
    now = {'audited_ms': types.now_ms()}
    if not conn.execute(audits.update().where(
            audits.c.location_id == location_id).values(**now)).rowcount:
        conn.execute(audits.insert().values(location_id=location_id, **now))


def mark(conn: sa.Connection, location_id: int, image_id: str,
         reason: str) -> None:
    """From now on nobody is given the data of this location."""
    conn.execute(bad.insert().values(
        location_id=location_id, image_id=image_id, reason=reason,
        found_ms=types.now_ms()))


def unmark(conn: sa.Connection, location_id: int) -> None:
    conn.execute(bad.delete().where(bad.c.location_id == location_id))


def forget_deleted(conn: sa.Connection) -> None:
    """Drop what is known of locations that nobody can restore."""
    for table in (audits, bad):
        # A deletion that searches would lock the locations that it looks at.
        gone = conn.scalars(sa.select(table.c.location_id).where(
            ~sa.exists().where(
                locations.c.id == table.c.location_id,
                sa.or_(types.live(locations),
                       locations.c.status == states.LOCATION_PENDING_DELETE)))
        ).all()
        for start in range(0, len(gone), _CHUNK):
            conn.execute(table.delete().where(
                table.c.location_id.in_(gone[start:start + _CHUNK])))
