"""SQLite connections: kept open, in WAL mode, beginning as they are told.

oslo.db opens the file anew for each transaction, which costs six times as
much as a small transaction itself; hence an engine of our own here. Errors
are oslo.db's all the same. Beside an eventlet hub one native thread does all
of it, since SQLite's waiting would stop every greenlet.
"""

import functools
import os
import sqlite3

from oslo_config import cfg
from oslo_db.sqlalchemy import exc_filters
import sqlalchemy as sa
from sqlalchemy import pool

BEGIN = 'sqlite_begin'
_BUSY_MS = 30000


def create_engine(url: str, options: cfg.ConfigOpts.GroupAttr) -> sa.Engine:
    """A SQLAlchemy engine for a file.

    :param url: sqlite:///PATH
    :param options: the [database] options
    """
    engine = sa.create_engine(
        url, poolclass=sa.QueuePool, pool_size=options.max_pool_size,
        max_overflow=options.max_overflow)
    sa.event.listen(engine, 'connect', _prepare)
    if not options.sqlite_synchronous:
        sa.event.listen(engine, 'connect', _without_sync)
    sa.event.listen(engine, 'checkout', _check_process)
    sa.event.listen(engine, 'begin', _begin)
    exc_filters.register_engine(engine)
    return engine


def _prepare(connection: sqlite3.Connection,
             record: pool.ConnectionPoolEntry) -> None:
    # Transactions begin in `_begin` only, and hold schema changes too.
    connection.isolation_level = None
    # Bytes that are no text must not hide all that is beside them.
    connection.text_factory = functools.partial(str, encoding='utf-8',
                                                errors='replace')
    record.info['process'] = os.getpid()
    for pragma in ('busy_timeout = %d' % _BUSY_MS, 'journal_mode = WAL',
                   'synchronous = NORMAL', 'foreign_keys = ON'):
        connection.execute('PRAGMA ' + pragma)


def _without_sync(connection: sqlite3.Connection, record: object) -> None:
    connection.execute('PRAGMA synchronous = OFF')


def _check_process(connection: object, record: pool.ConnectionPoolEntry,
                   proxy: object) -> None:
    """The locks of a file do not survive a fork."""
    if record.info['process'] != os.getpid():
        raise sa.exc.DisconnectionError('opened by another process')


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        connection.get_execution_options().get(BEGIN, 'BEGIN'))
