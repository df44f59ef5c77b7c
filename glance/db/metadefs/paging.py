"""Pages of named rows, in any order.

Rows are numbered in the wanted order, so that columns with nulls sort the
same way on every engine and a page begins right after its marker.
"""

import sqlalchemy as sa

from glance.common import exceptions
from glance.db import page_bytes


def page(conn, table, name, conditions, query, size=None):
    """The rows of one page.

    :param size: row -> its bytes, where the query has `max_bytes`: the rows
        are those that fit, with `found`, how many there would have been
    :param name: name of the column that markers are from
    :param query: {"sort": [column, "asc" or "desc"], "marker": name or null,
                  "limit": number, or null for all}
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
    if size is not None:
        whole = statement.subquery('page')
        fitting = page_bytes.fitting(
            whole, size(whole), lambda source: [source.c.position],
            query['max_bytes'])
        statement = sa.select(fitting).order_by(fitting.c.position)
    return conn.execute(statement).all()


def _numbered(table, conditions, sort, alias):
    column, direction = sort
    order = [getattr(table.c[key], direction)() for key in (column, 'id')]
    position = sa.func.row_number().over(order_by=order)
    return sa.select(table, position.label('position')).where(
        *conditions).subquery(alias)


def _check(conn, table, name, conditions, marker):
    if conn.execute(sa.select(table.c[name]).where(
            table.c[name] == marker, *conditions)).first() is None:
        raise exceptions.NotFound('The marker %s is not in this list.'
                                  % marker)
