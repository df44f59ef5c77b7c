"""Where the data of an image is: rows of image_locations.

A location is `active`, or `verifying` while nobody has compared its data with
the image's hash yet, or `pending_delete` while its data is being removed.
"""

import json

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db import location_cipher
from glance.db import schema

locations = schema.image_locations

ACTIVE = 'active'
VERIFYING = 'verifying'
PENDING_DELETE = 'pending_delete'
DELETED = 'deleted'
# What users see as the locations of an image.
SHOWN = (ACTIVE, VERIFYING)


def list(conn, image_id, statuses=SHOWN):
    """Live locations in their order.

    :returns: [{"id", "url", "metadata", "status"}]
    """
    rows = conn.execute(
        sa.select(locations.c.id, locations.c.value, locations.c.meta_data,
                  locations.c.status)
        .where(locations.c.image_id == image_id,
               locations.c.deleted == sa.false(),
               locations.c.status.in_(statuses))
        .order_by(locations.c.id))
    return [{'id': row.id, 'url': location_cipher.decrypt(row.value),
             'metadata': json.loads(row.meta_data or '{}'),
             'status': row.status} for row in rows]


def create(conn, image_id, url, metadata, status=ACTIVE):
    """Record a location; the URL is stored encrypted when a key is set."""
    now = timeutils.utcnow()
    conn.execute(locations.insert(), {
        'image_id': image_id, 'value': location_cipher.encrypt(url),
        'meta_data': json.dumps(metadata), 'status': status,
        'created_at': now, 'updated_at': now, 'deleted': False})


def replace(conn, location_id, url, metadata, status):
    """Let a row tell of another location: the order is that of the ids."""
    _update(conn, location_id, value=location_cipher.encrypt(url),
            meta_data=json.dumps(metadata), status=status)


def set_status(conn, location_id, status):
    _update(conn, location_id, status=status)


def delete(conn, location_id, status=DELETED):
    """Mark a location deleted."""
    _update(conn, location_id, status=status, deleted=True,
            deleted_at=timeutils.utcnow())


def _update(conn, location_id, **values):
    conn.execute(locations.update().where(locations.c.id == location_id),
                 dict(values, updated_at=timeutils.utcnow()))
