"""Rows that stand for something, and are locked by changing them.

An update rather than a locking read: Galera tells other nodes of writes only.
"""

from collections.abc import Mapping
import typing

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite


def take(conn: sa.Connection, table: sa.Table, key: Mapping[str, str],
         counter: str, **others: typing.Any) -> None:
    """Until the transaction ends; the row is made when there is none.

    :param key: the primary key of the row
    :param counter: a column that nobody reads, which counts the takers
    :param others: values of further columns of a new row
    """
    taken = table.update().where(
        *(table.c[name] == value for name, value in key.items())).values(
            {counter: table.c[counter] + 1})
    if not conn.execute(taken).rowcount:
        conn.execute(_insert(conn.dialect.name, table),
                     {**key, counter: 0, **others})
        conn.execute(taken)


def _insert(dialect: str, table: sa.Table) -> sa.Insert:
    """Two that find no row at once both find it afterwards."""
    if dialect in ('mysql', 'mariadb'):
        return mysql.insert(table).prefix_with('IGNORE')
    make = postgresql if dialect == 'postgresql' else sqlite
    return make.insert(table).on_conflict_do_nothing()
