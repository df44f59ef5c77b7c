"""The order of an image list, in both ways to ask for it.

`sort=key[:dir],...` or repeated `sort_key` and `sort_dir`. The order returned
is complete: it ends with created_at and id, so that pages neither repeat nor
miss an image; with id alone where the first key is of the use of images.
"""

from collections.abc import Iterable, Sequence

from glance.common import exceptions
from glance.conf import CONF
from glance.objects import attributes
from glance.objects import image as image_types

KEYS = attributes.SORTABLE
# Those that need nobody to say who uses images.
_ALWAYS = [key for key in KEYS if key not in attributes.USAGE]
_DIRECTIONS = ('asc', 'desc')


def parse(found: Iterable[tuple[str, str]]) -> list[image_types.Order]:
    """:param found: (key, value) pairs of the query string
    :returns: [[key, 'asc'|'desc'], ...]
    :raises BadRequest: unknown keys, or ways that do not fit together
    """
    keys = [value for key, value in found if key == 'sort_key']
    directions = [value for key, value in found if key == 'sort_dir']
    combined = [value for key, value in found if key == 'sort']
    if combined and (keys or directions):
        raise exceptions.BadRequest(
            'sort cannot be used together with sort_key or sort_dir.')
    if combined:
        keys, directions = _split(combined[-1])
    keys = keys or ['created_at']
    _check(keys, KEYS if CONF['usage'].enabled else _ALWAYS, 'sort key')
    _check(directions, _DIRECTIONS, 'sort direction')
    # A single direction is meant for all keys, also those appended.
    default = directions[0] if len(directions) == 1 else 'desc'
    if len(directions) <= 1:
        directions = [default] * len(keys)
    if len(directions) != len(keys):
        raise exceptions.BadRequest(
            'There are %d sort directions for %d sort keys.'
            % (len(directions), len(keys)))
    return _complete(keys, directions, default)


def _split(text: str) -> tuple[list[str], list[str]]:
    keys, directions = [], []
    for item in text.split(','):
        key, _colon, direction = item.strip().partition(':')
        keys.append(key)
        directions.append(direction or 'desc')
    return keys, directions


def _check(values: Iterable[str], allowed: Sequence[str], what: str) -> None:
    for value in values:
        if value not in allowed:
            raise exceptions.BadRequest(
                'Unknown %s %s; known are: %s.'
                % (what, value[:64], ', '.join(allowed)))


def _complete(keys: Sequence[str], directions: Sequence[str], default: str
              ) -> list[image_types.Order]:
    order: dict[str, str] = {}
    for key, direction in zip(keys, directions):
        order.setdefault(key, direction)
    # Sums of uses are indexed with the id only.
    ends = ['id'] if keys[0] in attributes.USAGE else ['created_at', 'id']
    for key in ends:
        order.setdefault(key, default)
    return [[key, direction] for key, direction in order.items()]
