"""The query of a task list: filters, order and page."""

import re

from glance.api.queries import filters
from glance.api.schemas import task as schema
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import states
from glance.objects import task as task_objects

_FILTERS = ('id', 'type', 'status', 'owner', 'image_id', 'request_id',
            'user_id')
_SORT_KEYS = _FILTERS + ('created_at', 'updated_at', 'expires_at')
_CHOICES = {'status': states.TASKS, 'type': schema.TYPES,
            'sort_key': _SORT_KEYS, 'sort_dir': ('asc', 'desc')}
_UUID = re.compile(r'[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z')
_BIGGEST = 2 ** 63 - 1


def parse(pairs: filters.Pairs) -> task_objects.Query:
    """:param pairs: of the query string; of one key the last one counts
    :returns: the registry's query
    :raises BadRequest:
    """
    found = dict(pairs)
    for key, choices in _CHOICES.items():
        if key in found and found[key] not in choices:
            raise exceptions.BadRequest('%s must be one of: %s.'
                                        % (key, ', '.join(choices)))
    return {'filters': {key: found[key] for key in _FILTERS if key in found},
            'sort_key': found.get('sort_key', 'created_at'),
            'sort_dir': found.get('sort_dir', 'desc'),
            'marker': _marker(found.get('marker')),
            'limit': _limit(found.get('limit'))}


def _marker(text: str | None) -> str | None:
    if text is not None and not _UUID.match(text):
        raise exceptions.InvalidMarker()
    return text


def _limit(text: str | None) -> int:
    if text is None:
        return min(CONF.limit_param_default, CONF.api_limit_max)
    if not re.match(r'\+?[0-9]{1,19}\Z', text, re.ASCII) or (
            int(text) > _BIGGEST):
        raise exceptions.BadRequest('limit must be a number, at least 0.')
    return min(int(text), CONF.api_limit_max)
