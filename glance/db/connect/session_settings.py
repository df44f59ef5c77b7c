"""What each new connection to a server is told."""

import os
import socket
import typing

import sqlalchemy as sa

from glance.common import concurrency

# A list of images with properties and tags is one row of JSON to the server,
# which cuts such a value at 1 MiB unless told otherwise.
_GROUP_CONCAT_MAX = 64 * 1024 * 1024
# A host that vanishes says nothing. Without these a statement would wait for
# its answer for hours, and the thread of the registry with it.
_DEAD_AFTER = 25    # seconds
_OPTIONS = [
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 10),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 5),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3),
    (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_AFTER * 1000)]


def prepare(engine: sa.Engine) -> None:
    """Have it said to each connection of an engine."""
    if engine.dialect.name in ('mysql', 'mariadb'):
        sa.event.listen(engine, 'connect', _connect_mysql)
    if engine.driver == 'psycopg2':
        sa.event.listen(engine, 'connect', _read_any_time)
    sa.event.listen(engine, 'connect', _notice_dead_hosts)


def _connect_mysql(connection: typing.Any, record: object) -> None:
    # States are changed by compare-and-set, which wants the rows as they are
    # now, and fewer gap locks mean fewer deadlocks.
    with connection.cursor() as cursor:
        cursor.execute('SET SESSION group_concat_max_len = %d'
                       % _GROUP_CONCAT_MAX)
        cursor.execute('SET SESSION TRANSACTION ISOLATION LEVEL '
                       'READ COMMITTED')
        # A change that intersects two indexes locks all that either of them
        # finds, rows of other images too.
        cursor.execute("SET SESSION optimizer_switch = "
                       "'index_merge_intersection=off'")


def _read_any_time(connection: typing.Any, record: object) -> None:
    """Times that Python has no words for must not hide a whole page."""
    # It is there only where such a database is.
    from psycopg2 import extensions

    def read(text: str, cursor: object) -> typing.Any:
        try:
            return extensions.PYDATETIME(text, cursor)
        except (ValueError, OverflowError):
            return None
    extensions.register_type(extensions.new_type(
        extensions.PYDATETIME.values, 'ANY_TIME', read), connection)


def _notice_dead_hosts(connection: typing.Any, record: object) -> None:
    # pymysql keeps its socket to itself; others tell its number.
    source = getattr(connection, '_sock', connection)
    try:
        number = source.fileno()
    except (AttributeError, OSError):
        return
    # A green socket that is made from a descriptor takes itself for AF_INET,
    # whatever it is; a native one asks.
    with concurrency.native.socket.socket(
            fileno=os.dup(number)) as shared:
        if shared.family in (socket.AF_INET, socket.AF_INET6):
            for option in _OPTIONS:
                shared.setsockopt(*option)
