"""The part of a page whose texts fit into so many bytes.

A page has a limit of rows, but one row may weigh as much as a thousand others.
What fits is found by the statement that fetches it.
"""

from collections.abc import Callable, Sequence
import typing

import sqlalchemy as sa

from glance.db import types

# Where a list has no pages of its own, or its caller names no bound.
MOST = 4 << 20
# Bytes of all the short columns of a row, about.
ROW = 500

# Source -> what to order by.
Order = Callable[[sa.FromClause], Sequence[sa.ColumnElement[typing.Any]]]


def size(*columns: sa.ColumnElement[typing.Any],
         beside: int = ROW) -> sa.ColumnElement[int]:
    """:returns: bytes of these texts, and of what is beside them"""
    return sum((sa.func.coalesce(types.octets(column), 0)
                for column in columns), sa.literal_column(str(beside)))


def fitting(page: sa.FromClause, size: sa.ColumnElement[int], order: Order,
            most: sa.ColumnElement[int] | int) -> sa.Subquery:
    """The first rows of a page, as many as fit, one at least.

    :param page: sub-query with all rows of the page
    :param size: bytes of a row of it
    :param most: bytes; an expression
    :returns: sub-query with the columns of the page, and with `found`, how
        many rows there were
    """
    sized = sa.select(page, size.label('bytes')).subquery('sized')
    summed = sa.select(
        sized, sa.func.sum(sized.c.bytes).over(
            order_by=order(sized), rows=(None, 0)).label('total'),
        sa.func.count().over().label('found')).subquery('summed')
    return sa.select(summed).where(sa.or_(
        summed.c.total <= most,
        summed.c.total == summed.c.bytes)).subquery('fitting')


def is_cut(rows: Sequence[types.Row]) -> bool:
    """:returns: whether rows of `fitting` are not all that there were"""
    return bool(rows) and len(rows) < rows[0].found
