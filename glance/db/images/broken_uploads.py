"""Images for which data has come and was lost, until they get it.

Whoever sends data from a file may have no more of it when it tries again: an
upload without a byte then looks whole and is not. The rows stay when the
image has its data, as no other image gets its id; purging removes them.
"""

import sqlalchemy as sa

from glance.common import exceptions
from glance.db import own_schema
from glance.db import types

broken_uploads = own_schema.broken_uploads


def note(conn: sa.Connection, image_id: str) -> None:
    """The caller holds the row lock of the image."""
    if not _is_noted(conn, image_id):
        conn.execute(broken_uploads.insert().values(
            image_id=image_id, since_ms=types.now_ms()))


def refuse_empty(conn: sa.Connection, image_id: str) -> None:
    """:raises UploadBroken: an upload of nothing cannot be all of the data"""
    if _is_noted(conn, image_id):
        raise exceptions.UploadBroken(
            'No data came, but some has come for this image before: send it '
            'again from its beginning. Where nothing is meant, make another '
            'image.')


def _is_noted(conn: sa.Connection, image_id: str) -> bool:
    return conn.execute(sa.select(sa.exists().where(
        broken_uploads.c.image_id == image_id))).scalar_one()
