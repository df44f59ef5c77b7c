"""Filters of lists: by columns of images, and by rows of other tables.

Of the latter each has two forms. Where few images have a property, they are
looked up and sorted; where many have it, the images are walked in the order of
the list, and each is looked at, until the page is full. The numbers by which
engines would choose are of all properties, not of this one, and they know
nothing of the order. So the statement counts first, up to a bound.
"""

from collections.abc import Callable, Iterable, Sequence
import typing

import sqlalchemy as sa

from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.db.usage import unused
from glance.objects import attributes
from glance.objects import states

images = schema.images
totals = own_schema.image_usage

# Up to so many images are looked up and sorted. A walk passes as many times
# this number of images as the catalogue is larger than it is times 25.
FEW = 1000

_Column: typing.TypeAlias = sa.ColumnElement[typing.Any]
_Condition: typing.TypeAlias = sa.ColumnElement[bool]
_Ids: typing.TypeAlias = sa.Select[tuple[str]]
_OPERATORS: dict[str, Callable[[_Column, typing.Any], _Condition]] = {
    'eq': lambda column, value: column == value,
    'neq': lambda column, value: column != value,
    'gt': lambda column, value: column > value,
    'gte': lambda column, value: column >= value,
    'lt': lambda column, value: column < value,
    'lte': lambda column, value: column <= value,
    'in': lambda column, value: column.in_(value),
}


class Child(typing.NamedTuple):
    """A filter by rows of another table.

    :ivar ids: queries for the ids of images that have such a row, deleted ones
        perhaps among them
    :ivar holds: whether the image at hand has one
    :ivar joined: the same, where sums are joined with images
    :ivar number: how many images it finds, up to a bound
    """

    ids: Sequence[_Ids]
    holds: _Condition
    joined: _Condition
    number: _Column

    @classmethod
    def of(cls, holds: _Condition, *ids: _Ids,
           joined: _Condition | None = None) -> typing.Self:
        return cls(ids, holds, holds if joined is None else joined, count(ids))


class Asked(typing.Protocol):
    """What a query filters by; see `glance.db.images.image_list.Shape`."""

    filters: tuple[tuple[str, str], ...]
    properties: int
    tags: int
    is_postgresql: bool


def columns(asked: Asked) -> list[_Condition]:
    """What each image of the list is, by its own columns."""
    # What former releases have killed is nobody's to use, by any filter.
    found = [types.live(images), images.c.status != states.KILLED,
             types.unindexed(images.c.os_hidden)
             == sa.bindparam('os_hidden')]
    for number, (name, operator) in enumerate(asked.filters):
        if name not in attributes.USAGE:
            found.append(_compared(_exact(name), images.c[name].type, operator,
                                   number))
    return found


def children(asked: Asked) -> list[Child]:
    return [*(_of_usage(name, operator, number) for number, (name, operator)
              in enumerate(asked.filters) if name in attributes.USAGE),
            *(_of_property(number, asked.is_postgresql)
              for number in range(asked.properties)),
            *map(_of_tag, range(asked.tags))]


def has_row(table: sa.FromClause, *conditions: _Condition) -> _Condition:
    """Whether the image at hand has such a row there.

    A number, since EXISTS and IN are turned into joins, which begin where the
    engine likes.
    """
    return sa.select(sa.func.count()).select_from(table).where(
        table.c.image_id == images.c.id, *conditions
    ).scalar_subquery().correlate(images) > 0


def count(queries: Iterable[_Ids]) -> _Column:
    """How many rows queries have, up to one more than few of each.

    PostgreSQL and SQLite count once, however often it is named.
    """
    found: _Column = sum((sa.select(sa.func.count()).select_from(
        query.limit(_bound('more')).subquery()).scalar_subquery()
        for query in queries), sa.literal_column('0'))
    counted = sa.select(found.label('found')).cte()
    return sa.select(counted.c.found).scalar_subquery()


def is_few(found: _Column) -> _Condition:
    return found <= _bound('few')


def is_more(found: _Column) -> _Condition:
    return found > _bound('few')


def rare(found: Sequence[Child]) -> sa.Subquery:
    """The images that one of the filters finds, if there are few of them."""
    some = []
    for one in found:
        for query in one.ids:
            rows = query.limit(_bound('more')).subquery()
            some.append(sa.select(rows.c.image_id).where(is_few(one.number)))
    return sa.union(*some).subquery('rare') if len(some) > 1 else (
        some[0].distinct().subquery('rare'))


def _bound(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.Integer)


def _compared(column: _Column, kind: sa.types.TypeEngine[typing.Any],
              operator: str, number: int) -> _Condition:
    return _OPERATORS[operator](column, sa.bindparam(
        'filter_%d' % number, type_=kind, expanding=operator == 'in'))


def _exact(name: str) -> _Column:
    column = images.c[name]
    return sa.type_coerce(column, types.Exact) if name == 'id' else column


def _of_usage(name: str, operator: str, number: int) -> Child:
    column = (totals.c.use_count if name == 'os_usage_count'
              else totals.c.last_used_ms)

    def holds(value: _Column) -> _Condition:
        return _compared(value, column.type, operator, number)
    known = [holds(column), totals.c.image_id != '']
    if name == 'os_last_used_at':
        # What was never used was not used before any moment either.
        known.append(column > 0)
        return Child.of(has_row(totals, *known), _ids(totals, known),
                        joined=sa.and_(*known))
    unknown = sa.select(images.c.id.label('image_id')).where(
        unused.are_unknown(), holds(sa.literal_column('0', sa.Integer)))
    return Child.of(holds(sa.func.coalesce(unused.of_image(column), 0)),
                    _ids(totals, known), unknown, joined=sa.and_(*known))


def _ids(table: sa.FromClause, conditions: Sequence[_Condition]) -> _Ids:
    return sa.select(table.c.image_id).where(*conditions)


def _of_property(number: int, is_postgresql: bool) -> Child:
    table = schema.image_properties
    value: _Column = sa.bindparam('property_value_%d' % number)
    conditions = [table.c.name == sa.bindparam('property_name_%d' % number),
                  table.c.value == value, types.live(table)]
    indexed = []
    if is_postgresql:
        # The index there holds the first hundred characters (values may be
        # longer than an index entry can be), and is used only if named so.
        indexed.append(
            sa.func.substr(table.c.value, 1, sa.literal_column('100'))
            == sa.func.substr(value, 1, sa.literal_column('100')))
    return Child.of(has_row(table, *conditions),
                    _ids(table, conditions + indexed))


def _of_tag(number: int) -> Child:
    table = schema.image_tags
    conditions = [table.c.value == sa.bindparam('tag_%d' % number),
                  types.live(table)]
    return Child.of(has_row(table, *conditions), _ids(table, conditions))
