"""Query strings of metadata definitions, within bounds.

Keys that are not known are ignored.
"""

from collections.abc import Sequence
import re
import typing

from glance.api.queries import filters
from glance.api import request
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import metadef

_MAX_NAMES = 100
_BIGGEST = 2 ** 31 - 1
_TIMES = ('created_at', 'updated_at')
_NAMESPACE_KEYS = ('id', 'namespace', 'display_name', 'description',
                   'visibility', 'protected', 'owner') + _TIMES
_TAG_KEYS = ('id', 'namespace_id', 'name') + _TIMES
_OBJECT_KEYS = _TAG_KEYS + ('description', 'required', 'json_schema')

_Query = dict[str, str]
_Default = typing.TypeVar('_Default', int, None)


def namespaces(pairs: filters.Pairs) -> metadef.NamespaceQuery:
    """:param pairs: what `filters.pairs` returned
    :returns: query of the registry's list of namespaces
    :raises BadRequest: a value that is not understood
    """
    query = dict(pairs)
    names = [name for name in query.get('resource_types', '').split(',')
             if name]
    if len(names) > _MAX_NAMES:
        raise exceptions.BadRequest('More than %d resource types.'
                                    % _MAX_NAMES)
    limit = _limit(query, CONF.limit_param_default, lowest=0)
    return {'visibility': _one_of(query, 'visibility', 'public', 'private'),
            'resource_types': names,
            'sort': _sort(query, _NAMESPACE_KEYS),
            'marker': query.get('marker'),
            'limit': min(limit, CONF.api_limit_max),
            'max_bytes': filters.PAGE_BYTES}


def namespace(req: request.Request) -> str | None:
    """:returns: the resource type to show a namespace for, or None"""
    query = dict(filters.pairs(req.query_string))
    _one_of(query, 'visibility', 'public', 'private')
    return query.get('resource_type')


def objects(req: request.Request) -> None:
    """Look at what has no effect on a list of objects.

    :raises BadRequest:
    """
    query = dict(filters.pairs(req.query_string))
    _limit(query, None, lowest=1)
    _sort(query, _OBJECT_KEYS)
    _one_of(query, 'visibility', 'public', 'private', 'shared')


def tags(req: request.Request) -> metadef.Query:
    """:returns: query of the registry's list of tags
    :raises BadRequest:
    """
    query = dict(filters.pairs(req.query_string))
    _one_of(query, 'visibility', 'public', 'private', 'shared')
    return {'sort': _sort(query, _TAG_KEYS), 'marker': query.get('marker'),
            'limit': _limit(query, None, lowest=0)}


def _limit(query: _Query, default: _Default, lowest: int) -> int | _Default:
    text = query.get('limit')
    if text is None:
        return default
    if not re.match(r'[0-9]{1,10}\Z', text, re.ASCII):
        raise exceptions.BadRequest('limit must be an integer.')
    number = int(text)
    if not lowest <= number <= _BIGGEST:
        raise exceptions.BadRequest('limit must be from %d to %d.'
                                    % (lowest, _BIGGEST))
    return number


def _sort(query: _Query, keys: Sequence[str]) -> metadef.Order:
    key = query.get('sort_key', 'created_at')
    if key not in keys:
        raise exceptions.BadRequest('Unknown sort key; known are: %s.'
                                    % ', '.join(keys))
    return [key, _one_of(query, 'sort_dir', 'asc', 'desc') or 'desc']


def _one_of(query: _Query, key: str, *allowed: str) -> str | None:
    value = query.get(key)
    if value is not None and value not in allowed:
        raise exceptions.BadRequest('%s must be one of: %s.'
                                    % (key, ', '.join(allowed)))
    return value
