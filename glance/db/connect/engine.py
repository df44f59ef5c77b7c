"""Connections to the metadata database, and the transactions on them.

`with engine.writer() as conn:` is one transaction, committed at the end of
the block and rolled back on any exception; within `reader()` each statement
may see a moment of its own.
The engine is made from the [database] options on first use.
"""

from collections.abc import Callable, Iterator
import contextlib
import functools
import sys
import threading
import typing

from oslo_db import api as oslo_db_api
from oslo_db.sqlalchemy import enginefacade
from osprofiler import sqlalchemy as osprofiler_sqlalchemy
import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import database
from glance.conf import errors
from glance.db.connect import error_codes
from glance.db.connect import mariadb
from glance.db.connect import session_settings
from glance.db.connect import sqlite
from glance.db.connect import url_options

_DRIVERS = {'mysql': 'mysql+pymysql', 'mariadb': 'mariadb+pymysql',
            'postgresql': 'postgresql+psycopg2'}

database.register_opts(CONF)
_lock = threading.Lock()
_Call = typing.TypeVar('_Call', bound=Callable[..., typing.Any])


class _Engines(typing.NamedTuple):
    writer: sa.Engine
    reader: sa.Engine


_engines: _Engines | None = None


@contextlib.contextmanager
def reader(newest: bool = False) -> Iterator[sa.Connection]:
    """A Core connection that only reads.

    :param newest: never from a replica, which may lag behind
    """
    engines = _started()
    replica = not (newest or CONF.database.synchronous_reader)
    with (engines.reader if replica else engines.writer).connect() as found:
        found.execution_options(**{mariadb.ALONE: True})
        yield found


@contextlib.contextmanager
def writer() -> Iterator[sa.Connection]:
    """A Core connection in a transaction that may write.

    SQLite takes its write lock at once: a transaction that reads first and
    then writes would fail when another one wrote in between.
    """
    with get_engine().connect() as connection:
        connection.execution_options(**{sqlite.BEGIN: 'BEGIN IMMEDIATE'})
        with connection.begin():
            yield connection


def retry_on_conflict(function: _Call) -> _Call:
    """Run a function again when its whole transaction was rolled back.

    For functions that open their transaction themselves. Deadlocks and lost
    Galera certifications make them run again, up to [database]
    db_max_retries times, after pauses from 20 ms to a second. A lost
    connection makes them run again twice at once: the server may be back
    while the pool does not know yet.

    :raises DatabaseUnavailable: the server cannot be reached or refuses for
        reasons of its own; its message says which
    """
    @functools.wraps(function)
    def wrapper(*args: typing.Any, **kwargs: typing.Any) -> typing.Any:
        limit = CONF.database.db_max_retries
        on_deadlock = oslo_db_api.wrap_db_retry(
            max_retries=sys.maxsize if limit < 0 else limit,
            retry_interval=0.02, max_retry_interval=1,
            retry_on_deadlock=True)
        on_disconnect = oslo_db_api.wrap_db_retry(
            max_retries=2, retry_interval=0.02, retry_on_disconnect=True)
        try:
            return on_disconnect(on_deadlock(function))(*args, **kwargs)
        except error_codes.CAUGHT as error:
            answer = error_codes.told(error)
            if not isinstance(answer, exceptions.DatabaseUnavailable):
                raise
            if answer.message == error_codes.READ_ONLY:
                # After a failover new connections reach the new primary.
                dispose()
            raise answer from error
    return typing.cast(_Call, wrapper)


def get_engine() -> sa.Engine:
    """The SQLAlchemy engine that writes."""
    return _started().writer


def dialect_name() -> str:
    """'sqlite', 'mysql' (MariaDB also) or 'postgresql'; needs no server.

    :raises ConfigurationError: no connection is set, or there is none that
        could work, because of the URL or the driver
    """
    replica = CONF.database.slave_connection
    if replica:
        _dialect_name(database_url(replica))
    return _dialect_name(database_url(CONF.database.connection))


@functools.cache
def _dialect_name(text: str) -> str:
    url = sa.make_url(text)
    try:
        url.get_dialect().import_dbapi()
    except (sa.exc.NoSuchModuleError, ImportError):
        hint = ('; pip install glance[postgresql] installs it'
                if url.get_backend_name() == 'postgresql' else '')
        raise errors.ConfigurationError(
            '[database] connection needs the driver %s, which is not '
            'installed%s' % (url.drivername, hint)) from None
    url_options.check(url)
    return url.get_backend_name().replace('mariadb', 'mysql')


def configure() -> _Engines:
    """Read the [database] options anew; connections follow on first use."""
    global _engines
    dispose()
    with _lock:
        _engines = _start()
        return _engines


def dispose() -> None:
    """Close every connection, for instance before a fork."""
    global _engines
    engines, _engines = _engines, None
    for engine in engines or ():
        engine.dispose()


def database_url(text: str | None) -> str:
    """The URL to connect with, as text: driver and character set filled in.

    Existing files write `mysql://`, or `charset=utf8`, which MySQL takes for
    three-byte characters: text beyond them would come back as '?'.
    """
    if not text:
        raise errors.ConfigurationError('[database] connection is not set')
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        # Its own text holds the URL, and the password in it.
        raise errors.ConfigurationError(
            '[database] connection is no URL of a database') from None
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_backend_name() in ('mysql', 'mariadb'):
        charset = url.query.get('charset', 'utf8')
        if charset in ('utf8', 'utf8mb3'):
            url = url.update_query_dict({'charset': 'utf8mb4'})
    return url.render_as_string(hide_password=False)


def _started() -> _Engines:
    global _engines
    if _engines is None:
        with _lock:
            if _engines is None:
                _engines = _start()
    return _engines


def _start() -> _Engines:
    engines = _create()
    if CONF.profiler.enabled and CONF.profiler.trace_sqlalchemy:
        for engine in set(engines):
            osprofiler_sqlalchemy.add_tracing(sa, engine, 'db')
    return engines


def _create() -> _Engines:
    url = database_url(CONF.database.connection)
    if url.startswith('sqlite'):
        engine = sqlite.create_engine(url, CONF.database)
        return _Engines(engine, engine)
    replica = CONF.database.slave_connection
    manager = enginefacade.transaction_context()
    manager.configure(
        connection=url,
        slave_connection=database_url(replica) if replica else None)
    manager.append_on_engine_create(_prepare)
    return _Engines(manager.writer.get_engine(), manager.reader.get_engine())


def _prepare(engine: sa.Engine) -> None:
    # oslo.db has opened one already, to see whether the server answers.
    engine.dispose()
    mariadb.prepare(engine)
    session_settings.prepare(engine)
