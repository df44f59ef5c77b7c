"""Lists of images: filters, visibility, order and pages, in one statement.

The statement depends on the shape of the query only (which filters, which
order, marker or not), so it is built once for each shape and the values are
bound. What a project may see is a union of a few index walks, each already
in order and cut at the limit: one long walk over everybody's images would
pass most of a big table for a project that sees little of it. Where lists are
sorted or filtered by the use of images, there are such walks for images that
have a row of image_usage, in the order of that table, and for those without.
"""

from collections.abc import Callable, Iterable, MutableSequence, Sequence
import datetime
import functools
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db import own_schema
from glance.db import page_bytes
from glance.db import schema
from glance.db import types
from glance.objects import attributes
from glance.objects import ids
from glance.objects import image as image_types
from glance.objects import states

images = schema.images
members = schema.image_members
totals = own_schema.image_usage

_Column: typing.TypeAlias = sa.ColumnElement[typing.Any]
_Condition: typing.TypeAlias = sa.ColumnElement[bool]
# [(key, asc or desc)]
_Sort = Sequence[tuple[str, str]]
_OPERATORS: dict[str, Callable[[_Column, typing.Any], _Condition]] = {
    'eq': lambda column, value: column == value,
    'neq': lambda column, value: column != value,
    'gt': lambda column, value: column > value,
    'gte': lambda column, value: column >= value,
    'lt': lambda column, value: column < value,
    'lte': lambda column, value: column <= value,
    'in': lambda column, value: column.in_(value),
}
# Sort keys that may be null; nulls come first when ascending, on each engine.
_NULLABLE = {'name', 'size', 'disk_format', 'container_format', 'updated_at',
             'os_last_used_at'}
_USAGE: dict[str, _Column] = {'os_usage_count': totals.c.use_count,
                              'os_last_used_at': totals.c.last_used_ms}
_UNUSED: dict[str, _Column] = {
    'os_usage_count': sa.literal_column('0', sa.Integer),
    'os_last_used_at': sa.cast(sa.null(), sa.BigInteger)}


class Shape:
    """What of a query decides the text of its statement."""

    def __init__(self, query: image_types.Query, is_admin: bool,
                 is_postgresql: bool) -> None:
        self.filters = tuple((column, operator)
                             for column, operator, _value in query['filters'])
        self.properties = len(query['properties'])
        self.tags = len(query['tags'])
        self.visibility = query['visibility']
        self.member_status = ('all' if query['member_status'] == 'all'
                              else 'one')
        self.sort = tuple((key, direction) for key, direction
                          in query['sort'])
        self.has_marker = query['marker'] is not None
        self.is_bounded = bool(query.get('max_bytes'))
        self.is_admin = is_admin
        names = [*(key for key, _direction in self.sort),
                 *(column for column, _operator in self.filters)]
        # Those of them that are of the use of images.
        self.usage = tuple(sorted(set(names) & set(_USAGE)))
        self.shows_usage = image_rows.has_usage()
        self.is_postgresql = is_postgresql

    def _key(self) -> tuple[typing.Any, ...]:
        return tuple(self.__dict__.values())

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self._key() == other._key()


def _member_of(status: str) -> _Condition:
    """The image is shared with the caller, with this member status."""
    conditions = [members.c.member == sa.bindparam('project_id'),
                  types.live(members)]
    if status != 'all':
        conditions.append(members.c.status == sa.bindparam('member_status'))
    return sa.and_(
        types.unindexed(images.c.visibility) == 'shared',
        images.c.id.in_(sa.select(members.c.image_id).where(*conditions)))


def _scopes(shape: Shape) -> Sequence[_Condition]:
    """Conditions whose union is what the caller sees in this list."""
    own = images.c.owner == sa.bindparam('project_id')
    wanted = shape.visibility
    named = ([images.c.visibility == wanted]
             if wanted not in (None, 'all') else [])
    if shape.is_admin:
        if wanted is not None:
            return [sa.and_(sa.true(), *named)]
        return [sa.or_(images.c.visibility != 'community', own)]
    scopes = [sa.and_(own, *named), sa.and_(images.c.owner.is_(None), *named)]
    if wanted in (None, 'all', 'public'):
        scopes.append(images.c.visibility == 'public')
    if wanted in ('all', 'community'):
        scopes.append(images.c.visibility == 'community')
    if wanted in (None, 'all', 'shared'):
        scopes.append(_member_of(shape.member_status))
    return scopes


def _property_matches(number: int, is_postgresql: bool) -> _Condition:
    properties = schema.image_properties
    value: _Column = sa.bindparam('property_value_%d' % number)
    conditions = [
        properties.c.name == sa.bindparam('property_name_%d' % number),
        properties.c.value == value,
        types.live(properties)]
    if is_postgresql:
        # The index there holds the first hundred characters (values may be
        # longer than an index entry can be), and is used only if named so.
        conditions.append(
            sa.func.substr(properties.c.value, 1, sa.literal_column('100'))
            == sa.func.substr(value, 1, sa.literal_column('100')))
    return images.c.id.in_(
        sa.select(properties.c.image_id).where(*conditions))


def _tag_matches(number: int) -> _Condition:
    tags = schema.image_tags
    return images.c.id.in_(sa.select(tags.c.image_id).where(
        tags.c.value == sa.bindparam('tag_%d' % number),
        types.live(tags)))


def _exact(name: str) -> _Column:
    column = images.c[name]
    return sa.type_coerce(column, types.Exact) if name == 'id' else column


def _column(name: str, is_used: bool) -> _Column:
    if name not in _USAGE:
        return images.c[name]
    return _USAGE[name] if is_used else _UNUSED[name]


def _conditions(shape: Shape, is_used: bool) -> Sequence[_Condition]:
    # What former releases have killed is nobody's to use, by any filter.
    found = [types.live(images), images.c.status != states.KILLED,
             types.unindexed(images.c.os_hidden)
             == sa.bindparam('os_hidden')]
    for number, (column, operator) in enumerate(shape.filters):
        compared = (_column(column, is_used) if column in _USAGE
                    else _exact(column))
        found.append(_OPERATORS[operator](compared, sa.bindparam(
            'filter_%d' % number, type_=compared.type if column in _USAGE
            else images.c[column].type, expanding=operator == 'in')))
    found += [_property_matches(number, shape.is_postgresql)
              for number in range(shape.properties)]
    found += [_tag_matches(number) for number in range(shape.tags)]
    return found


def _order(columns: Callable[[str], _Column],
           sort: _Sort) -> Sequence[tuple[_Column, bool]]:
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


def _order_by(columns: Callable[[str], _Column], shape: Shape,
              left_out: Sequence[str] = ()) -> Sequence[_Column]:
    """ORDER BY, nulls first when ascending, in words an index fits.

    :param left_out: keys that are the same for all
    """
    order = []
    for key, direction in shape.sort:
        if key in left_out:
            continue
        column = columns(key)
        order.append(column.desc() if direction == 'desc' else column.asc())
        # Not where there are none: an index has them on the other side.
        if key in _NULLABLE and shape.is_postgresql and (
                column is not _USAGE.get(key)):
            order[-1] = (order[-1].nulls_last() if direction == 'desc'
                         else order[-1].nulls_first())
    return order


def _after(marker: sa.FromClause, sort: _Sort, is_used: bool
           ) -> _Condition:
    """The keyset condition: sorts behind the marker row."""
    alternatives: MutableSequence[_Condition] = []
    equal: MutableSequence[_Condition] = []
    for (here, descending), (there, _same) in zip(
            _order(functools.partial(_column, is_used=is_used), sort),
            _order(marker.c.__getitem__, sort)):
        beyond = here < there if descending else here > there
        alternatives.append(sa.and_(*equal, beyond))
        equal.append(sa.or_(here == there,
                            sa.and_(here.is_(None), there.is_(None))))
    first_key = sort[0][0]
    condition = sa.or_(*alternatives)
    if first_key in _NULLABLE:
        return condition
    # Implied by the above, but lets an index on the first key start here.
    here, there = _column(first_key, is_used), marker.c[first_key]
    bound = here <= there if sort[0][1] == 'desc' else here >= there
    return sa.and_(bound, condition)


def _marker(shape: Shape) -> sa.Subquery:
    """The marker's row as a sub-query of one row, if the caller sees it."""
    keys = {key for key, _direction in shape.sort} | {'id'}
    marker = images.alias('marker')
    conditions = [marker.c.id.in_(sa.bindparam('markers', expanding=True)),
                  types.live(marker)]
    if not shape.is_admin:
        project: _Column = sa.bindparam('project_id')
        conditions.append(sa.or_(
            marker.c.owner == project, marker.c.owner.is_(None),
            marker.c.visibility.in_(('public', 'community')),
            marker.c.id.in_(sa.select(members.c.image_id).where(
                members.c.member == project,
                types.live(members)))))
    found = sa.select(*(_of_marker(marker, key) for key in sorted(keys)))
    return found.where(*conditions).subquery('after')


def _of_marker(marker: sa.FromClause, key: str) -> _Column:
    if key not in _USAGE:
        return marker.c[key]
    value: _Column = sa.select(_USAGE[key]).where(
        totals.c.image_id == marker.c.id).scalar_subquery().correlate(marker)
    if key == 'os_usage_count':
        value = sa.func.coalesce(value, 0)
    return value.label(key)


def _page(shape: Shape, scope: _Condition, is_used: bool
          ) -> sa.Select[typing.Any]:
    """The rows of one scope's page, without their children.

    :param is_used: those of which a use is known, or the others; of no effect
        when it is not asked for
    """
    query = sa.select(*(images.c[name] for name in attributes.COLUMNS),
                      *(_column(name, is_used).label(name)
                        for name in shape.usage))
    source: sa.FromClause = images
    if shape.usage and is_used:
        source = images.join(totals, totals.c.image_id == images.c.id)
    elif shape.usage:
        query = query.where(~sa.exists().where(
            totals.c.image_id == images.c.id))
    if shape.has_marker:
        marker = _marker(shape)
        source = source.join(marker, sa.true())
        query = query.where(_after(marker, shape.sort, is_used))
    query = query.select_from(source)
    return _cut(query.where(scope, *_conditions(shape, is_used)),
                functools.partial(_column, is_used=is_used), shape,
                () if is_used else shape.usage)


def _cut(query: sa.Select[typing.Any], columns: Callable[[str], _Column],
         shape: Shape, left_out: Sequence[str] = ()
         ) -> sa.Select[typing.Any]:
    return query.order_by(*_order_by(columns, shape, left_out)).limit(
        sa.bindparam('limit', type_=sa.Integer))


def _pages(shape: Shape, scope: _Condition
           ) -> Iterable[sa.Select[typing.Any]]:
    """The walks of one scope."""
    used = _page(shape, scope, True)
    yield used
    if not shape.usage:
        return
    unused = _page(shape, scope, False)
    if shape.sort[0] == ('os_last_used_at', 'desc'):
        # Where all images are used, this walk passes them all for nothing.
        count = sa.select(sa.func.count()).select_from(
            used.subquery()).scalar_subquery()
        unused = unused.where(
            count < sa.bindparam('limit', type_=sa.Integer))
    yield unused


@functools.lru_cache(maxsize=512)
def _statement(shape: Shape) -> sa.Select[typing.Any]:
    pages = [page for scope in _scopes(shape)
             for page in _pages(shape, scope)]
    if len(pages) > 1:
        # SQLite takes an ordered, limited SELECT in a union only as a
        # sub-query.
        visible = sa.union(*(sa.select(page.subquery()) for page in pages)
                           ).subquery('visible')
        page = _cut(sa.select(visible), visible.c.__getitem__,
                    shape).subquery('page')
    else:
        page = pages[0].subquery('page')
    cut = []
    if shape.is_bounded:
        page = page_bytes.fitting(
            page, sum(image_rows.sizes(page), page_bytes.size()),
            lambda source: _order_by(source.c.__getitem__, shape),
            sa.bindparam('max_bytes', type_=sa.BigInteger))
        cut = [page.c.found]
    member = (sa.select(sa.func.min(members.c.member))
              .where(members.c.image_id == page.c.id,
                     members.c.member == sa.bindparam('project_id'),
                     types.live(members))
              .scalar_subquery().correlate(page).label('member'))
    return sa.select(
        *image_rows.whole(page, shape.shows_usage), member, *cut).order_by(
            *_order_by(page.c.__getitem__, shape))


def _of_id(column: str, operator: str,
           value: typing.Any) -> image_types.Filter:
    """A filter, where it is by id with all forms of it."""
    if column != 'id' or operator not in ('eq', 'in'):
        return [column, operator, value]
    wanted = [value] if operator == 'eq' else value
    return [column, 'in', [form for one in wanted for form in ids.forms(one)]]


def _value(column: str, value: typing.Any) -> typing.Any:
    if column in ('created_at', 'updated_at'):
        return datetime.datetime.fromisoformat(value)
    if column == 'os_last_used_at':
        moment = datetime.datetime.fromisoformat(value)
        return int(moment.replace(
            tzinfo=datetime.timezone.utc).timestamp()) * 1000
    return value


def _values(query: image_types.Query,
            project_id: str | None) -> dict[str, typing.Any]:
    values = {'project_id': project_id, 'limit': query['limit'],
              'os_hidden': query['os_hidden'],
              'max_bytes': query.get('max_bytes'),
              'markers': ids.forms(query['marker'] or ''),
              'member_status': query['member_status']}
    for number, (column, _op, value) in enumerate(query['filters']):
        values['filter_%d' % number] = _value(column, value)
    for number, (name, value) in enumerate(query['properties'].items()):
        values['property_name_%d' % number] = name
        values['property_value_%d' % number] = value
    for number, tag in enumerate(query['tags']):
        values['tag_%d' % number] = tag
    return values


def list(conn: sa.Connection, query: image_types.Query,
         project_id: str | None, is_admin: bool) -> image_types.Page:
    """One page of the images that a caller may see.

    :raises InvalidMarker: the marker is no image that the caller sees
    """
    query = {**query, 'filters': [_of_id(*one) for one in query['filters']]}
    shape = Shape(query, is_admin, conn.dialect.name == 'postgresql')
    rows = conn.execute(_statement(shape), _values(query, project_id)).all()
    if not rows and query['marker'] is not None:
        _check_marker(conn, query['marker'], project_id, is_admin)
    return {'images': [{**image_rows.to_image(row), 'member': row.member}
                       for row in rows],
            'is_cut': shape.is_bounded and page_bytes.is_cut(rows)}


def _check_marker(conn: sa.Connection, marker: str, project_id: str | None,
                  is_admin: bool) -> None:
    # Only an empty page leaves the question open, so that the usual page
    # costs one statement.
    image = ids.find(image_rows.get_many(conn, [marker], [project_id]), marker)
    if image is None or not image_rows.is_visible(image, project_id,
                                                  is_admin):
        raise exceptions.InvalidMarker(
            'Marker %s is not an image that you can see' % marker)
