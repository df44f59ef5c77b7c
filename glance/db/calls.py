"""Writes that have taken effect, by call id: rows of calls."""

import json

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types

calls = own_schema.calls


def record(conn, call_id, answer):
    """Remember the answer of a write, in the transaction of the write.

    :raises oslo_db.exception.DBDuplicateEntry: it has taken effect before
    """
    conn.execute(calls.insert().values(
        call_id=call_id, answer=json.dumps(answer),
        created_ms=types.now_ms()))


def find(conn, call_id):
    """:returns: (answer,) of a write that has taken effect, else None"""
    row = conn.execute(sa.select(calls.c.answer)
                       .where(calls.c.call_id == call_id)).first()
    return None if row is None else (json.loads(row.answer),)


def forget(conn, seconds):
    """Drop answers that nobody will ask for any more."""
    conn.execute(calls.delete().where(
        calls.c.created_ms < types.now_ms() - seconds * 1000))
