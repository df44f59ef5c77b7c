"""Duties done now and then, once in the cluster: rows of duties.

Whoever raises the attempt of a row has the duty for the time of its lease. A
holder that dies loses it; what it still does then has to be harmless.
"""

from collections.abc import Iterable, Mapping
import json
import typing

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.common import exceptions
from glance.db import own_schema
from glance.db import types
from glance.objects import work

duties = own_schema.duties

# A duty never done before waits so long, for the start of a service to be
# over.
FIRST = 60      # seconds


def _in(seconds: float) -> sa.ColumnElement[int]:
    return types.now_ms() + int(seconds * 1000)


def claim(conn: sa.Connection, owner: str, wanted: Mapping[str, float],
          seconds: float) -> work.Duties:
    """Take the duties that are due and that nobody has.

    :param wanted: {name: seconds between two runs}
    :param seconds: length of the lease
    """
    rows = _rows(conn, wanted)
    for name in sorted(set(wanted) - set(rows)):
        _create(conn, name, min(wanted[name], FIRST))
    taken: list[work.Duty] = []
    left: list[str] = []
    waits = [min(wanted[name], FIRST) for name in wanted
             if name not in rows]
    for name, row in rows.items():
        wait = _wait(row, wanted[name])
        if wait <= 0 and _take(conn, row, owner, seconds):
            taken.append({'name': name, 'attempt': row.attempt + 1})
            if row.lease_owner is not None:
                left.append(name)
            wait = wanted[name]
        waits.append(max(wait, 0))
    return {'duties': taken, 'taken_over': left, 'wait': min(waits)}


def _rows(conn: sa.Connection, names: Iterable[str]) -> dict[str, types.Row]:
    found = conn.execute(
        sa.select(duties, types.now_ms().label('now'))
        .where(duties.c.name.in_(list(names))).order_by(duties.c.name))
    return {row.name: row for row in found}


def _wait(row: types.Row, interval: float) -> float:
    """:returns: seconds until it may be taken"""
    due = row.due_ms
    if row.ended_ms is not None:
        # The interval may have become shorter since.
        due = min(due, row.ended_ms + interval * 1000)
    return (max(due, row.lease_until_ms) - row.now) / 1000


def _create(conn: sa.Connection, name: str, wait: float) -> None:
    try:
        conn.execute(duties.insert().values(
            name=name, attempt=0, lease_until_ms=0, due_ms=_in(wait)))
    except db_exc.DBDuplicateEntry:
        # Another conductor; the caller's transaction begins anew.
        raise db_exc.DBDeadlock()


def _take(conn: sa.Connection, row: types.Row, owner: str,
          seconds: float) -> bool:
    return conn.execute(
        duties.update().where(duties.c.name == row.name,
                              duties.c.attempt == row.attempt,
                              duties.c.lease_until_ms <= types.now_ms())
        .values(attempt=row.attempt + 1, lease_owner=owner,
                lease_until_ms=_in(seconds), began_ms=types.now_ms())
    ).rowcount == 1


def renew(conn: sa.Connection, name: str, attempt: int,
          seconds: float) -> None:
    """:raises LeaseLost: somebody else has it"""
    _set(conn, name, attempt, lease_until_ms=_in(seconds))


def finish(conn: sa.Connection, name: str, attempt: int, outcome: object,
           seconds: float) -> None:
    """Note how it went, and when it is due again.

    :param outcome: JSON-able, for people
    :raises LeaseLost: somebody else has it
    """
    _set(conn, name, attempt, lease_owner=None, lease_until_ms=0,
         due_ms=_in(seconds), ended_ms=types.now_ms(),
         outcome=json.dumps(outcome))


def _set(conn: sa.Connection, name: str, attempt: int,
         **columns: typing.Any) -> None:
    if not conn.execute(duties.update().where(
            duties.c.name == name, duties.c.attempt == attempt,
            duties.c.lease_owner.is_not(None)).values(**columns)).rowcount:
        raise exceptions.LeaseLost()
