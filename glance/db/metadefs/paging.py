"""Pages of named rows, in any order.

Rows are numbered in the wanted order, so that columns with nulls sort the
same way on every engine and a page begins right after its marker.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from glance.common import exceptions
from glance.db import types
from glance.objects import metadef


def page(conn: sa.Connection, table: sa.Table, name: str,
         conditions: Sequence[sa.ColumnElement[bool]],
         query: metadef.NamespaceQuery | metadef.Query,
         fitting: Callable[[sa.FromClause], sa.Subquery] | None = None
         ) -> Sequence[types.Row]:
    """The rows of one page.

    :param name: name of the column that markers are from
    :param fitting: what is left of the page if not all of it is wanted, in
        the order of `position`
    :raises NotFound: the marker is no row of the list
    """
    rows = _numbered(table, conditions, query['sort'], 'numbered')
    statement = sa.select(rows).order_by(rows.c.position)
    marker = query['marker']
    if marker is not None:
        _check(conn, table, name, conditions, marker)
        before = _numbered(table, conditions, query['sort'], 'before')
        statement = statement.where(rows.c.position > sa.select(
            before.c.position).where(before.c[name] == marker)
            .scalar_subquery())
    if query['limit'] is not None:
        statement = statement.limit(query['limit'])
    if fitting is not None:
        found = fitting(statement.subquery('page'))
        statement = sa.select(found).order_by(found.c.position)
    return conn.execute(statement).all()


def _numbered(table: sa.Table, conditions: Sequence[sa.ColumnElement[bool]],
              sort: metadef.Order, alias: str) -> sa.Subquery:
    column, direction = sort
    order = [getattr(table.c[key], direction)() for key in (column, 'id')]
    position = sa.func.row_number().over(order_by=order)
    return sa.select(table, position.label('position')).where(
        *conditions).subquery(alias)


def _check(conn: sa.Connection, table: sa.Table, name: str,
           conditions: Sequence[sa.ColumnElement[bool]],
           marker: str) -> None:
    if conn.execute(sa.select(table.c[name]).where(
            table.c[name] == marker, *conditions)).first() is None:
        raise exceptions.NotFound('The marker %s is not in this list.'
                                  % marker)
