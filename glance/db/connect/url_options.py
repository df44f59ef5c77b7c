"""Whether a driver can use what the URL of a database says behind its "?".

A driver finds out when it connects, and tells it by errors that are not those
of a database: every request would fail.
"""

from collections.abc import Callable
import inspect
import typing

import sqlalchemy as sa

from glance.conf import errors


def check(url: sa.URL) -> None:
    """It needs no server.

    :param url: of a database whose driver is installed
    :raises ConfigurationError: the driver cannot use an option, or its value
    """
    kind: typing.Any = url.get_dialect()
    module = kind.import_dbapi()
    dialect = kind(dbapi=module)
    try:
        args, kwargs = dialect.create_connect_args(url)
        _KNOWN.get(dialect.driver, _anything)(*args, **kwargs)
    except (LookupError, TypeError, ValueError, module.Error):
        # The error may show a value, which may be a secret.
        raise errors.ConfigurationError(
            '[database] connection: one of these is no option of the driver '
            '%s, or has a value that it cannot use: %s'
            % (dialect.driver, ', '.join(sorted(url.query)))) from None


def _pymysql(*args: object, **kwargs: typing.Any) -> None:
    from pymysql import charset
    from pymysql import connections
    inspect.signature(connections.Connection).bind(*args, **kwargs)
    if charset.charset_by_name(kwargs.get('charset', 'utf8mb4')) is None:
        raise ValueError('This character set is unknown.')


def _psycopg2(*args: object, **kwargs: object) -> None:
    from psycopg2 import extensions
    extensions.make_dsn(*args, **kwargs)


def _anything(*args: object, **kwargs: object) -> None:
    """Of the driver of SQLite, whose options SQLAlchemy looks at."""


_KNOWN: dict[str, Callable[..., None]] = {
    'pymysql': _pymysql, 'psycopg2': _psycopg2}
