"""What of the query for a list decides the text of its statement, and its
values.
"""

import datetime
import typing

from glance.db.images import image_rows
from glance.db.images import list_filters
from glance.objects import attributes
from glance.objects import ids
from glance.objects import image as image_types

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


def of_ids(query: image_types.Query) -> image_types.Query:
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


def values(query: image_types.Query,
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
