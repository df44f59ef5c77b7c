"""Lists of images: filters, visibility, order and pages, in one statement.

The statement depends on the shape of the query only (which filters, which
order, marker or not), so it is built once for each shape and the values are
bound. What a project may see is a union of a few index walks, each already
in order and cut at the limit: one long walk over everybody's images would
pass most of a big table for a project that sees little of it. Where a walk
might pass many images for each that it finds, the statement has another way
beside it, and counts first (`glance.db.images.list_filters`).
"""

from collections.abc import Iterable, Iterator, Sequence
import datetime
import functools
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.images import image_rows
from glance.db.images import list_filters
from glance.db.images import list_order
from glance.db import own_schema
from glance.db import page_bytes
from glance.db import schema
from glance.db import types
from glance.db.usage import unused
from glance.objects import attributes
from glance.objects import ids
from glance.objects import image as image_types

images = schema.images
members = schema.image_members
totals = own_schema.image_usage

_Condition: typing.TypeAlias = sa.ColumnElement[bool]
_Page: typing.TypeAlias = sa.Select[typing.Any]
# An index has all images in the order of these, or those of an owner and of a
# visibility.
_WALKED = ('created_at', 'name', 'id')


class Shape:
    """Equal for queries of one statement.

    :ivar usage: sort keys and filters that are of the use of images
    :ivar follows_usage: whether the sums are in the order of the list
    :ivar is_walked: whether some index is
    :ivar counts_once: whether a count that is named often is made once
    """

    def __init__(self, query: image_types.Query, is_admin: bool,
                 engine: str) -> None:
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
        keys = [key for key, _direction in self.sort]
        self.usage = tuple(key for key in keys if key in attributes.USAGE)
        directions = {direction for _key, direction in self.sort}
        self.follows_usage = (len(directions) == 1 and keys[1:] == ['id']
                              and keys[0] in attributes.USAGE)
        self.is_walked = self.follows_usage or keys[0] in _WALKED
        self.shows_usage = image_rows.has_usage()
        self.is_postgresql = engine == 'postgresql'
        self.counts_once = engine in ('postgresql', 'sqlite')

    def _key(self) -> tuple[typing.Any, ...]:
        return tuple(self.__dict__.values())

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self._key() == other._key()


def _membership(status: str) -> Sequence[_Condition]:
    """Rows of the caller, with this member status."""
    named = ([members.c.status == sa.bindparam('member_status')]
             if status != 'all' else [])
    return [members.c.member == sa.bindparam('project_id'),
            types.live(members), *named]


def _shared_ids(shape: Shape) -> sa.Select[tuple[str]]:
    return sa.select(members.c.image_id).where(
        *_membership(shape.member_status))


def _scopes(shape: Shape, of_member: _Condition) -> Sequence[_Condition]:
    """Conditions whose union is what the caller sees in this list.

    :param of_member: the image is shared with the caller
    """
    own = images.c.owner == sa.bindparam('project_id')
    wanted = shape.visibility
    named = ([images.c.visibility == wanted]
             if wanted not in (None, 'all') else [])
    if shape.is_admin:
        if wanted is not None:
            return [sa.and_(sa.true(), *named)]
        return [sa.or_(images.c.visibility != 'community', own)]
    if wanted in ('public', 'community'):
        return named
    scopes = [sa.and_(own, *named), sa.and_(images.c.owner.is_(None), *named)]
    if wanted in (None, 'all'):
        scopes.append(images.c.visibility == 'public')
    if wanted == 'all':
        scopes.append(images.c.visibility == 'community')
    if wanted in (None, 'all', 'shared'):
        scopes.append(sa.and_(
            types.unindexed(images.c.visibility) == 'shared', of_member))
    return scopes


def _each_scope(shape: Shape) -> Sequence[_Condition]:
    """To walk one after the other."""
    return _scopes(shape, images.c.id.in_(_shared_ids(shape)))


def _any_scope(shape: Shape) -> _Condition:
    """To look at an image from elsewhere."""
    return sa.or_(*_scopes(shape, list_filters.has_row(
        members, *_membership(shape.member_status))))


def _count_seen(shape: Shape) -> sa.ColumnElement[int]:
    """How many images a project sees, up to a bound."""
    # To count memberships is enough, all of which are counted as well where
    # none is asked for.
    scopes = _scopes(shape, sa.false())
    return list_filters.count([_shared_ids(shape), *(
        sa.select(images.c.id).where(scope) for scope in scopes)])


class _Source(typing.NamedTuple):
    """Where a page takes its images from.

    :ivar rows: images, perhaps joined with others
    :ivar columns: what the order compares there
    """

    rows: sa.FromClause
    columns: list_order.Columns


def _images(shape: Shape, rows: sa.FromClause = images) -> _Source:
    if shape.usage:
        rows = rows.outerjoin(totals, totals.c.image_id == images.c.id)
    return _Source(rows, list_order.beside_sum)


def _page(shape: Shape, source: _Source, *conditions: _Condition) -> _Page:
    """The rows of a page, without their children."""
    columns, rows = source.columns, source.rows
    query = sa.select(*(images.c[name] for name in attributes.COLUMNS),
                      *(columns(name).label(name) for name in shape.usage))
    if shape.has_marker:
        marker = list_order.marker(shape)
        query = query.where(list_order.after(columns, marker, shape.sort))
    return _cut(query.select_from(rows).where(
        *conditions, *list_filters.columns(shape)), columns, shape)


def _cut(query: _Page, columns: list_order.Columns, shape: Shape) -> _Page:
    return query.order_by(*list_order.order_by(columns, shape)).limit(
        sa.bindparam('limit', type_=sa.Integer))


def _pages(shape: Shape) -> Iterator[_Page]:
    """What is united to the page; all is there before one is read."""
    children = list_filters.children(shape)
    if not children:
        yield from _walks(shape)
    elif not shape.is_walked:
        yield from _scope_pages(shape, *(
            sa.or_(*map(images.c.id.in_, one.ids)) for one in children))
    else:
        yield _rare_page(shape, children)
        yield _if(shape, _walks(shape, children), *(
            list_filters.is_more(one.number) for one in children))


def _rare_page(shape: Shape, children: Sequence[list_filters.Child]) -> _Page:
    rare = list_filters.rare(children)
    source = _images(shape, rare.join(images,
                                      images.c.id == rare.c.image_id))
    return _page(shape, source._replace(columns=list_order.looked_up),
                 _any_scope(shape), *(one.holds for one in children))


def _walks(shape: Shape, children: Sequence[list_filters.Child] = ()
           ) -> Iterator[_Page]:
    holds = [one.holds for one in children]
    if not shape.follows_usage:
        yield from _scope_pages(shape, *holds)
    elif shape.is_admin:
        yield from _sum_pages(shape, children)
    else:
        seen = _count_seen(shape)
        yield _if(shape, _sum_pages(shape, children),
                  list_filters.is_more(seen))
        yield _if(shape, _scope_pages(shape, *holds),
                  list_filters.is_few(seen))


def _scope_pages(shape: Shape, *conditions: _Condition) -> Iterator[_Page]:
    for scope in _each_scope(shape):
        yield _page(shape, _images(shape), scope, *conditions)


def _sum_pages(shape: Shape, children: Sequence[list_filters.Child]
               ) -> Iterator[_Page]:
    """In the order of the sums, and the images that have none yet."""
    scope = _any_scope(shape)
    rows = totals.join(images, images.c.id == totals.c.image_id)
    yield _page(shape, _Source(rows, list_order.by_sum), scope,
                *(one.joined for one in children))
    yield _page(shape, _Source(images, list_order.without_sum), scope,
                unused.are_unknown(), *(one.holds for one in children))


def _if(shape: Shape, pages: Iterable[_Page], *conditions: _Condition
        ) -> _Page:
    """Pages as one; of no cost where the conditions do not hold.

    MariaDB looks at conditions before it makes what they are on, and would
    count for each page; SQLite makes it first.
    """
    if shape.counts_once:
        return sa.select(_united(page.where(*conditions) for page in pages))
    return sa.select(_united(pages)).where(*conditions)


def _united(pages: Iterable[_Page]) -> sa.Subquery:
    first, *others = pages
    if not others:
        return first.subquery()
    # SQLite takes an ordered, limited SELECT in a union only as a sub-query.
    return sa.union(*(sa.select(page.subquery())
                      for page in (first, *others))).subquery()


@functools.lru_cache(maxsize=512)
def _statement(shape: Shape) -> _Page:
    pages = [*_pages(shape)]
    if len(pages) > 1:
        visible = _united(pages)
        page = _cut(sa.select(visible), visible.c.__getitem__,
                    shape).subquery('page')
    else:
        page = pages[0].subquery('page')
    cut = []
    if shape.is_bounded:
        page = page_bytes.fitting(
            page, sum(image_rows.sizes(page), page_bytes.size()),
            lambda source: list_order.order_by(source.c.__getitem__, shape),
            sa.bindparam('max_bytes', type_=sa.BigInteger))
        cut = [page.c.found]
    member = (sa.select(sa.func.min(members.c.member))
              .where(members.c.image_id == page.c.id,
                     members.c.member == sa.bindparam('project_id'),
                     types.live(members))
              .scalar_subquery().correlate(page).label('member'))
    return sa.select(
        *image_rows.whole(page, shape.shows_usage), member, *cut).order_by(
            *list_order.order_by(page.c.__getitem__, shape))


def _of_ids(query: image_types.Query) -> image_types.Query:
    """The query with all forms of the ids that it filters by."""
    return {**query, 'filters': [_of_id(*one) for one in query['filters']]}


def _of_id(column: str, operator: str,
           value: typing.Any) -> image_types.Filter:
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
    """:returns: what is bound in the statement"""
    found = {'project_id': project_id, 'limit': query['limit'],
             'os_hidden': query['os_hidden'],
             'max_bytes': query.get('max_bytes'),
             'markers': ids.forms(query['marker'] or ''),
             'member_status': query['member_status'],
             'few': list_filters.FEW, 'more': list_filters.FEW + 1}
    for number, (column, _op, value) in enumerate(query['filters']):
        found['filter_%d' % number] = _value(column, value)
    for number, (name, value) in enumerate(query['properties'].items()):
        found['property_name_%d' % number] = name
        found['property_value_%d' % number] = value
    for number, tag in enumerate(query['tags']):
        found['tag_%d' % number] = tag
    return found


def list(conn: sa.Connection, query: image_types.Query,
         project_id: str | None, is_admin: bool) -> image_types.Page:
    """One page of the images that a caller may see.

    :raises InvalidMarker: the marker is no image that the caller sees
    """
    query = _of_ids(query)
    shape = Shape(query, is_admin, conn.dialect.name)
    rows = conn.execute(_statement(shape),
                        _values(query, project_id)).all()
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
