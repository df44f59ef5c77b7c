"""Staged data that waits for its import: rows of work that nobody claims."""

from collections.abc import Collection
import json

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.durable import work as units
from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.objects import states
from glance.objects import upload
from glance.objects import work as work_types

work = own_schema.work

_NEVER = 1 << 62
_STAGED = 'staged'


def keep(conn: sa.Connection, work_id: str, attempt: int,
         data: upload.Staged) -> None:
    """The data has arrived; from now on it waits.

    :raises LeaseLost:
    """
    if not conn.execute(work.update().where(
            work.c.id == work_id, work.c.attempt == attempt).values(
                kind=_STAGED, state=states.WORK_WAITING, lease_owner=None,
                lease_until_ms=_NEVER, stage_bytes=0,
                input=json.dumps(data))).rowcount:
        raise exceptions.LeaseLost()


def take(conn: sa.Connection, image_id: str) -> work_types.Charged | None:
    """Hand the staged data of an image over to its import.

    :returns: the unit as `work.get` gives it; None without such data
    """
    unit = _find(conn, image_id)
    if unit is not None:
        conn.execute(work.delete().where(work.c.id == unit['id']))
    return unit


def drop(conn: sa.Connection, image_id: str) -> bool:
    """Let a conductor remove the staged data of a deleted image.

    :returns: whether there is any
    """
    return conn.execute(work.update().where(
        work.c.image_id == image_id, work.c.kind == _STAGED).values(
            kind='delete_staged', lease_until_ms=types.now_ms() - 1)
    ).rowcount > 0


def _find(conn: sa.Connection, image_id: str) -> work_types.Charged | None:
    row = conn.execute(sa.select(work.c.id).where(
        work.c.image_id == image_id, work.c.kind == _STAGED)).first()
    return None if row is None else units.get(conn, row.id)


def unknown(conn: sa.Connection, image_ids: Collection[str]) -> list[str]:
    """Of some image ids those whose staged data nobody will ask for."""
    images = schema.images
    busy = set(conn.scalars(sa.select(work.c.image_id).where(
        work.c.image_id.in_(image_ids))))
    busy |= set(conn.scalars(sa.select(images.c.id).where(
        images.c.id.in_(image_ids), types.live(images),
        images.c.status.in_(
            (states.UPLOADING, states.IMPORTING)))))
    return [one for one in image_ids if one not in busy]
