"""What clients see of who uses an image."""

import urllib.parse

from glance.api.queries import filters
from glance.api import views
from glance.objects import usage


def list_(image_id: str, page: usage.Page, pairs: filters.Pairs,
          query: usage.Query) -> views.View:
    """A page of uses, and how many go on that are not the caller's to see.

    :param pairs: of the query string, for the links
    """
    rest = [pair for pair in pairs if pair[0] != 'marker']
    view: views.View = {
        'uses': list(page['uses']), 'use_count': page['total'],
        'others_count': 0 if query['project_id'] is None
        else page['total'] - page['of_project'],
        'first': _link(image_id, rest)}
    if page['marker'] and len(page['uses']) >= query['limit']:
        marker = '_'.join(map(str, page['marker']))
        view['next'] = _link(image_id, rest + [('marker', marker)])
    return view


def _link(image_id: str, pairs: list[tuple[str, str]]) -> str:
    query = urllib.parse.urlencode(pairs)
    return '/v2/images/%s/usage%s' % (image_id, query and '?' + query)
