"""The order of lists, and where a page begins in it."""

from collections.abc import Callable, MutableSequence, Sequence
import functools
import typing

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from glance.db import types

images = schema.images
members = schema.image_members
totals = own_schema.image_usage

_Column: typing.TypeAlias = sa.ColumnElement[typing.Any]
_Condition: typing.TypeAlias = sa.ColumnElement[bool]
# What a key is compared and sorted by.
Columns = Callable[[str], _Column]
# [(key, asc or desc)]
_Sort = Sequence[tuple[str, str]]
# Sort keys that may be null; nulls come first when ascending, on each engine.
# Those of usage are 0 where there is nothing.
_NULLABLE = {'name', 'size', 'disk_format', 'container_format', 'updated_at'}
_SUMS: dict[str, _Column] = {'os_usage_count': totals.c.use_count,
                             'os_last_used_at': totals.c.last_used_ms}


class Asked(typing.Protocol):
    """What a query asks for; see `glance.db.images.image_list.Shape`."""

    sort: tuple[tuple[str, str], ...]
    is_admin: bool
    is_postgresql: bool


def by_sum(key: str) -> _Column:
    """As the index of the sums has it."""
    return totals.c.image_id if key == 'id' else _SUMS[key]


def beside_sum(key: str) -> _Column:
    """Where the sums are an outer join."""
    if key not in _SUMS:
        return images.c[key]
    return sa.func.coalesce(_SUMS[key], 0)


def looked_up(key: str) -> _Column:
    """Where images come from elsewhere than an index in this order."""
    return types.unindexed(beside_sum(key))


def without_sum(key: str) -> _Column:
    """Where there are none."""
    if key not in _SUMS:
        return images.c[key]
    return sa.literal_column('0', _SUMS[key].type)


def order_by(columns: Columns, asked: Asked) -> Sequence[_Column]:
    """ORDER BY, nulls first when ascending, in words an index fits."""
    order = []
    for key, direction in asked.sort:
        column = columns(key)
        # MariaDB takes a number for the place of a column.
        if isinstance(column, sa.sql.elements.ColumnClause) and (
                column.is_literal):
            continue
        order.append(column.desc() if direction == 'desc' else column.asc())
        if key in _NULLABLE and asked.is_postgresql:
            order[-1] = (order[-1].nulls_last() if direction == 'desc'
                         else order[-1].nulls_first())
    return order


def _order(columns: Columns, sort: _Sort) -> Sequence[tuple[_Column, bool]]:
    """[(expression, descending)] to compare by, nulls made explicit."""
    order: MutableSequence[tuple[_Column, bool]] = []
    for key, direction in sort:
        descending = direction == 'desc'
        column = columns(key)
        if key in _NULLABLE:
            order.append((sa.case((column.is_(None), 0), else_=1),
                          descending))
        # What sorts alike is alike here, though it may be written otherwise.
        if isinstance(column.type, types.Exact):
            column = types.by_collation(column)
        order.append((column, descending))
    return order


def after(columns: Columns, marker: sa.FromClause, sort: _Sort
          ) -> _Condition:
    """The keyset condition: sorts behind the marker row."""
    alternatives: MutableSequence[_Condition] = []
    equal: MutableSequence[_Condition] = []
    for (here, descending), (there, _same) in zip(
            _order(columns, sort), _order(_of(marker), sort)):
        beyond = here < there if descending else here > there
        alternatives.append(sa.and_(*equal, beyond))
        equal.append(sa.or_(here == there,
                            sa.and_(here.is_(None), there.is_(None))))
    # Implied, but lets an index on the first key start here.
    return sa.and_(_bound(columns, marker, *sort[0]), sa.or_(*alternatives))


def _bound(columns: Columns, marker: sa.FromClause, key: str, direction: str
           ) -> _Condition:
    here, there = columns(key), _of(marker)(key)
    if isinstance(here.type, types.Exact):
        here, there = map(types.by_collation, (here, there))
    if direction == 'desc':
        bound, is_open = here <= there, here.is_(None)
    else:
        bound, is_open = here >= there, there.is_(None)
    return sa.or_(bound, is_open) if key in _NULLABLE else bound


def _of(marker: sa.FromClause) -> Columns:
    """Values, not columns of a join, in which no index would start."""
    return lambda key: sa.select(marker.c[key]).scalar_subquery()


@functools.lru_cache(maxsize=512)
def marker(asked: Asked) -> sa.CTE:
    """The marker's row, if the caller sees it; one for all of a statement."""
    keys = {key for key, _direction in asked.sort} | {'id'}
    row = images.alias('marker')
    conditions = [row.c.id.in_(sa.bindparam('markers', expanding=True)),
                  types.live(row)]
    if not asked.is_admin:
        project: _Column = sa.bindparam('project_id')
        conditions.append(sa.or_(
            row.c.owner == project, row.c.owner.is_(None),
            row.c.visibility.in_(('public', 'community')),
            row.c.id.in_(sa.select(members.c.image_id).where(
                members.c.member == project,
                types.live(members)))))
    source: sa.FromClause = row
    if keys & set(_SUMS):
        source = row.outerjoin(totals, totals.c.image_id == row.c.id)
    return sa.select(*(
        sa.func.coalesce(_SUMS[key], 0).label(key) if key in _SUMS
        else row.c[key] for key in sorted(keys))).select_from(source).where(
            *conditions).cte('after')
