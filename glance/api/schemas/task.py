"""Schemas of tasks: the served documents and the requests."""

import json

from glance.api.schemas import image
from glance.api.schemas import validation
from glance.common import exceptions
from glance.objects import states

TYPES = ('import', 'api_image_import', 'location_import', 'export', 'clone')

NEW = validation.Validator({
    'type': 'object',
    'required': ['type', 'input'],
    'properties': {'type': {'type': 'string', 'maxLength': 30},
                   'input': {'type': 'object'}}})
_IMAGE_ID = {'type': 'string', 'pattern': image.UUID}
_URL = {'type': 'string', 'maxLength': 2048}
_STORE = {'type': 'string', 'minLength': 1, 'maxLength': 255}
_IMPORT = validation.Validator({
    'type': 'object',
    'required': ['import_from', 'import_from_format', 'image_properties'],
    'properties': {'import_from': _URL,
                   'import_from_format': {'type': 'string',
                                          'maxLength': 20},
                   'image_properties': {'type': 'object'}}})
_CLONE = validation.Validator({
    'type': 'object',
    'required': ['image_id'],
    'properties': {'image_id': _IMAGE_ID,
                   'image_properties': {'type': 'object'},
                   'stores': {'type': 'array', 'maxItems': 100,
                              'items': _STORE},
                   'all_stores': {'type': 'boolean'},
                   'all_stores_must_succeed': {'type': 'boolean'}}})
_EXPORT = validation.Validator({
    'type': 'object',
    'required': ['image_id', 'export_to'],
    'properties': {
        'image_id': _IMAGE_ID,
        'export_to': {'type': 'object', 'minProperties': 1,
                      'maxProperties': 1, 'additionalProperties': False,
                      'properties': {'url': _URL, 'store': _STORE}},
        'export_format': {'enum': ['raw', 'qcow2', 'vmdk']}}})


def check_input(given):
    """:param given: what a new task shall keep
    :raises BadRequest: no column of MySQL holds it
    """
    if len(json.dumps(given)) > image.MAX_VALUE:
        raise exceptions.BadRequest(
            'The input of a task is longer than %d bytes.' % image.MAX_VALUE)


def check_import(given):
    """:raises BadRequest: no input for a task of type import"""
    _IMPORT.check(given, 'input')


def check_clone(given):
    """:raises BadRequest: no input for a task of type clone"""
    _CLONE.check(given, 'input')


def check_export(given):
    """:raises BadRequest: no input for a task of type export"""
    _EXPORT.check(given, 'input')


def check_new(body, types):
    """:param types: that users may create; others come from other requests
    :raises BadRequest: not such a task
    """
    NEW.check(body, 'task')
    if body['type'] not in types:
        raise exceptions.BadRequest(
            'Tasks that can be created are: %s.' % ', '.join(types))


def _text(description):
    return {'type': 'string', 'description': description}


def _brief():
    return {
        'id': dict(_text('Identifier of the task.'), pattern=image.UUID),
        'type': dict(_text('What the task does.'), enum=list(TYPES)),
        'status': dict(_text('How far the task is.'), enum=list(states.TASKS)),
        'owner': _text('Project the task belongs to.'),
        'user_id': _text('User who asked for the task.'),
        'image_id': _text('Image the task works on.'),
        'request_id': _text('Request that began the task.'),
        'created_at': _text('When the task was created.'),
        'updated_at': _text('When the task last changed.'),
        'expires_at': {'type': ['null', 'string'],
                       'description': 'When the record will be removed.'},
        'self': dict(_text('Path of the task.'), readOnly=True),
        'schema': dict(_text('Path of the schema of the task.'),
                       readOnly=True)}


def task():
    """The document /v2/schemas/task."""
    return {'name': 'task', 'properties': {
        **_brief(),
        'input': {'type': ['null', 'object'],
                  'description': 'What the task was given.'},
        'result': {'type': ['null', 'object'],
                   'description': 'What the task made.'},
        'message': _text('Progress, or the reason of a failure.')}}


def tasks():
    """The document /v2/schemas/tasks."""
    return {'name': 'tasks',
            'properties': {
                'tasks': {'type': 'array', 'items': {
                    'name': 'task', 'properties': _brief()}},
                'schema': {'type': 'string'}},
            'links': [{'rel': 'describedby', 'href': '{schema}'}]}
