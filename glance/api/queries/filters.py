"""The query of an image list: filters, order and page, within bounds.

The result is the registry's `query` (see `glance.registry.rpcapi`) and the
pairs of the query string, which the links of the answer repeat.
"""

from collections.abc import Callable, Sequence
import re
import typing
import urllib.parse

from oslo_utils import timeutils

from glance.api.checks import access
from glance.api.queries import sorting
from glance.api.queries import usage_fields
from glance.api.schemas import texts
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import attributes
from glance.objects import image as image_types
from glance.objects import states

# Each property or tag costs a sub-query in the database.
MAX_KEYS = 200
MAX_SUBQUERIES = 50
MAX_VALUES = 500
_BIGGEST = 2 ** 63 - 1
# A page of large images is shorter: it passes through the memory of several
# processes, and through one message.
PAGE_BYTES = 4 << 20

_NUMBERS = attributes.filtered_as(attributes.NUMBER)
_REFUSED = frozenset(['changes-since', 'properties', 'locations', 'members'])
_PAGING = frozenset(['limit', 'marker', 'sort', 'sort_key', 'sort_dir'])
_VISIBILITIES = ('public', 'private', 'shared', 'community', 'all')
_MEMBER_STATUSES = (states.MEMBER_ACCEPTED, states.MEMBER_PENDING,
                    states.MEMBER_REJECTED, 'all')

_OPERATOR = re.compile(r'([a-z]+):(.*)\Z', re.DOTALL)
_DATE_OPERATOR = re.compile(r'(eq|neq|gt|gte|lt|lte):(.*)\Z')
_ITEM = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*))\s*(,|\Z)', re.DOTALL)

# Of a query string, decoded.
Pairs = Sequence[tuple[str, str]]
# Operator and value.
_Wanted = tuple[str, typing.Any]


def pairs(query_string: str) -> list[tuple[str, str]]:
    """The decoded (key, value) pairs of a query string.

    :raises BadRequest: too many, not UTF-8, or text that cannot be stored
    """
    try:
        found = urllib.parse.parse_qsl(
            query_string, keep_blank_values=True, errors='strict',
            max_num_fields=MAX_KEYS)
    except UnicodeDecodeError:
        raise exceptions.BadRequest('The query string is not UTF-8.')
    except ValueError:
        raise exceptions.BadRequest(
            'The query string has more than %d keys.' % MAX_KEYS)
    for key, value in found:
        texts.check(key, 'The query string')
        texts.check(value, 'The query string')
    return found


def parse(found: Pairs) -> image_types.Query:
    """Build the registry's query.

    :param found: what `pairs` returned
    :raises BadRequest: for each key or value that is not understood
    """
    query: image_types.Query = {
        'filters': [], 'properties': {}, 'visibility': None,
        'member_status': states.MEMBER_ACCEPTED, 'os_hidden': False,
        'tags': [value for key, value in found if key == 'tag'],
        'sort': sorting.parse(found), 'marker': None,
        'limit': _limit(None), 'max_bytes': PAGE_BYTES}
    for key, value in dict(found).items():
        _add(query, key, value)
    if len(query['tags']) + len(query['properties']) > MAX_SUBQUERIES:
        raise exceptions.BadRequest(
            'More than %d tags and properties to filter by.' % MAX_SUBQUERIES)
    return query


def _add(query: image_types.Query, key: str, value: str) -> None:
    if key in _SPECIAL:
        typing.cast(dict[str, object], query)[key] = _SPECIAL[key](value)
    elif key in _PAGING or key == 'tag':
        return
    elif key in _REFUSED:
        raise exceptions.BadRequest('Images cannot be filtered by %s.' % key)
    elif key.endswith(('_min', '_max')):
        query['filters'].append(_bound(key, value))
    elif key in _COLUMNS and usage_fields.is_known(key):
        query['filters'].append([key, *_COLUMNS[key](key, value)])
    elif not 0 < len(key) <= 255:
        raise exceptions.BadRequest('A property name has 1 to 255 characters.')
    else:
        query['properties'][key] = value


def _limit(value: str | None) -> int:
    if value is None:
        return min(CONF.limit_param_default, CONF.api_limit_max)
    return min(_integer('limit', value, lowest=0), CONF.api_limit_max)


def _marker(value: str) -> str:
    if not access.is_image_id(value):
        raise exceptions.InvalidMarker()
    return value


def _one_of(key: str, allowed: Sequence[str]) -> Callable[[str], str]:
    def convert(value: str) -> str:
        if value not in allowed:
            raise exceptions.BadRequest(
                '%s must be one of: %s.' % (key, ', '.join(allowed)))
        return value
    return convert


def _boolean(key: str, value: str) -> bool:
    if value.lower() not in ('true', 'false'):
        raise exceptions.BadRequest('%s must be true or false.' % key)
    return value.lower() == 'true'


def _integer(key: str, value: str, lowest: int = -_BIGGEST) -> int:
    if not re.match(r'[+-]?[0-9]{1,19}\Z', value, re.ASCII):
        raise exceptions.BadRequest('%s must be an integer.' % key)
    number = int(value)
    if not lowest <= number <= _BIGGEST:
        raise exceptions.BadRequest('%s is out of range.' % key)
    return number


def _bound(key: str, value: str) -> image_types.Filter:
    column, suffix = key[:-4], key[-4:]
    if column not in _NUMBERS or not usage_fields.is_known(column):
        raise exceptions.BadRequest(
            'Images cannot be filtered by %s.' % key[:64])
    operator = 'gte' if suffix == '_min' else 'lte'
    return [column, operator, _integer(key, value)]


def _text(key: str, value: str) -> _Wanted:
    return 'eq', value


def _flag(key: str, value: str) -> _Wanted:
    return 'eq', _boolean(key, value)


def _number(key: str, value: str) -> _Wanted:
    return 'eq', _integer(key, value)


def _date(key: str, value: str) -> _Wanted:
    operated = _DATE_OPERATOR.match(value)
    operator, text = operated.groups() if operated else ('eq', value)
    try:
        moment = timeutils.normalize_time(timeutils.parse_isotime(text))
    except (ValueError, OverflowError):
        raise exceptions.BadRequest(
            '%s takes an ISO 8601 time, with eq:, neq:, gt:, gte:, lt: or '
            'lte: before it if wanted.' % key)
    return operator, moment.isoformat(timespec='seconds')


def _list(key: str, value: str) -> _Wanted:
    operated = _OPERATOR.match(value)
    if not operated:
        return 'eq', value
    operator, rest = operated.groups()
    if operator == 'eq':
        return 'eq', rest
    if operator == 'in':
        return 'in', _items(key, rest)
    raise exceptions.BadRequest(
        'Images cannot be filtered by %s with the operator %s; write '
        'in:"..." around a value with a colon.' % (key, operator[:16]))


def _items(key: str, text: str) -> list[str]:
    """Split a comma list; quotes protect commas, a backslash any character."""
    values: list[str] = []
    position, more = 0, True
    while more:
        item = _ITEM.match(text, position)
        if not item or len(values) == MAX_VALUES:
            raise exceptions.BadRequest(
                '%s: the list after in: is not understood.' % key)
        quoted, plain, separator = item.groups()
        values.append(plain.strip() if quoted is None
                      else re.sub(r'\\(.)', r'\1', quoted, flags=re.DOTALL))
        position, more = item.end(), separator == ','
    return values


_SPECIAL: dict[str, Callable[[str], object]] = {
    'limit': _limit,
    'marker': _marker,
    'visibility': _one_of('visibility', _VISIBILITIES),
    'member_status': _one_of('member_status', _MEMBER_STATUSES),
    'os_hidden': lambda value: _boolean('os_hidden', value),
}
_KINDS = {attributes.TEXT: _text, attributes.LIST: _list,
          attributes.NUMBER: _number, attributes.DATE: _date,
          attributes.FLAG: _flag}
_COLUMNS = {one.name: _KINDS[one.filter] for one in attributes.TABLE
            if one.filter}
