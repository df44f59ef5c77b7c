"""PATCH bodies: both media types become one list of operations.

v2.1 is shaped after RFC 6902 ("op", "path", "value"); v2.0 has the operation
as the key that holds the path. Everything is checked here that can be without
knowing the image.
"""

from collections.abc import Sequence
import re
import typing

from glance.api.patch import location_operations
from glance.api import request
from glance.api.schemas import image as schema
from glance.common import exceptions
from glance.objects import properties

MEDIA_TYPES = ('application/openstack-images-v2.1-json-patch',
               'application/openstack-images-v2.0-json-patch')
MAX_OPERATIONS = 1000
_VERBS = ('add', 'replace', 'remove')
_BAD_ESCAPE = re.compile('~(?![01])')


class Operation:
    """:ivar verb: add, replace or remove
    :ivar name: attribute or property
    :ivar value: new value, None for remove
    :ivar is_strict: v2.0, where add is for new properties only
    """

    __slots__ = ('verb', 'name', 'value', 'is_strict')

    def __init__(self, verb: str, name: str, value: typing.Any, is_strict: bool
                 ) -> None:
        self.verb = verb
        self.name = name
        self.value = value
        self.is_strict = is_strict


AnyOperation = Operation | location_operations.LocationOperation


def parse(req: request.Request) -> list[AnyOperation]:
    """The operations of a request, in order.

    :raises UnsupportedMediaType: with the media types for Accept-Patch
    :raises BadRequest: malformed
    :raises Forbidden: read-only or reserved attributes
    """
    media_type = req.media_type
    if media_type not in MEDIA_TYPES:
        raise exceptions.UnsupportedMediaType(
            'A PATCH has one of the media types: %s.' % ', '.join(MEDIA_TYPES),
            accept_patch=MEDIA_TYPES)
    items = req.read_json()
    if not isinstance(items, list):
        raise exceptions.BadRequest('The request body is not a JSON array.')
    if len(items) > MAX_OPERATIONS:
        raise exceptions.BadRequest(
            'A PATCH has at most %d operations.' % MAX_OPERATIONS)
    is_strict = media_type == MEDIA_TYPES[1]
    return [_operation(item, is_strict) for item in items]


def _operation(item: object, is_strict: bool) -> AnyOperation:
    if not isinstance(item, dict):
        raise exceptions.BadRequest('An operation is not a JSON object.')
    verb, pointer = _split_v20(item) if is_strict else _split_v21(item)
    steps = _steps(pointer)
    if steps[0] == 'locations':
        return location_operations.operation(verb, steps, item)
    name = _name(steps)
    if verb == 'remove' or name not in properties.IMPORT_NOTES:
        schema.check_name(name)
    if name == 'id':
        raise exceptions.Forbidden('Attribute id is read-only.')
    if verb == 'remove':
        if name in properties.SETTABLE:
            raise exceptions.Forbidden(
                'Attribute %s cannot be removed.' % name)
        return Operation(verb, name, None, is_strict)
    if 'value' not in item:
        raise exceptions.BadRequest('Operation %s needs a value.' % verb)
    schema.check_change(name, item['value'])
    return Operation(verb, name, item['value'], is_strict)


def _split_v21(item: dict[str, typing.Any]) -> tuple[str, object]:
    verb = item.get('op')
    if verb not in _VERBS:
        raise exceptions.BadRequest(
            'op must be one of: %s.' % ', '.join(_VERBS))
    if 'path' not in item:
        raise exceptions.BadRequest('Operation %s needs a path.' % verb)
    return verb, item['path']


def _split_v20(item: dict[str, typing.Any]) -> tuple[str, object]:
    verbs = [verb for verb in _VERBS if verb in item]
    if len(verbs) != 1:
        raise exceptions.BadRequest(
            'An operation holds exactly one of: %s.' % ', '.join(_VERBS))
    return verbs[0], item[verbs[0]]


def _steps(pointer: object) -> list[str]:
    """The parts of a JSON pointer."""
    if not isinstance(pointer, str) or not pointer.startswith('/'):
        raise exceptions.BadRequest('A path is a text that starts with "/".')
    if _BAD_ESCAPE.search(pointer):
        raise exceptions.BadRequest('A path escapes with ~0 and ~1 only.')
    return [step.replace('~1', '/').replace('~0', '~')
            for step in pointer[1:].split('/')]


def _name(steps: Sequence[str]) -> str:
    """The attribute a path names; all but locations are of depth one."""
    if len(steps) != 1:
        raise exceptions.BadRequest(
            'A path names one attribute, without parts of it.')
    return steps[0]
