"""The query of a page of the uses of an image."""

import re
import typing

from glance.api.queries import filters
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import usage

_UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
# The moments of a marker, as many as the order of the page has.
_MARKERS = {
    is_current: re.compile(r'%s_(%s)_(%s)\Z' % (
        moments, '|'.join(usage.KINDS), _UUID), re.ASCII)
    for is_current, moments in ((True, r'(\d{1,15})'),
                                (False, r'(\d{1,15})_(\d{1,15})'))}


def parse(pairs: filters.Pairs, project_id: str | None) -> usage.Query:
    """:param pairs: of the query string; of one key the last one counts
    :param project_id: whose uses are shown; None for everybody's
    :raises BadRequest:
    """
    found = dict(pairs)
    is_current = _is_current(found.get('current', 'true'))
    return {'project_id': project_id, 'is_current': is_current,
            'marker': _marker(found.get('marker'), is_current),
            'limit': _limit(found.get('limit'))}


def _is_current(text: str) -> bool:
    if text.lower() not in ('true', 'false'):
        raise exceptions.BadRequest('current must be true or false.')
    return text.lower() == 'true'


def _limit(text: str | None) -> int:
    if text is None:
        return min(CONF.limit_param_default, CONF.api_limit_max)
    if not re.match(r'[0-9]{1,9}\Z', text, re.ASCII):
        raise exceptions.BadRequest('limit must be a number, at least 0.')
    return min(int(text), CONF.api_limit_max)


def _marker(text: str | None, is_current: bool) -> list[typing.Any] | None:
    if text is None:
        return None
    match = _MARKERS[is_current].match(text)
    if match is None:
        raise exceptions.InvalidMarker(
            'The marker is none of a page of such uses')
    *moments, kind, consumer = match.groups()
    return [*map(int, moments), kind, consumer]
