"""Units of durable work and who works on them: rows of work.

A row is claimed by raising its attempt and giving it a lease. Whoever holds
an older attempt is refused from then on.
"""

from collections.abc import Collection, Mapping
import json
import typing

from oslo_context import context
from oslo_utils import uuidutils
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.durable import hosts
from glance.db import own_schema
from glance.db import schema
from glance.db import stored
from glance.db import types
from glance.objects import states
from glance.objects import work as work_types

work = own_schema.work
images = schema.images


def _in(seconds: float) -> sa.ColumnElement[int]:
    return types.now_ms() + int(seconds * 1000)


def create(conn: sa.Connection, kind: str, image_id: str | None,
           input: Mapping[str, typing.Any], owner: str | None = None,
           seconds: float = 0, project_id: str | None = None,
           store_bytes: int = 0, stage_bytes: int = 0,
           host: str | None = None, work_id: str | None = None) -> str:
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


def _request_id() -> str | None:
    current = context.get_current()
    return None if current is None else current.request_id[:255]


def claim(conn: sa.Connection, owner: str, seconds: float, limit: int,
          host: str | None = None, patience: float = 0,
          left_out: Collection[str] = ()) -> list[work_types.Unit]:
    """Take work that nobody holds.

    :param host: where the owner runs; it also gets what is bound to it
    :param patience: seconds without a sign of life after which work of a
        host is given to others, who will have to give it up
    :param left_out: kinds that the owner does not want
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
    taken = [dict(_taken(conn, row.id), state=row.state,
                  taken_over=row.lease_owner is not None)
             for row in free if _take(conn, row, owner, seconds)]
    return typing.cast(list[work_types.Unit], taken)


def _taken(conn: sa.Connection, work_id: str) -> dict[str, typing.Any]:
    """What is there now: the holder before may have noted more until then."""
    return _unit(conn.execute(sa.select(
        work.c.id, work.c.kind, work.c.image_id, work.c.attempt,
        work.c.input, work.c.state, work.c.progress, work.c.host,
        work.c.request_id).where(work.c.id == work_id)).one())


def _take(conn: sa.Connection, row: types.Row, owner: str,
          seconds: float) -> int:
    return conn.execute(
        work.update().where(work.c.id == row.id,
                            work.c.attempt == row.attempt,
                            work.c.lease_until_ms <= types.now_ms())
        .values(attempt=row.attempt + 1,
                state=_unless_settled(states.WORK_RUNNING),
                lease_owner=owner, lease_until_ms=_in(seconds))).rowcount


def _unit(row: types.Row) -> dict[str, typing.Any]:
    """What is broken fails by itself: the others have to be claimed."""
    return dict(row._mapping, input=_input(row), progress=stored.loaded(
        row.progress, dict, 'progress of work', row.id) or None)


def _input(row: types.Row) -> dict[str, typing.Any]:
    return stored.loaded(row.input, dict, 'input of work', row.id)


def _unless_settled(state: str) -> sa.ColumnElement[str]:
    return sa.case((work.c.state.in_(states.WORK_SETTLED), work.c.state),
                   else_=state)


def _held(work_id: str,
          attempt: int) -> tuple[sa.ColumnElement[bool], ...]:
    return (work.c.id == work_id, work.c.attempt == attempt)


def renew(conn: sa.Connection, work_id: str, attempt: int, seconds: float,
          **held: typing.Any) -> None:
    """Lengthen a lease.

    :param held: store_bytes or stage_bytes, when it holds more by now
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    _set(conn, work_id, attempt, lease_until_ms=_in(seconds), **held)


def _set(conn: sa.Connection, work_id: str, attempt: int,
         **columns: typing.Any) -> None:
    if not conn.execute(work.update().where(*_held(work_id, attempt)).values(
            **columns)).rowcount:
        raise exceptions.LeaseLost()


def is_held(conn: sa.Connection, work_id: str, attempt: int) -> bool:
    """Whether this attempt is the newest one, and not done."""
    return conn.execute(sa.select(work.c.id).where(
        *_held(work_id, attempt))).first() is not None


def check(conn: sa.Connection, work_id: str, attempt: int) -> None:
    """:raises LeaseLost: a newer attempt has it, or it is gone"""
    if not is_held(conn, work_id, attempt):
        raise exceptions.LeaseLost()


def finish(conn: sa.Connection, work_id: str, attempt: int) -> None:
    """Remove a unit of work that is done; the caller must hold it.

    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    if not conn.execute(work.delete().where(
            *_held(work_id, attempt))).rowcount:
        raise exceptions.LeaseLost()


def release(conn: sa.Connection, work_id: str, attempt: int, reason: str,
            seconds: float, **columns: typing.Any) -> None:
    """Let somebody try again after a while.

    :param columns: `progress`, when it has changed
    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    _set(conn, work_id, attempt, state=_unless_settled(states.WORK_WAITING),
         last_error=reason, lease_owner=None, lease_until_ms=_in(seconds),
         **_json(columns))


def _json(columns: dict[str, typing.Any]) -> dict[str, typing.Any]:
    return {name: json.dumps(value) if name == 'progress' else value
            for name, value in columns.items()}


def advance(conn: sa.Connection, work_id: str, attempt: int,
            seconds: float | None,
            **columns: typing.Any) -> work_types.Advanced:
    """Note how far the holder is, and lengthen its lease.

    :param seconds: None leaves the lease as it is
    :param columns: of progress, image_id, host, store_bytes, stage_bytes
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


def make_final(conn: sa.Connection, work_id: str) -> None:
    """It cannot be cancelled any more; the caller has its row lock."""
    conn.execute(work.update().where(work.c.id == work_id).values(
        state=states.WORK_FINAL))


def cancel(conn: sa.Connection, work_id: str) -> bool:
    """Ask the worker to end it; at once, when it is waiting for one.

    :returns: whether there is such work, and it is not too late
    """
    return conn.execute(work.update().where(
        work.c.id == work_id, work.c.state != states.WORK_FINAL).values(
        state=states.WORK_CANCELLED, lease_until_ms=sa.case(
            (work.c.lease_owner.is_(None), 0),
            else_=work.c.lease_until_ms))).rowcount == 1


def get(conn: sa.Connection, work_id: str) -> work_types.Charged | None:
    """:returns: the unit, or None when it is done"""
    return _find(conn, work.c.id == work_id)


def get_held(conn: sa.Connection, work_id: str,
             attempt: int) -> work_types.Charged:
    """As `get`.

    :raises LeaseLost: a newer attempt has it, or it is gone
    """
    found = _find(conn, *_held(work_id, attempt))
    if found is None:
        raise exceptions.LeaseLost()
    return found


def _find(conn: sa.Connection,
          *conditions: sa.ColumnElement[bool]) -> work_types.Charged | None:
    row = conn.execute(sa.select(
        work.c.id, work.c.kind, work.c.image_id, work.c.attempt,
        work.c.input, work.c.state, work.c.progress, work.c.host,
        work.c.project_id).where(*conditions)).first()
    return None if row is None else typing.cast(work_types.Charged,
                                                _unit(row))


def project_of(conn: sa.Connection, work_id: str) -> str | None:
    """:returns: whose quota is charged, or None"""
    return conn.scalar(sa.select(work.c.project_id).where(
        work.c.id == work_id))


def list_of_image(conn: sa.Connection, kind: str,
                  image_id: str) -> list[work_types.Listed]:
    """:returns: unfinished work of a kind"""
    rows = conn.execute(
        sa.select(work.c.id, work.c.attempt, work.c.input)
        .where(work.c.image_id == image_id, work.c.kind == kind))
    return [{'id': row.id, 'attempt': row.attempt,
             'input': _input(row)} for row in rows]


def drop_untouched(conn: sa.Connection, ids: Collection[str]) -> int:
    """Remove work that nobody has ever claimed.

    :returns: how many of them there were
    """
    return conn.execute(work.delete().where(
        work.c.id.in_(ids), work.c.attempt == 0)).rowcount


def hurry(conn: sa.Connection, kind: str, image_id: str) -> bool:
    """Let work that nobody has claimed yet wait no longer.

    :returns: whether the image has work of the kind
    """
    of_image = (work.c.image_id == image_id, work.c.kind == kind)
    conn.execute(work.update().where(*of_image, work.c.attempt == 0).values(
        lease_until_ms=types.now_ms() - 1))
    return exists(conn, kind, image_id)


def exists(conn: sa.Connection, kind: str, image_id: str) -> bool:
    """Whether an image has unfinished work of a kind."""
    return conn.execute(sa.select(work.c.id).where(
        work.c.image_id == image_id, work.c.kind == kind).limit(1)
    ).first() is not None
