"""Which errors of a database are no faults of ours, by each engine's codes."""

from collections.abc import Callable, Mapping, Sequence
import typing

from oslo_db import exception as db_exc
from oslo_log import log
import sqlalchemy as sa

from glance.common import exceptions

LOG = log.getLogger(__name__)

OUTDATED = ('The schema of the image database is missing or old; an '
            'administrator has to run "glance-manage db sync".')
READ_ONLY = 'The image database is read-only, try again later.'
REFUSED = ('The image database refuses this service; an administrator has to '
           'look at its account, password and grants.')
FULL = 'The image database has no room or connection left, try again later.'
BUSY = 'The image database is too busy or is stopping, try again later.'

# Numbers of MySQL and MariaDB: no table, column or database.
_MYSQL = {OUTDATED: {1146, 1054, 1049, 1051},
          # user, password, host, grants, encryption, expired, locked
          REFUSED: {1044, 1045, 1130, 1142, 1143, 1227, 1251, 1370, 1698, 1820,
                    1862, 3118, 3159, 4151},
          READ_ONLY: {1290, 1792, 1836, 1874},
          # connections, memory, files, threads, room
          FULL: {1040, 1203, 1226, 1021, 1114, 1026, 1030, 1037, 1038, 1041,
                 1135, 1206, 1461, 1637, 3},
          # locks, deadlocks, stops, limits of time, changed tables, Galera
          # without a quorum, refused by others of a group, ProxySQL without a
          # server
          BUSY: {1205, 1213, 1020, 1053, 1047, 1129, 1158, 1159, 1160, 1161,
                 1180, 1317, 1412, 1615, 1927, 1969, 3024, 3100, 3101, 3168,
                 3169, 9001, 9002}}
# SQLSTATE of PostgreSQL, or how it begins.
_POSTGRESQL = {OUTDATED: ('42P01', '42703', '3D000', '3F000'),
               REFUSED: ('28', '42501'),
               READ_ONLY: ('25006',),
               FULL: ('53',),
               BUSY: ('57', '55P03', '40', '58', '08')}
# What it, or pgBouncer, says before there is a connection has no code.
_POSTGRESQL_TEXTS = {
    FULL: ('too many clients', 'remaining connection slots',
           'too many connections', 'no more connections allowed'),
    BUSY: ('starting up', 'shutting down', 'recovery mode', 'not yet accept',
           'not currently accepting', 'query_wait_timeout',
           'server login has been failing', 'cannot connect to server'),
    REFUSED: ('authentication failed', 'pg_hba.conf', 'no password supplied',
              'permission denied', 'not permitted to log in', 'role "',
              'no such user'),
    OUTDATED: ('database "', 'no such database')}
# Primary result codes of SQLite.
_SQLITE = {READ_ONLY: {8}, FULL: {7, 10, 13, 14}, BUSY: {5, 6, 9, 15}}
_SQLITE_TEXTS = {OUTDATED: ('no such table', 'no such column',
                            'has no column named')}

CAUGHT = (db_exc.DBError, sa.exc.SQLAlchemyError)


def told(error: Exception) -> Exception:
    """:param error: one of CAUGHT
    :returns: what the caller is told: DatabaseUnavailable, or the same error
        when it shows a fault of ours
    """
    message = _message(error)
    if message is None:
        return error
    LOG.warning('%s (%s)', message, _raw(error))
    return exceptions.DatabaseUnavailable(message)


def _message(error: Exception) -> str | None:
    if isinstance(error, db_exc.DBConnectionError):
        return (_by_engine(_raw(error))
                or exceptions.DatabaseUnavailable.default)
    if isinstance(error, sa.exc.TimeoutError):
        return FULL
    if isinstance(error, db_exc.DBDeadlock):
        return BUSY
    return _by_engine(_raw(error))


def _raw(error: Exception) -> Exception:
    """:returns: the error of the driver, as far as it is there"""
    while True:
        inner = (getattr(error, 'inner_exception', None)
                 or getattr(error, 'orig', None))
        if inner is None or inner is error:
            return error
        error = inner


def _by_engine(raw: Exception) -> str | None:
    look = _DRIVERS.get(type(raw).__module__.partition('.')[0])
    return look and look(raw)


def _of_mysql(raw: Exception) -> str | None:
    return _first(_MYSQL, lambda numbers: bool(raw.args)
                  and raw.args[0] in numbers)


def _of_postgresql(raw: typing.Any) -> str | None:
    """Each driver has its own name for the code."""
    code = getattr(raw, 'pgcode', None) or getattr(raw, 'sqlstate', None)
    if code is None:
        return _in_text(_POSTGRESQL_TEXTS, raw)
    return _first(_POSTGRESQL, code.startswith)


def _of_sqlite(raw: Exception) -> str | None:
    # The upper bytes tell more than is asked for.
    code = getattr(raw, 'sqlite_errorcode', 0) & 0xff
    return (_first(_SQLITE, lambda codes: code in codes)
            or _in_text(_SQLITE_TEXTS, raw))


# By the package that the class of an error is in.
_DRIVERS = {'pymysql': _of_mysql, 'MySQLdb': _of_mysql, 'mysql': _of_mysql,
            'psycopg2': _of_postgresql, 'psycopg': _of_postgresql,
            'sqlite3': _of_sqlite}


def _in_text(table: Mapping[str, Sequence[str]],
             raw: Exception) -> str | None:
    return _first(table, lambda texts: any(text in str(raw)
                                           for text in texts))


def _first(table: Mapping[str, typing.Any],
           matches: Callable[[typing.Any], bool]) -> str | None:
    return next((message for message, signs in table.items()
                 if matches(signs)), None)
