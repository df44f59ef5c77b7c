"""Which hosts have conductors that live: rows of leases.

Work that is bound to a host waits for it. When all conductors of the host are
busy, or none could reach the registry, that is no reason to give it up.
"""

import hashlib
import re

from oslo_db import exception as db_exc
import sqlalchemy as sa

from glance.db.durable import leases
from glance.db import own_schema
from glance.db import types

# Conductors give a sign once a minute.
_ALIVE = 120    # seconds
# Longer than anybody waits for a host.
_KEPT = 60 * 86400
_PREFIX = 'host@'
# With the folder, as `glance.store.staging` has it.
_AREA = re.compile(r'^(.+)#[0-9a-f]{16}$')
_table = own_schema.leases
_work = own_schema.work


def names(host: str | None) -> list[str]:
    """What rows may call a host.

    :param host: name of a staging area, see `glance.store.staging`, or None
    :returns: the one without the folder is of the release before
    """
    if host is None:
        return []
    return [host, *(match.group(1) for match in _AREA.finditer(host))]


def see(conn: sa.Connection, host: str) -> None:
    """A conductor on this host gives a sign of life.

    The first sign after a gap proves nothing about the others: perhaps the
    database was away. They get as much time from then on.
    """
    seen = {host}
    if not _is_alive(conn, host):
        _forget(conn)
        seen.update(conn.scalars(sa.select(_work.c.host).distinct().where(
            _work.c.host.is_not(None))))
    for one in sorted(seen):
        if leases.hold(conn, _name(one), one, _ALIVE) is None:
            # Another conductor; the caller's transaction begins anew.
            raise db_exc.DBDeadlock()


def _forget(conn: sa.Connection) -> None:
    conn.execute(_table.delete().where(
        _table.c.name.startswith(_PREFIX),
        _table.c.until_ms < types.now_ms() - _KEPT * 1000))


def _is_alive(conn: sa.Connection, host: str) -> bool:
    return conn.execute(sa.select(_table.c.name).where(
        _table.c.name == _name(host),
        _table.c.until_ms >= types.now_ms())).first() is not None


def count_alive(conn: sa.Connection) -> int:
    """:returns: how many hosts have given a sign in the last two minutes"""
    return conn.execute(sa.select(sa.func.count()).select_from(_table).where(
        _table.c.name.startswith(_PREFIX),
        _table.c.until_ms >= types.now_ms())).scalar_one()


def _name(host: str) -> str:
    # The name of a host may be longer than that of a lease.
    return _PREFIX + hashlib.sha256(host.encode()).hexdigest()[:32]


def are_lost(column: sa.ColumnElement[str], judge: str | None,
             seconds: float) -> sa.ColumnElement[bool]:
    """A condition: the hosts in a column have given no sign for so long.

    :param judge: the host that wants to know, or None. When its own last sign
        is too old, perhaps nobody could give any.
    """
    now = types.now_ms()
    alive = sa.exists().where(
        _table.c.name.startswith(_PREFIX),
        _table.c.until_ms >= now - int(seconds * 1000),
        sa.or_(_table.c.holder == column,
               _table.c.holder.like(column.concat('#%'))))
    unheard = sa.exists().where(_table.c.name == _name(judge or ''),
                                _table.c.until_ms < now)
    return sa.and_(~alive, ~unheard)
