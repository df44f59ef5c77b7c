"""Operations of a PATCH on the locations of an image.

`add /locations/N` (or `-`) with one location, `remove /locations/N`, and
`replace /locations` with all of them, which may change their metadata only
once there are some.
"""

from collections.abc import Mapping, Sequence
import re
import typing

from glance.api.schemas import texts
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import location as location_types
from glance.objects import properties

_DEPTHS = {'add': 2, 'remove': 2, 'replace': 1}
_POSITION = re.compile(r'(?:-|0|[1-9][0-9]{0,5})\Z', re.ASCII)
_MAX_URL = 255
# What the column of the database holds.
_MAX_METADATA = 65535 // 6


class Given(location_types.Where):
    """A location of a request."""

    validation_data: typing.NotRequired[object]     # hashes


class LocationOperation:
    """:ivar verb: add, replace or remove
    :ivar position: None for the end, or for all
    :ivar value: `Given`, a list of them, or None
    """

    name = 'locations'

    def __init__(self, verb: str, position: int | None, value: typing.Any
                 ) -> None:
        self.verb = verb
        self.position = position
        self.value = value


def operation(verb: str, steps: Sequence[str], item: Mapping[str, typing.Any]
              ) -> LocationOperation:
    """:param steps: of the path, from `locations` on
    :param item: of the request body
    :raises Forbidden: locations are hidden here
    :raises BadRequest:
    """
    if not CONF.show_multiple_locations:
        raise exceptions.Forbidden(
            'The locations of images cannot be seen or changed here.')
    if len(steps) != _DEPTHS[verb]:
        raise exceptions.BadRequest(
            'Operation %s is not possible on this path of locations.' % verb)
    position = _position(verb, steps[1]) if len(steps) == 2 else None
    if verb == 'remove':
        return LocationOperation(verb, position, None)
    if 'value' not in item:
        raise exceptions.BadRequest('Operation %s needs a value.' % verb)
    return LocationOperation(verb, position, _value(verb, item['value']))


def _position(verb: str, text: str) -> int | None:
    if not _POSITION.match(text) or (verb == 'remove' and text == '-'):
        raise exceptions.BadRequest('There is no such position of a location.')
    return None if text == '-' else int(text)


def _value(verb: str, value: object) -> Given | list[Given]:
    if verb == 'add':
        return _location(value)
    if not isinstance(value, list):
        raise exceptions.BadRequest('The locations are not a list.')
    return [_location(one) for one in value]


def _location(value: object) -> Given:
    if not isinstance(value, dict):
        raise exceptions.BadRequest('A location is not a JSON object.')
    texts.check(value, 'A location')
    check_url(value.get('url'))
    _check_metadata(value.get('metadata'))
    found: Given = {'url': value['url'], 'metadata': value['metadata']}
    if 'validation_data' in value:
        found['validation_data'] = value['validation_data']
    return found


def check_url(url: object, longest: int = _MAX_URL) -> None:
    """:raises BadRequest: no text that can be a URL"""
    if not isinstance(url, str) or not 0 < len(url) <= longest:
        raise exceptions.BadRequest(
            'The url of a location is a text of 1 to %d characters.'
            % longest)
    if not url.isascii() or not url.isprintable() or ' ' in url:
        raise exceptions.BadRequest(
            'The url of a location holds a character that no URL has.')


def _check_metadata(metadata: object) -> None:
    if not isinstance(metadata, dict):
        raise exceptions.BadRequest(
            'The metadata of a location is not a JSON object.')
    if any(key.startswith(properties.RESERVED_PREFIX) for key in metadata):
        raise exceptions.BadRequest(
            'Metadata whose name starts with %s is reserved.'
            % properties.RESERVED_PREFIX)
    if len(str(metadata)) > _MAX_METADATA:
        raise exceptions.BadRequest('The metadata of a location is too long.')
