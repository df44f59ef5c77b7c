"""Units of durable work and who works on them: rows of work.

A row is claimed by raising its attempt and giving it a lease. Whoever holds
an older attempt is refused from then on.
"""

import json

from oslo_context import context
from oslo_utils import uuidutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.durable import hosts
from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.objects import states

work = own_schema.work
images = schema.images


def _in(seconds):
    return types.now_ms() + int(seconds * 1000)


def create(conn, kind, image_id, input, owner=None, seconds=0,
           project_id=None, store_bytes=0, stage_bytes=0, host=None,
           work_id=None):
    """Write a unit of work, caused by the request of this thread.

    :param input: JSON-able; what the flow needs to know
    :param owner: who works on it from now on; None when it waits
    :param seconds: length of the owner's lease, or how long it waits
    :param project_id: whose quota is charged for as long as the row is there
    :param store_bytes, stage_bytes: with what, see `glance.db.images.quotas`
    :param host: the only one that can do it, None for any
    :param work_id: that of its task, for those that users see
    :returns: its id; the attempt is 1 with an owner, else 0
    """
    work_id = work_id or uuidutils.generate_uuid()
    conn.execute(work.insert().values(
        id=work_id, kind=kind, image_id=image_id, input=json.dumps(input),
        state=states.WORK_RUNNING if owner else states.WORK_WAITING,
        attempt=1 if owner else 0, lease_owner=owner,
        lease_until_ms=_in(seconds), created_ms=types.now_ms(),
        project_id=project_id, store_bytes=store_bytes,
        stage_bytes=stage_bytes, host=host, request_id=_request_id()))
    return work_id


def _request_id():
    current = context.get_current()
    return current and current.request_id[:255]


def claim(conn, owner, seconds, limit, host=None, patience=0, left_out=()):
    """Take work that nobody holds.

    :param host: where the owner runs; it also gets what is bound to it
    :param patience: seconds without a sign of life after which work of a
        host is given to others, who will have to give it up
    :param left_out: kinds that the owner does not want
    :returns: [{"id", "kind", "image_id", "attempt", "input", "state",
        "progress", "host", "request_id", "taken_over": whether the lease of
        another one ran out}]
    """
    now = types.now_ms()
    free = conn.execute(
        sa.select(work.c.id, work.c.attempt, work.c.state,
                  work.c.lease_owner)
        .where(work.c.lease_until_ms <= now, work.c.kind.not_in(left_out),
               sa.or_(work.c.host.is_(None),
                      work.c.host.in_(hosts.names(host)),
                      sa.and_(work.c.lease_until_ms
                              < now - int(patience * 1000),
                              hosts.are_lost(work.c.host, host, patience))))
        .order_by(work.c.lease_until_ms).limit(limit)).all()
    return [dict(_taken(conn, row.id), state=row.state,
                 taken_over=row.lease_owner is not None)
            for row in free if _take(conn, row, owner, seconds)]


def _taken(conn, work_id):
    """What is there now: the holder before may have noted more until then."""
    return _unit(conn.execute(sa.select(
        work.c.id, work.c.kind, work.c.image_id, work.c.attempt,
        work.c.input, work.c.state, work.c.progress, work.c.host,
        work.c.request_id).where(work.c.id == work_id)).one())


def _take(conn, row, owner, seconds):
    return conn.execute(
        work.update().where(work.c.id == row.id,
                            work.c.attempt == row.attempt,
                            work.c.lease_until_ms <= types.now_ms())
        .values(attempt=row.attempt + 1,
                state=_unless_settled(states.WORK_RUNNING),
                lease_owner=owner, lease_until_ms=_in(seconds))).rowcount


def _unit(row):
    unit = dict(row._mapping, input=json.loads(row.input))
    unit['progress'] = json.loads(row.progress) if row.progress else None
    return unit


def _unless_settled(state):
    return sa.case((work.c.state.in_(states.WORK_SETTLED), work.c.state),
                   else_=state)


def _held(work_id, attempt):
    return (work.c.id == work_id, work.c.attempt == attempt)


def renew(conn, work_id, attempt, seconds, **held):
    """Lengthen a lease.

    :param held: store_bytes or stage_bytes, when it holds more by now
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    _set(conn, work_id, attempt, lease_until_ms=_in(seconds), **held)


def _set(conn, work_id, attempt, **columns):
    if not conn.execute(work.update().where(*_held(work_id, attempt)).values(
            **columns)).rowcount:
        raise exceptions.LeaseLost()


def is_held(conn, work_id, attempt):
    """Whether this attempt is the newest one, and not done."""
    return conn.execute(sa.select(work.c.id).where(
        *_held(work_id, attempt))).first() is not None


def check(conn, work_id, attempt):
    """:raises LeaseLost: a newer attempt has it, or it is gone"""
    if not is_held(conn, work_id, attempt):
        raise exceptions.LeaseLost()


def finish(conn, work_id, attempt):
    """Remove a unit of work that is done; the caller must hold it.

    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if not conn.execute(work.delete().where(
            *_held(work_id, attempt))).rowcount:
        raise exceptions.LeaseLost()


def release(conn, work_id, attempt, reason, seconds, **columns):
    """Let somebody try again after a while.

    :param columns: `progress`, when it has changed
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    _set(conn, work_id, attempt, state=_unless_settled(states.WORK_WAITING),
         last_error=reason, lease_owner=None, lease_until_ms=_in(seconds),
         **_json(columns))


def _json(columns):
    return {name: json.dumps(value) if name == 'progress' else value
            for name, value in columns.items()}


def advance(conn, work_id, attempt, seconds, **columns):
    """Note how far the holder is, and lengthen its lease.

    :param seconds: None leaves the lease as it is
    :param columns: of progress, image_id, host, store_bytes, stage_bytes
    :returns: {"cancelled": whether somebody wants it to end, "gone": whether
        its image was deleted}
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if seconds is None:
        _set(conn, work_id, attempt, **_json(columns))
    else:
        renew(conn, work_id, attempt, seconds, **_json(columns))
    row = conn.execute(
        sa.select(work.c.state, images.c.deleted)
        .outerjoin(images, images.c.id == work.c.image_id)
        .where(work.c.id == work_id)).one()
    return {'cancelled': row.state == states.WORK_CANCELLED,
            'gone': bool(row.deleted)}


def make_final(conn, work_id):
    """It cannot be cancelled any more; the caller has its row lock."""
    conn.execute(work.update().where(work.c.id == work_id).values(
        state=states.WORK_FINAL))


def cancel(conn, work_id):
    """Ask the worker to end it; at once, when it is waiting for one.

    :returns: whether there is such work, and it is not too late
    """
    return conn.execute(work.update().where(
        work.c.id == work_id, work.c.state != states.WORK_FINAL).values(
        state=states.WORK_CANCELLED, lease_until_ms=sa.case(
            (work.c.lease_owner.is_(None), 0),
            else_=work.c.lease_until_ms))).rowcount == 1


def get(conn, work_id):
    """:returns: the unit as `claim` gives it, with its project, or None"""
    row = conn.execute(sa.select(
        work.c.id, work.c.kind, work.c.image_id, work.c.attempt,
        work.c.input, work.c.state, work.c.progress, work.c.host,
        work.c.project_id).where(work.c.id == work_id)).first()
    return row and _unit(row)


def list_of_image(conn, kind, image_id):
    """:returns: [{"id", "attempt", "input"}] of unfinished work of a kind"""
    rows = conn.execute(
        sa.select(work.c.id, work.c.attempt, work.c.input)
        .where(work.c.image_id == image_id, work.c.kind == kind))
    return [{'id': row.id, 'attempt': row.attempt,
             'input': json.loads(row.input)} for row in rows]


def drop_untouched(conn, ids):
    """Remove work that nobody has ever claimed.

    :returns: how many of them there were
    """
    return conn.execute(work.delete().where(
        work.c.id.in_(ids), work.c.attempt == 0)).rowcount


def hurry(conn, kind, image_id):
    """Let work that nobody has claimed yet wait no longer.

    :returns: whether the image has work of the kind
    """
    of_image = (work.c.image_id == image_id, work.c.kind == kind)
    conn.execute(work.update().where(*of_image, work.c.attempt == 0).values(
        lease_until_ms=types.now_ms() - 1))
    return exists(conn, kind, image_id)


def exists(conn, kind, image_id):
    """Whether an image has unfinished work of a kind."""
    return conn.execute(sa.select(work.c.id).where(
        work.c.image_id == image_id, work.c.kind == kind).limit(1)
    ).first() is not None
