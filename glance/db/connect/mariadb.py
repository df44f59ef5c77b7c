"""MariaDB connections that tell the server nothing that it knows.

They commit by themselves: a read is one message, for with READ COMMITTED each
statement sees its own moment in a transaction, too. Whoever changes something
begins a transaction in words.
"""

import time
import typing

from pymysql import connections
from pymysql.constants import SERVER_STATUS
import sqlalchemy as sa

# Execution option of a connection on which each statement stands alone.
ALONE = 'mariadb_alone'
# For so long after it was used a connection is taken for alive, in seconds.
# Where it is not, the first statement finds out, and the caller tries again.
_TRUSTED = 1


class Connection(connections.Connection):
    """What SQLAlchemy does before and after each use, where it is of use."""

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        self._used = time.monotonic()
        super().__init__(*args, **dict(kwargs, autocommit=True))

    def rollback(self) -> None:
        """Each use ends with it; the server says whether it is in one."""
        self._used = time.monotonic()
        if (not self.get_autocommit() or self.server_status
                & SERVER_STATUS.SERVER_STATUS_IN_TRANS):
            super().rollback()

    def ping(self, reconnect: bool = False) -> None:
        """Each use begins with it."""
        if time.monotonic() - self._used > _TRUSTED:
            super().ping(reconnect)


def prepare(engine: sa.Engine) -> None:
    """Have an engine use them, if its driver is the usual one."""
    if engine.driver == 'pymysql':
        sa.event.listen(engine, 'do_connect', _connect)
        sa.event.listen(engine, 'begin', _begin)


def _connect(dialect: object, record: object, args: typing.Any,
             kwargs: typing.Any) -> Connection:
    return Connection(*args, **kwargs)


def _begin(connection: sa.Connection) -> None:
    if not connection.get_execution_options().get(ALONE):
        connection.exec_driver_sql('BEGIN')
