"""Where the data of an image is: rows of image_locations."""

import json

from oslo_utils import timeutils

from glance.db import location_cipher
from glance.db import schema


def create(conn, image_id, url, metadata, status='active'):
    """Record a location; the URL is stored encrypted when a key is set."""
    now = timeutils.utcnow()
    conn.execute(schema.image_locations.insert(), {
        'image_id': image_id, 'value': location_cipher.encrypt(url),
        'meta_data': json.dumps(metadata), 'status': status,
        'created_at': now, 'updated_at': now, 'deleted': False})
