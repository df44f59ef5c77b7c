"""Schemas of tasks: the served documents and the requests."""

from glance.api.schemas import image
from glance.api.schemas import validation
from glance.common import exceptions

STATUSES = ('pending', 'processing', 'success', 'failure')
TYPES = ('import', 'api_image_import', 'location_import', 'export', 'clone')

NEW = validation.Validator({
    'type': 'object',
    'required': ['type', 'input'],
    'properties': {'type': {'type': 'string', 'maxLength': 30},
                   'input': {'type': 'object'}}})


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
        'status': dict(_text('How far the task is.'), enum=list(STATUSES)),
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
