"""What is known of the data at rest: rows of audits and bad_locations."""

import json

import sqlalchemy as sa

from glance.db import location_cipher
from glance.db import locations as location_rows
from glance.db import own_schema
from glance.db import schema
from glance.db import types

audits = own_schema.audits
bad = own_schema.bad_locations
images = schema.images
locations = schema.image_locations

_FACTS = ('id', 'size', 'virtual_size', 'checksum', 'os_hash_algo',
          'os_hash_value', 'disk_format', 'container_format')
_joined = (locations.join(images, images.c.id == locations.c.image_id)
           .outerjoin(audits, audits.c.location_id == locations.c.id)
           .outerjoin(bad, bad.c.location_id == locations.c.id))
_columns = [locations.c.id.label('location_id'), locations.c.value,
            locations.c.meta_data, bad.c.reason,
            *(images.c[name] for name in _FACTS)]


def list_due(conn, after, limit, seconds, bad_seconds):
    """Locations in use whose data was not read for long.

    :param after: id of a location; those with larger ids are given
    :param seconds: how long
    :param bad_seconds: how long for those known as bad
    :returns: [{"image": facts, "location": {"id", "url", "metadata"},
        "reason": why it is bad, or None}], in the order of the ids
    """
    age = types.now_ms() - audits.c.audited_ms
    return _list(conn, after, limit, sa.or_(
        audits.c.location_id.is_(None),
        age > sa.case((bad.c.location_id.is_(None), int(seconds * 1000)),
                      else_=int(bad_seconds * 1000))))


def list_unknown(conn, after, limit):
    """Locations that were never read, of images that lack facts.

    Parameters and answer as of `list_due`.
    """
    return _list(conn, after, limit, audits.c.location_id.is_(None), sa.or_(
        images.c.size.is_(None), images.c.checksum.is_(None),
        images.c.os_hash_value.is_(None),
        sa.and_(images.c.virtual_size.is_(None),
                images.c.container_format == 'bare')))


def _list(conn, after, limit, *conditions):
    rows = conn.execute(
        sa.select(*_columns).select_from(_joined).where(
            locations.c.id > after, locations.c.deleted == sa.false(),
            locations.c.status == location_rows.ACTIVE,
            images.c.deleted == sa.false(),
            images.c.status.in_(('active', 'deactivated')), *conditions)
        .order_by(locations.c.id).limit(limit))
    return [{'image': {name: row._mapping[name] for name in _FACTS},
             'location': {'id': row.location_id,
                          'url': location_cipher.decrypt(row.value),
                          'metadata': json.loads(row.meta_data or '{}')},
             'reason': row.reason} for row in rows]


def note(conn, location_id):
    """The data of a location has been read."""
    now = {'audited_ms': types.now_ms()}
    if not conn.execute(audits.update().where(
            audits.c.location_id == location_id).values(**now)).rowcount:
        conn.execute(audits.insert().values(location_id=location_id, **now))


def mark(conn, location_id, image_id, reason):
    """From now on nobody is given the data of this location."""
    conn.execute(bad.insert().values(
        location_id=location_id, image_id=image_id, reason=reason,
        found_ms=types.now_ms()))


def unmark(conn, location_id):
    conn.execute(bad.delete().where(bad.c.location_id == location_id))


def forget_deleted(conn):
    """Drop what is known of locations that nobody can restore."""
    for table in (audits, bad):
        conn.execute(table.delete().where(~sa.exists().where(
            locations.c.id == table.c.location_id,
            sa.or_(locations.c.deleted == sa.false(),
                   locations.c.status == location_rows.PENDING_DELETE))))
