"""One process at a time changes the schema."""

from collections.abc import Iterator
import contextlib
import hashlib
import typing

from oslo_log import log as logging
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.connect import sqlite
from glance.db.migrations.upgrade import errors

LOG = logging.getLogger(__name__)

WAIT_SECONDS = 600
_KEY = 'glance schema'


@contextlib.contextmanager
def exclusive() -> Iterator[sa.Connection]:
    """A Core connection in a transaction nobody else upgrades beside.

    Everything within takes effect together, except on MySQL and MariaDB,
    where each schema change is final at once.
    """
    source = engine.get_engine()
    with source.connect() as connection:
        with _LOCKS[source.dialect.name](connection):
            with connection.begin():
                yield connection


@contextlib.contextmanager
def _sqlite(connection: sa.Connection) -> Iterator[None]:
    driver: typing.Any = connection.connection.driver_connection
    for pragma in ('busy_timeout = %d' % (WAIT_SECONDS * 1000),
                   # Tables are rebuilt by dropping them; nothing may follow
                   # their references meanwhile.
                   'foreign_keys = OFF'):
        driver.execute('PRAGMA ' + pragma)
    connection.execution_options(**{sqlite.BEGIN: 'BEGIN IMMEDIATE'})
    try:
        yield
    finally:
        # With these settings it must not be used for anything else.
        connection.invalidate()


@contextlib.contextmanager
def _mysql(connection: sa.Connection) -> Iterator[None]:
    # Each schema change ends the transaction: what follows is one again.
    driver: typing.Any = connection.connection.driver_connection
    driver.autocommit(False)
    try:
        with _named(connection):
            yield
    finally:
        # Others want theirs to commit by itself.
        connection.invalidate()


@contextlib.contextmanager
def _named(connection: sa.Connection) -> Iterator[None]:
    # MD5 because the name of a lock has at most 64 characters.
    name = 'glance_schema_%s' % hashlib.md5(
        str(connection.engine.url.database).encode(),
        usedforsecurity=False).hexdigest()
    try:
        got = connection.scalar(sa.select(
            sa.func.get_lock(name, WAIT_SECONDS)))
    except sa.exc.DBAPIError as error:
        # Some clusters refuse such locks.
        LOG.warning('This server gives no locks: make sure that no other '
                    'glance-manage runs. (%s)', error.orig)
        connection.rollback()
        yield
        return
    if got != 1:
        raise errors.UpgradeError('Another upgrade is running.')
    with _released(connection, sa.func.release_lock(name)):
        yield


@contextlib.contextmanager
def _postgresql(connection: sa.Connection) -> Iterator[None]:
    key = sa.func.hashtext(_KEY)
    connection.execute(sa.select(sa.func.pg_advisory_lock(key)))
    with _released(connection, sa.func.pg_advisory_unlock(key)):
        yield


@contextlib.contextmanager
def _released(connection: sa.Connection,
              release: sa.ColumnElement[typing.Any]) -> Iterator[None]:
    """The lock is the connection's, whatever becomes of its transactions."""
    connection.commit()
    try:
        yield
    finally:
        connection.execute(sa.select(release))
        connection.commit()


_LOCKS = {'sqlite': _sqlite, 'mysql': _mysql, 'mariadb': _mysql,
          'postgresql': _postgresql}
