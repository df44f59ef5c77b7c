"""Connections to the metadata database, and the transactions on them.

`with engine.writer() as conn:` is one transaction, committed at the end of
the block and rolled back on any exception; `reader()` the same for reading.
The engine is oslo.db's, made from the [database] options on first use.
"""

import contextlib
import functools
import sys
import threading

from oslo_config import cfg
from oslo_db import api as oslo_db_api
from oslo_db.sqlalchemy import enginefacade
import sqlalchemy as sa

from glance.conf import CONF
from glance.conf import database

_DRIVERS = {'mysql': 'mysql+pymysql', 'mariadb': 'mariadb+pymysql',
            'postgresql': 'postgresql+psycopg2'}
# A list of images with properties and tags is one row of JSON to the server,
# which cuts such a value at 1 MiB unless told otherwise.
_GROUP_CONCAT_MAX = 64 * 1024 * 1024

database.register_opts(CONF)
_lock = threading.Lock()
_facade = None


@contextlib.contextmanager
def reader():
    """A Core connection in a transaction that only reads."""
    manager = _manager()
    if CONF.database.synchronous_reader:
        found = manager.writer.get_engine()
    else:
        found = manager.reader.get_engine()
    with found.begin() as connection:
        yield connection


@contextlib.contextmanager
def writer():
    """A Core connection in a transaction that may write.

    SQLite takes its write lock at once: a transaction that reads first and
    then writes would fail when another one wrote in between.
    """
    with get_engine().connect() as connection:
        if connection.dialect.name == 'sqlite':
            # The mark keeps oslo.db from sending a plain BEGIN before ours.
            connection.info['in_transaction'] = True
            connection.exec_driver_sql('BEGIN IMMEDIATE')
        yield connection
        connection.commit()


def retry_on_conflict(function):
    """Run a function again when its whole transaction was rolled back.

    For functions that open their transaction themselves; deadlocks, lost
    Galera certifications and lost connections make them run again, up to
    [database] db_max_retries times, after pauses from 20 ms to a second.
    """
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        limit = CONF.database.db_max_retries
        retry = oslo_db_api.wrap_db_retry(
            max_retries=sys.maxsize if limit < 0 else limit,
            retry_interval=0.02, max_retry_interval=1,
            retry_on_deadlock=True, retry_on_disconnect=True)
        return retry(function)(*args, **kwargs)
    return wrapper


def get_engine():
    """The SQLAlchemy engine that writes."""
    return _manager().writer.get_engine()


def dialect_name():
    """'sqlite', 'mysql' (MariaDB also) or 'postgresql'."""
    name = sa.make_url(database_url(CONF.database.connection)).get_dialect()
    return 'mysql' if name.name == 'mariadb' else name.name


def configure():
    """Read the [database] options anew; connections follow on first use."""
    global _facade
    dispose()
    connection = database_url(CONF.database.connection)
    replica = CONF.database.slave_connection
    manager = enginefacade.transaction_context()
    manager.configure(
        connection=connection, sqlite_fk=True,
        slave_connection=database_url(replica) if replica else None)
    manager.append_on_engine_create(_prepare)
    _facade = manager
    return manager


def dispose():
    """Close every connection, for instance after a fork."""
    global _facade
    manager, _facade = _facade, None
    if manager is not None:
        manager.dispose_pool()


def database_url(text):
    """The URL to connect with, as text: driver and character set filled in.

    Existing files write `mysql://`, or `charset=utf8`, which MySQL takes for
    three-byte characters: text beyond them would come back as '?'.
    """
    if not text:
        raise cfg.RequiredOptError('connection', cfg.OptGroup('database'))
    url = sa.make_url(text)
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() in ('mysql', 'mariadb'):
        charset = url.query.get('charset', 'utf8')
        if charset in ('utf8', 'utf8mb3'):
            url = url.update_query_dict({'charset': 'utf8mb4'})
    return url.render_as_string(hide_password=False)


def _manager():
    if _facade is None:
        with _lock:
            if _facade is None:
                return configure()
    return _facade


def _prepare(engine):
    """Session settings of each new connection."""
    # oslo.db has opened one already, to see whether the server answers.
    engine.dispose()
    if engine.dialect.name == 'sqlite':
        sa.event.listen(engine, 'connect', _connect_sqlite)
    elif engine.dialect.name in ('mysql', 'mariadb'):
        sa.event.listen(engine, 'connect', _connect_mysql)


def _connect_sqlite(connection, record):
    connection.execute('PRAGMA busy_timeout = 30000')
    connection.execute('PRAGMA journal_mode = WAL')
    if CONF.database.sqlite_synchronous:
        connection.execute('PRAGMA synchronous = NORMAL')


def _connect_mysql(connection, record):
    # States are changed by compare-and-set, which wants the rows as they are
    # now, and fewer gap locks mean fewer deadlocks.
    with connection.cursor() as cursor:
        cursor.execute('SET SESSION group_concat_max_len = %d'
                       % _GROUP_CONCAT_MAX)
        cursor.execute('SET SESSION TRANSACTION ISOLATION LEVEL '
                       'READ COMMITTED')
