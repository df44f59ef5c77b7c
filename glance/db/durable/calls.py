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

# Built once, as each write has it.
_now = types.now_ms()
_row = sa.select(sa.bindparam('of_call', type_=sa.String),
                 sa.bindparam('of_answer', type_=sa.Text), _now)
_names = ['call_id', 'answer', 'created_ms']
_ANY_TIME = calls.insert().from_select(_names, _row)
_IN_TIME = calls.insert().from_select(_names, _row.where(_now.between(
    sa.bindparam('since', type_=sa.BigInteger),
    sa.bindparam('until', type_=sa.BigInteger))))


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
    row = {'of_call': call_id, 'of_answer': json.dumps(answer)}
    if sent_ms is None or valid_ms is None:
        conn.execute(_ANY_TIME, row)
    elif not conn.execute(_IN_TIME, {
            **row, 'since': sent_ms - _AHEAD,
            'until': sent_ms + valid_ms}).rowcount:
        raise exceptions.CallOutdated(now_ms=conn.scalar(sa.select(_now)))


def find(conn: sa.Connection, call_id: str) -> tuple[typing.Any] | None:
    """:returns: (answer,) of a write that has taken effect, else None"""
    row = conn.execute(sa.select(calls.c.answer)
                       .where(calls.c.call_id == call_id)).first()
    return None if row is None else (json.loads(row.answer),)


def forget(conn: sa.Connection, seconds: int) -> None:
    """Drop answers that nobody will ask for any more."""
    conn.execute(calls.delete().where(
        calls.c.created_ms < types.now_ms() - seconds * 1000))
