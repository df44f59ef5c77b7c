"""Schemas of images: the served documents, and what requests may set.

The attributes an operator adds in schema-image.json are part of both.
"""

import functools
import json

from glance.api.schemas import texts
from glance.api.schemas import validation
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import properties
from glance.objects import states

UUID = ('^([0-9a-fA-F]){8}-([0-9a-fA-F]){4}-([0-9a-fA-F]){4}'
        '-([0-9a-fA-F]){4}-([0-9a-fA-F]){12}$')
STATUSES = tuple(states.TRANSITIONS)
VISIBILITIES = ('community', 'public', 'private', 'shared')
LINKS = (('self', '{self}'), ('enclosure', '{file}'),
         ('describedby', '{schema}'))

MAX_NAME = 255
# What a TEXT column of MySQL holds.
MAX_VALUE = 65535
MAX_TAG = 255
_MAX_INTEGER = 2147483647
_TAG = validation.Validator({'type': 'string', 'maxLength': MAX_TAG})


def _text(description, longest=None, read_only=False, null=False):
    schema = {'type': ['null', 'string'] if null else 'string',
              'description': description}
    if longest:
        schema['maxLength'] = longest
    if read_only:
        schema['readOnly'] = True
    return schema


def _size(description):
    return {'type': ['null', 'integer'], 'readOnly': True,
            'description': description}


def _format(description, formats):
    return {'type': ['null', 'string'], 'enum': [None] + list(formats),
            'description': description}


def location():
    validation_data = {
        'type': 'object',
        'writeOnly': True,
        'additionalProperties': False,
        'required': ['os_hash_algo', 'os_hash_value'],
        'properties': {
            'checksum': {'type': 'string', 'minLength': 32, 'maxLength': 32},
            'os_hash_algo': {'type': 'string', 'maxLength': 64},
            'os_hash_value': {'type': 'string', 'maxLength': 128}},
        'description': 'Hashes the data at the URL must have.'}
    return {'type': 'object',
            'required': ['url', 'metadata'],
            'properties': {'url': {'type': 'string', 'maxLength': 255},
                           'metadata': {'type': 'object'},
                           'validation_data': validation_data}}


def _base_properties():
    return {
        'id': {'type': 'string', 'pattern': UUID,
               'description': 'Identifier of the image.'},
        'name': _text('Name of the image.', 255, null=True),
        'status': dict(_text('Where the image is in its life.',
                             read_only=True), enum=list(STATUSES)),
        'visibility': {'type': 'string', 'enum': list(VISIBILITIES),
                       'description': 'Who can see the image.'},
        'protected': {'type': 'boolean',
                      'description': 'A protected image is not deleted.'},
        'os_hidden': {'type': 'boolean',
                      'description': 'A hidden image is left out of lists.'},
        'checksum': _text('MD5 of the data, in hexadecimal digits.', 32,
                          read_only=True, null=True),
        'os_hash_algo': _text('Algorithm of os_hash_value.', 64,
                              read_only=True, null=True),
        'os_hash_value': _text('Hash of the data, in hexadecimal digits.',
                               128, read_only=True, null=True),
        'owner': _text('Project that owns the image.', 255, null=True),
        'size': _size('Size of the data in bytes.'),
        'virtual_size': _size('Size of the disk in the image in bytes.'),
        'container_format': _format('Format of the container.',
                                    CONF.image_format.container_formats),
        'disk_format': _format('Format of the disk.',
                               CONF.image_format.disk_formats),
        'created_at': _text('When the image was created.', read_only=True),
        'updated_at': _text('When the image last changed.', read_only=True),
        'tags': {'type': 'array', 'items': {'type': 'string',
                                            'maxLength': 255},
                 'description': 'Labels of the image.'},
        'direct_url': _text('URL of the data in its store.', read_only=True),
        'min_ram': {'type': 'integer',
                    'description': 'RAM needed to boot the image, in MiB.'},
        'min_disk': {'type': 'integer',
                     'description': 'Disk needed to boot the image, in GiB.'},
        'self': _text('Path of the image.', read_only=True),
        'file': _text('Path of the data.', read_only=True),
        'schema': _text('Path of the schema of the image.', read_only=True),
        'locations': {'type': 'array', 'items': location(),
                      'description': 'Where the data is stored.'},
        'stores': _text('Identifiers of the stores that hold the data.',
                        read_only=True),
        **(_usage_properties() if CONF['usage'].enabled else {}),
    }


def _usage_properties():
    return {
        properties.PROTECT_USED: {
            'type': 'string', 'enum': ['true', 'false'],
            'description': 'true: not deleted while it is in use.'},
        'os_usage_count': {
            'type': 'integer', 'readOnly': True,
            'description': 'How many servers, volumes and others use it.'},
        'os_last_used_at': _text('When it was last known to be used.',
                                 read_only=True, null=True)}


@functools.cache
def _site():
    """What schema-image.json adds: (properties, required names)."""
    path = CONF.find_file('schema-image.json')
    if path is None:
        return {}, []
    with open(path, encoding='utf-8') as source:
        document = json.load(source)
    if isinstance(document.get('properties'), dict):
        properties = document['properties']
        required = document.get('required', [])
    else:
        properties, required = document, []
    return ({name: dict(schema, is_base=False)
             for name, schema in properties.items()}, list(required))


@functools.cache
def image():
    """The document /v2/schemas/image."""
    properties, _required = _site()
    return {'name': 'image',
            'properties': {**properties, **_base_properties()},
            'additionalProperties': {'type': 'string'},
            'links': [{'rel': rel, 'href': href} for rel, href in LINKS]}


@functools.cache
def images():
    """The document /v2/schemas/images."""
    return {'name': 'images',
            'properties': {
                'images': {'type': 'array', 'items': image()},
                'first': {'type': 'string'},
                'next': {'type': 'string'},
                'schema': {'type': 'string'}},
            'links': [{'rel': 'first', 'href': '{first}'},
                      {'rel': 'next', 'href': '{next}'},
                      {'rel': 'describedby', 'href': '{schema}'}]}


@functools.cache
def writable():
    """What a request may set: tighter than the served document."""
    number = {'type': 'integer', 'minimum': 0, 'maximum': _MAX_INTEGER}
    properties = image()['properties']
    _properties, required = _site()
    # The end of the served pattern lets a line end pass in Python.
    uuid = {'type': 'string', 'pattern': UUID.replace('$', r'\Z')}
    return validation.Validator({
        'type': 'object',
        'required': required,
        'properties': {**properties, 'id': uuid,
                       'min_ram': number, 'min_disk': number,
                       'tags': {'type': 'array', 'items': _TAG.schema}},
        'additionalProperties': {'type': 'string'}})


@functools.cache
def _changeable():
    return validation.Validator({**writable().schema, 'required': []})


@functools.cache
def _named():
    """What the schema says more about than that it is a text."""
    _properties, required = _site()
    return frozenset(required).union(image()['properties'])


def reset():
    """Forget the documents, so that they are made of the options anew."""
    for made in (_site, image, images, writable, _changeable, _named):
        made.cache_clear()


def check_name(name):
    """Refuse attributes a user can never set by this name.

    :raises Forbidden: read-only or reserved
    :raises BadRequest: no possible name of a property
    """
    if name in properties.READ_ONLY:
        raise exceptions.Forbidden('Attribute %s is read-only.' % name)
    if name in properties.RESERVED or name.startswith(
            properties.RESERVED_PREFIX):
        raise exceptions.Forbidden('Attribute %s is reserved.' % name[:64])
    if not 0 < len(name) <= MAX_NAME:
        raise exceptions.BadRequest(
            'A property name has 1 to %d characters.' % MAX_NAME)


def is_given_back(name, value, noted=None):
    """Whether this is what imports have noted on an image, unchanged.

    Tools that copy properties give it back; it is taken, and sets nothing.

    :param noted: the value on the image; null, which old releases wrote, and
        nothing read as empty
    """
    return name in properties.IMPORT_NOTES and value == (noted or '')


def check_values(values):
    """Refuse values that do not suit their attributes in a new image.

    :param values: {attribute or property name: value}
    :raises BadRequest:
    """
    _check(values, writable())


def check_change(name, value):
    """As `check_values`, of one value. An image that is older than what the
    site requires of new ones may lack other values.

    :raises BadRequest:
    """
    _check({name: value}, _changeable())


def _check(values, validator):
    texts.check(values, 'The image')
    # The schema costs some microseconds for each name and each tag.
    judged = {name: value for name, value in values.items()
              if not isinstance(value, str) or name in _named()}
    if isinstance(values.get('tags'), list):
        judged['tags'] = []
        _check_tags(values['tags'])
    validator.check(judged, 'image')
    for name, value in values.items():
        if isinstance(value, str) and len(value) > MAX_VALUE // 3:
            _check_length(name, value)


def _check_tags(tags):
    for number, tag in enumerate(tags):
        if not isinstance(tag, str) or len(tag) > MAX_TAG:
            _TAG.check(tag, 'image', ('tags', number))


def _check_length(name, value):
    if len(value.encode('utf-8')) > MAX_VALUE:
        raise exceptions.BadRequest(
            'The value of %s is longer than %d bytes.' % (name, MAX_VALUE))
