"""The request body of an import."""

import re

from glance.api.schemas import image
from glance.api.schemas import validation
from glance.common import exceptions

BODY = validation.Validator({
    'type': 'object',
    'required': ['method'],
    'properties': {
        'method': {
            'type': 'object',
            'required': ['name'],
            'properties': {
                'name': {'type': 'string', 'maxLength': 64},
                'uri': {'type': 'string', 'maxLength': 2048},
                'glance_image_id': {'type': 'string'},
                'glance_region': {'type': 'string', 'maxLength': 255},
                'glance_service_interface': {
                    'type': 'string', 'maxLength': 255}}},
        'stores': {'type': 'array', 'maxItems': 100, 'items': {
            'type': 'string', 'minLength': 1, 'maxLength': 255}},
        'all_stores': {'type': 'boolean'},
        'all_stores_must_succeed': {'type': 'boolean'}}})
_REQUIRED = {'web-download': ('uri',),
             'glance-download': ('glance_image_id', 'glance_region')}


def check(body, enabled):
    """Check the form of a request.

    :param enabled: import methods that may be used
    :raises BadRequest:
    """
    BODY.check(body, 'import request')
    method = body['method']
    if method['name'] not in enabled:
        raise exceptions.BadRequest(
            'The import method %s is not enabled here; enabled are: %s.'
            % (method['name'], ', '.join(enabled) or 'none'))
    for name in _REQUIRED.get(method['name'], ()):
        if name not in method:
            raise exceptions.BadRequest(
                'The import method %s needs %s.' % (method['name'], name))
    if method['name'] == 'glance-download' and not re.match(
            image.UUID, method['glance_image_id']):
        raise exceptions.BadRequest(
            'glance_image_id: image id does not look like a UUID.')
