"""Duties that one process of the cluster holds at a time: rows of leases."""

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db import own_schema
from glance.db import types

leases = own_schema.leases

CREATED, FOUND = 'created', 'found'


def hold(conn: sa.Connection, name: str, holder: str,
         seconds: int) -> str | None:
    """Take or renew a duty.

    :param seconds: how long it is held from now on
    :returns: CREATED or FOUND, which tells whether the lease was there, of
        the same holder or run out; None when another one has it
    """
    until = types.now_ms() + seconds * 1000
    taken = conn.execute(
        leases.update().where(
            leases.c.name == name,
            sa.or_(leases.c.holder == holder,
                   leases.c.until_ms < types.now_ms()))
        .values(holder=holder, until_ms=until)).rowcount
    if taken == 1:
        return FOUND
    return CREATED if _create(conn, name, holder, until) else None


def _create(conn: sa.Connection, name: str, holder: str,
            until: sa.ColumnElement[int]) -> bool:
    known = conn.execute(sa.select(leases.c.name)
                         .where(leases.c.name == name)).first()
    if known is not None:
        return False
    try:
        conn.execute(leases.insert().values(
            name=name, holder=holder, until_ms=until))
    except db_exc.DBDuplicateEntry:
        return False
    return True


def give_up(conn: sa.Connection, name: str, holder: str) -> None:
    """Let the next one have the duty at once."""
    conn.execute(leases.delete().where(leases.c.name == name,
                                       leases.c.holder == holder))
