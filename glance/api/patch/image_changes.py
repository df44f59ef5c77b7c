"""From the operations of a PATCH to the changes asked of the registry.

The registry gets what changes and what that rests on, never the whole image:
two PATCHes at once both hold, or one of them gets 409.
"""

from collections.abc import Iterable
import typing

from glance.api.checks import image_limits
from glance.api.patch import patch_body
from glance.api import protections
from glance.api.schemas import image as schema
from glance.api import services
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import properties
from glance.objects import states

_FORMATS = ('disk_format', 'container_format')
_READERS = ('visibility', 'owner')
_FORMAT_STATUSES = (states.QUEUED, states.IMPORTING)


def build(ctxt: context.RequestContext, image: image_types.Record,
          operations: Iterable[patch_body.Operation]) -> image_types.Changes:
    """:param image: as fetched
    :raises Conflict: a property is absent, or is there already (v2.0 add)
    :raises Forbidden: the attribute is not for this caller or this status
    :raises LimitExceeded: too many tags
    """
    change: image_types.Changes = {
        'attributes': {}, 'set_properties': {}, 'remove_properties': [],
        'must_exist': [], 'must_not_exist': [],
        'limits': {'properties': CONF.image_property_quota,
                   'tags': CONF.image_tag_quota}}
    present = set(image['properties'])
    touched: set[str] = set()
    for operation in operations:
        if operation.name in properties.IMPORT_NOTES:
            _check_given_back(image, operation)
        elif operation.name in properties.SETTABLE:
            _set_attribute(ctxt, image, operation, change)
        else:
            action = _action(operation, present)
            protections.check_change(ctxt, image, action, operation.name)
            if action == 'create' and protections.is_on():
                # Who may only create must not change what another has
                # created meanwhile.
                change['must_not_exist'] += {operation.name} - touched
            _change_property(operation, present, touched, change)
    change['remove_properties'] = sorted(set(image['properties']) - present)
    change['readers'] = _has_other_readers(change)
    return change


def _check_given_back(image: image_types.Record,
                      operation: patch_body.Operation) -> None:
    """What an image says of its imports may be written as it is."""
    noted = image['properties'].get(operation.name)
    if not schema.is_given_back(operation.name, operation.value, noted):
        schema.check_name(operation.name)


def _has_other_readers(change: image_types.Changes) -> bool:
    return services.stores().have_readers and any(
        name in change['attributes'] for name in _READERS)


def _action(operation: patch_body.Operation, present: set[str]) -> str:
    if operation.verb == 'remove':
        return 'delete'
    is_new = operation.verb == 'add' and operation.name not in present
    return 'create' if is_new else 'update'


def _set_attribute(ctxt: context.RequestContext, image: image_types.Record,
                   operation: patch_body.Operation, change: image_types.Changes
                   ) -> None:
    name = operation.name
    if operation.verb == 'add' and operation.is_strict:
        raise exceptions.Conflict('Attribute %s is present already.' % name)
    if name == 'owner' and not ctxt.is_admin:
        raise exceptions.Forbidden(
            'Only an administrator may give an image to another project.')
    if name in _FORMATS:
        _check_status(image, name)
        change['if_status'] = list(_FORMAT_STATUSES)
    if name == 'tags':
        tags = set(operation.value)
        image_limits.check_new_tags(tags, set(image['tags']))
        change['tags'] = sorted(tags)
    else:
        attributes = typing.cast(dict[str, object], change['attributes'])
        attributes[name] = operation.value


def _check_status(image: image_types.Record, name: str) -> None:
    if image['status'] not in _FORMAT_STATUSES:
        raise exceptions.Forbidden(
            'Attribute %s can be changed only while the image is %s.'
            % (name, ' or '.join(_FORMAT_STATUSES)))


def _change_property(operation: patch_body.Operation, present: set[str],
                     touched: set[str], change: image_types.Changes) -> None:
    """Operations see what the ones before them did; only the first one on a
    property rests on what is stored.
    """
    name = operation.name
    must_be_new = operation.verb == 'add' and operation.is_strict
    if must_be_new and name in present:
        raise exceptions.Conflict('Property %s exists already.' % name)
    if operation.verb != 'add' and name not in present:
        raise exceptions.Conflict('There is no property %s.' % name)
    if name not in touched and must_be_new:
        change['must_not_exist'].append(name)
    elif name not in touched and operation.verb != 'add':
        change['must_exist'].append(name)
    touched.add(name)
    if operation.verb == 'remove':
        present.discard(name)
        change['set_properties'].pop(name, None)
    else:
        present.add(name)
        change['set_properties'][name] = operation.value
