"""Where the data of an image is: rows of image_locations.

A location is `active`, or `verifying` while nobody has compared its data with
the image's hash yet, or `pending_delete` while its data is being removed. One
whose data was found to be damaged (see `glance.db.images.audits`) shows as
`bad`.
"""

from collections.abc import Iterator, Sequence
import json
import typing

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.images import location_cipher
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import location
from glance.objects import states

locations = schema.image_locations
bad = own_schema.bad_locations

# Locations with what an audit has found, and the status that follows.
judged = locations.outerjoin(bad, bad.c.location_id == locations.c.id)
status = sa.case(
    (sa.and_(bad.c.location_id.is_not(None), locations.c.status
             == sa.literal_column("'%s'" % states.LOCATION_ACTIVE)),
     sa.literal_column("'%s'" % states.LOCATION_BAD)),
    else_=locations.c.status)
_columns = [locations.c.id, locations.c.value, locations.c.meta_data]


def list(conn: sa.Connection, image_id: str,
         statuses: Sequence[str] = states.LOCATIONS_SHOWN
         ) -> Sequence[location.Location]:
    """Live locations in their order."""
    rows = conn.execute(
        sa.select(*_columns, status.label('status'))
        .select_from(judged)
        .where(locations.c.image_id == image_id,
               types.live(locations), status.in_(statuses))
        .order_by(locations.c.id))
    return [_location(row) for row in rows]


def list_all(conn: sa.Connection) -> Iterator[location.OfImage]:
    """Live locations of all images, in no order, as they are read."""
    found = sa.select(*_columns, locations.c.image_id).where(
        locations.c.deleted == sa.false())
    with conn.execute(found.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield {'id': row.id, 'image_id': row.image_id,
                   'url': location_cipher.decrypt(row.value),
                   'metadata': _metadata(row)}


def list_pending_delete(conn: sa.Connection,
                        image_id: str) -> Sequence[location.Location]:
    """Those of a deleted image whose data is kept for a while."""
    rows = conn.execute(
        sa.select(*_columns, locations.c.status)
        .where(locations.c.image_id == image_id,
               ~types.live(locations),
               locations.c.status == states.LOCATION_PENDING_DELETE)
        .order_by(locations.c.id))
    return [_location(row) for row in rows]


def _location(row: types.Row) -> location.Location:
    return {'id': row.id, 'url': location_cipher.decrypt(row.value),
            'metadata': _metadata(row), 'status': row.status}


def _metadata(row: types.Row) -> dict[str, typing.Any]:
    return stored.loaded(row.meta_data, dict, 'meta_data of image_locations',
                         row.id)


def create(conn: sa.Connection, image_id: str, url: str,
           metadata: dict[str, typing.Any],
           status: str = states.LOCATION_ACTIVE) -> None:
    """Record a location; the URL is stored encrypted when a key is set."""
    now = timeutils.utcnow()
    conn.execute(locations.insert(), {
        'image_id': image_id, 'value': location_cipher.encrypt(url),
        'meta_data': json.dumps(metadata), 'status': status,
        'created_at': now, 'updated_at': now, 'deleted': False})


def replace(conn: sa.Connection, location_id: int, url: str,
            metadata: dict[str, typing.Any], status: str) -> None:
    """Let a row tell of another location: the order is that of the ids.

    Nobody has read the data of that one yet.
    """
    conn.execute(own_schema.audits.delete().where(
        own_schema.audits.c.location_id == location_id))
    _update(conn, location_id, value=location_cipher.encrypt(url),
            meta_data=json.dumps(metadata), status=status)


def set_status(conn: sa.Connection, location_id: int, status: str) -> None:
    _update(conn, location_id, status=status)


def delete(conn: sa.Connection, location_id: int,
           status: str = states.LOCATION_DELETED) -> None:
    """Mark a location deleted."""
    _update(conn, location_id, status=status, deleted=True,
            deleted_at=timeutils.utcnow())


def forget(conn: sa.Connection, image_id: str) -> None:
    """Mark all locations of an image deleted that has no data."""
    conn.execute(
        locations.update()
        .where(locations.c.image_id == image_id, types.live(locations)),
        {'status': states.LOCATION_DELETED, 'deleted': True,
         'deleted_at': timeutils.utcnow()})


def is_used(conn: sa.Connection, url: str) -> bool:
    """Whether an image has data at a URL, or has it again once restored."""
    # No two encrypted forms of one URL are the same.
    found = sa.select(locations.c.value).where(
        sa.or_(types.live(locations),
               locations.c.status == states.LOCATION_PENDING_DELETE),
        sa.or_(locations.c.value == url,
               ~locations.c.value.contains('://')))
    with conn.execute(found.execution_options(yield_per=1000)) as rows:
        return any(location_cipher.decrypt(row.value) == url for row in rows)


def restore(conn: sa.Connection, location_id: int) -> None:
    """Use a location again whose image was deleted."""
    _update(conn, location_id, status=states.LOCATION_ACTIVE, deleted=False,
            deleted_at=None)


def _update(conn: sa.Connection, location_id: int,
            **values: typing.Any) -> None:
    conn.execute(locations.update().where(locations.c.id == location_id),
                 dict(values, updated_at=timeutils.utcnow()))
