"""Schemas of image members: the served documents and the requests."""

from glance.api.schemas import image
from glance.api.schemas import texts
from glance.api.schemas import validation
from glance.objects import states

MAX_ID = 255

CREATE = validation.Validator({
    'type': 'object',
    'required': ['member'],
    'properties': {'member': {'type': 'string', 'minLength': 1,
                              'maxLength': MAX_ID}}})
UPDATE = validation.Validator({
    'type': 'object',
    'required': ['status'],
    'properties': {'status': {'enum': list(states.MEMBERS)}}})


def member():
    """The document /v2/schemas/member."""
    return {'name': 'member', 'properties': {
        'created_at': {'type': 'string',
                       'description': 'When the member was added.'},
        'image_id': {'type': 'string', 'pattern': image.UUID,
                     'description': 'Identifier of the image.'},
        'member_id': {'type': 'string',
                      'description': 'Project the image is shared with.'},
        'schema': {'type': 'string', 'readOnly': True,
                   'description': 'Path of the schema of the member.'},
        'status': {'type': 'string', 'enum': list(states.MEMBERS),
                   'description': 'What the project says to it.'},
        'updated_at': {'type': 'string',
                       'description': 'When the status last changed.'}}}


def members():
    """The document /v2/schemas/members."""
    return {'name': 'members',
            'properties': {
                'members': {'type': 'array', 'items': member()},
                'schema': {'type': 'string'}},
            'links': [{'rel': 'describedby', 'href': '{schema}'}]}


def new_member_id(body):
    """:raises BadRequest:"""
    CREATE.check(body, 'member')
    texts.check(body['member'], 'The member')
    return body['member']


def new_status(body):
    """:raises BadRequest:"""
    UPDATE.check(body, 'member')
    return body['status']


def is_member_id(text):
    """Whether some member could have this id."""
    return 0 < len(text) <= MAX_ID and texts.is_storable(text)
