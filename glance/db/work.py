"""Units of durable work and who works on them: rows of work.

A row is claimed by raising its attempt and giving it a lease. Whoever holds
an older attempt is refused from then on.
"""

import json

import sqlalchemy as sa
from oslo_utils import uuidutils

from glance.common import exceptions
from glance.db import own_schema
from glance.db import types

work = own_schema.work


def _in(seconds):
    return types.now_ms() + int(seconds * 1000)


def create(conn, kind, image_id, input, owner=None, seconds=0,
           project_id=None, store_bytes=0, stage_bytes=0):
    """Write a unit of work.

    :param input: JSON-able; what the flow needs to know
    :param owner: who works on it from now on; None when it waits
    :param seconds: length of the owner's lease, or how long it waits
    :param project_id: whose quota is charged for as long as the row is there
    :param store_bytes, stage_bytes: with what, see `glance.db.quotas`
    :returns: its id; the attempt is 1 with an owner, else 0
    """
    work_id = uuidutils.generate_uuid()
    conn.execute(work.insert().values(
        id=work_id, kind=kind, image_id=image_id, input=json.dumps(input),
        state='running' if owner else 'waiting',
        attempt=1 if owner else 0, lease_owner=owner,
        lease_until_ms=_in(seconds), created_ms=types.now_ms(),
        project_id=project_id, store_bytes=store_bytes,
        stage_bytes=stage_bytes))
    return work_id


def claim(conn, owner, seconds, limit):
    """Take work that nobody holds.

    :returns: [{"id", "kind", "image_id", "attempt", "input"}]
    """
    free = conn.execute(
        sa.select(work.c.id, work.c.kind, work.c.image_id, work.c.attempt,
                  work.c.input)
        .where(work.c.lease_until_ms < types.now_ms())
        .order_by(work.c.lease_until_ms).limit(limit)).all()
    claimed = []
    for row in free:
        if conn.execute(
                work.update().where(work.c.id == row.id,
                                    work.c.attempt == row.attempt,
                                    work.c.lease_until_ms < types.now_ms())
                .values(attempt=row.attempt + 1, state='running',
                        lease_owner=owner,
                        lease_until_ms=_in(seconds))).rowcount:
            claimed.append({'id': row.id, 'kind': row.kind,
                            'image_id': row.image_id,
                            'attempt': row.attempt + 1,
                            'input': json.loads(row.input)})
    return claimed


def _held(work_id, attempt):
    return (work.c.id == work_id, work.c.attempt == attempt)


def renew(conn, work_id, attempt, seconds, **held):
    """Lengthen a lease.

    :param held: store_bytes or stage_bytes, when it holds more by now
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if not conn.execute(work.update().where(*_held(work_id, attempt)).values(
            lease_until_ms=_in(seconds), **held)).rowcount:
        raise exceptions.LeaseLost()


def finish(conn, work_id, attempt):
    """Remove a unit of work that is done; the caller must hold it.

    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if not conn.execute(work.delete().where(
            *_held(work_id, attempt))).rowcount:
        raise exceptions.LeaseLost()


def put_back(conn, work_id, attempt, reason, seconds):
    """Let somebody try again after a while.

    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if not conn.execute(
            work.update().where(*_held(work_id, attempt)).values(
                state='waiting', last_error=reason, lease_owner=None,
                lease_until_ms=_in(seconds))).rowcount:
        raise exceptions.LeaseLost()


def exists(conn, kind, image_id):
    """Whether an image has unfinished work of a kind."""
    return conn.execute(sa.select(work.c.id).where(
        work.c.image_id == image_id, work.c.kind == kind).limit(1)
    ).first() is not None
