"""Writes that have taken effect, by call id: rows of calls."""

import json
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db import own_schema
from glance.db import types

calls = own_schema.calls

# By this much the clocks of callers, and of the nodes of a database, may
# differ without being put right.
_AHEAD = 1000   # ms


def record(conn: sa.Connection, call_id: str, answer: object,
           sent_ms: int | None = None, valid_ms: int | None = None) -> None:
    """Remember the answer of a write, in the transaction of the write.

    Whoever has the locks of the rows that it changes knows that it comes in
    time, and whatever comes after it has to wait for these locks.

    :param sent_ms: when it was sent, by the clock of this database
    :param valid_ms: for how long its caller waits; both None when not known
    :raises oslo_db.exception.DBDuplicateEntry: it has taken effect before
    :raises CallOutdated: it is too late, or sent in the future
    """
    now = types.now_ms()
    row = sa.select(sa.literal(call_id), sa.literal(json.dumps(answer)), now)
    if sent_ms is not None and valid_ms is not None:
        row = row.where(now.between(sent_ms - _AHEAD, sent_ms + valid_ms))
    if not conn.execute(calls.insert().from_select(
            ['call_id', 'answer', 'created_ms'], row)).rowcount:
        raise exceptions.CallOutdated(now_ms=conn.scalar(sa.select(now)))


def find(conn: sa.Connection, call_id: str) -> tuple[typing.Any] | None:
    """:returns: (answer,) of a write that has taken effect, else None"""
    row = conn.execute(sa.select(calls.c.answer)
                       .where(calls.c.call_id == call_id)).first()
    return None if row is None else (json.loads(row.answer),)


def forget(conn: sa.Connection, seconds: int) -> None:
    """Drop answers that nobody will ask for any more."""
    conn.execute(calls.delete().where(
        calls.c.created_ms < types.now_ms() - seconds * 1000))
