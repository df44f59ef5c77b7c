"""The served documents of metadata definitions."""

_JSON_TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string',
               None]
_POSITIVE = {'$ref': '#/definitions/positiveInteger'}
_POSITIVE_0 = {'$ref': '#/definitions/positiveIntegerDefault0'}
_PROPERTIES = {'$ref': '#/definitions/property'}
_STRINGS = {'$ref': '#/definitions/stringArray'}


def _text(description, longest=None):
    schema = {'type': 'string', 'description': description}
    if longest:
        schema['maxLength'] = longest
    return schema


def _moment(description):
    return {'type': 'string', 'readOnly': True, 'format': 'date-time',
            'description': description}


def _path(description):
    return {'type': 'string', 'readOnly': True, 'description': description}


def _moments():
    return {'created_at': _moment('When it was created.'),
            'updated_at': _moment('When it last changed.')}


def _list_of(name, entries, **more):
    """A page of entries with its links."""
    return {'name': name, **more,
            'properties': {name: entries,
                           'first': {'type': 'string'},
                           'next': {'type': 'string'},
                           'schema': {'type': 'string'}},
            'links': [{'rel': 'first', 'href': '{first}'},
                      {'rel': 'next', 'href': '{next}'},
                      {'rel': 'describedby', 'href': '{schema}'}]}


def _numbers():
    return {'positiveInteger': {'minimum': 0, 'type': 'integer'},
            'positiveIntegerDefault0': {'allOf': [_POSITIVE,
                                                  {'default': 0}]}}


def _string_array(**more):
    return {'type': 'array', 'items': {'type': 'string'},
            'uniqueItems': True, **more}


def _definition():
    """The parts of the definition of one property."""
    kind = {'type': 'string', 'enum': list(_JSON_TYPES)}
    return {
        'name': _text('Name of the property.', 80),
        'title': _text('Name for people.'),
        'description': _text('What the property is for.'),
        'type': dict(kind, description='JSON type of the value.'),
        'operators': {'type': 'array', 'items': {'type': 'string'}},
        'required': _STRINGS,
        'readonly': {'type': 'boolean'},
        'default': {},
        'enum': {'type': 'array'},
        'minimum': {'type': 'number'},
        'maximum': {'type': 'number'},
        'minLength': _POSITIVE_0,
        'maxLength': _POSITIVE,
        'pattern': {'type': 'string', 'format': 'regex'},
        'items': {'type': 'object',
                  'properties': {'type': kind, 'enum': {'type': 'array'}}},
        'additionalItems': {'type': 'boolean'},
        'minItems': _POSITIVE_0,
        'maxItems': _POSITIVE,
        'uniqueItems': {'type': 'boolean', 'default': False}}


def _definitions():
    """What namespaces and objects refer to."""
    return {**_numbers(),
            'stringArray': _string_array(),
            'property': {'type': 'object', 'additionalProperties': {
                'type': 'object',
                'required': ['title', 'type'],
                'properties': _definition()}}}


def _property_definitions():
    return {**_numbers(), 'stringArray': _string_array(minItems=1)}


def _namespace():
    named = {'name': {'type': 'string'}}
    item = {'type': 'object', 'properties': {
        **named, 'description': {'type': 'string'}, 'required': _STRINGS,
        'properties': _PROPERTIES}}
    association = {'type': 'object', 'properties': {
        **named, 'prefix': {'type': 'string'},
        'properties_target': {'type': 'string'}}}
    return {
        'name': 'namespace',
        'additionalProperties': False,
        'required': ['namespace'],
        'properties': {
            'namespace': _text('Unique name.', 80),
            'display_name': _text('Name for people.', 80),
            'description': _text('What the namespace is for.', 500),
            'visibility': {'type': 'string', 'enum': ['public', 'private'],
                           'description': 'Who can see it.'},
            'protected': {'type': 'boolean',
                          'description': 'Whether it is kept from deletion.'},
            'owner': _text('Project that owns it.', 255),
            **_moments(),
            'self': _path('Path of the namespace.'),
            'schema': _path('Path of its schema.'),
            'resource_type_associations': {'type': 'array',
                                           'items': association},
            'properties': _PROPERTIES,
            'objects': {'type': 'array', 'items': item},
            'tags': {'type': 'array', 'items': {'type': 'object',
                                                'properties': named}}}}


def _object():
    return {
        'name': 'object',
        'additionalProperties': False,
        'required': ['name'],
        'properties': {
            'name': _text('Name of the object.', 80),
            'description': _text('What the object is for.'),
            'required': _STRINGS,
            'properties': _PROPERTIES,
            **_moments(),
            'self': _path('Path of the object.'),
            'schema': _path('Path of its schema.')}}


def _resource_type():
    return {
        'name': 'resource_type_association',
        'additionalProperties': False,
        'required': ['name'],
        'properties': {
            'name': _text('Name of the resource type.', 80),
            'prefix': _text('Put before the names of properties.', 80),
            'properties_target': _text(
                'Which of several kinds of properties is meant.', 80),
            **_moments()}}


def _tag():
    return {'name': 'tag', 'additionalProperties': False,
            'required': ['name'],
            'properties': {'name': _text('Name of the tag.', 80),
                           **_moments()}}


def _property():
    return {'name': 'property', 'additionalProperties': False,
            'required': ['type', 'title', 'name'],
            'properties': _definition()}


def _properties():
    definition = _definition()
    # The name is the key of the entry.
    entry = {'name': 'property', 'additionalProperties': False,
             'required': ['type', 'title'], 'properties': definition}
    return _list_of('properties',
                    {'type': 'object', 'additionalProperties': entry},
                    definitions=_property_definitions())


def _array(item):
    return {'type': 'array', 'items': item}


def documents():
    """All documents below /v2/schemas/metadefs, by name."""
    return {
        'namespace': {**_namespace(), 'definitions': _definitions()},
        'namespaces': _list_of('namespaces', _array(_namespace()),
                               definitions=_definitions()),
        'object': {**_object(), 'definitions': _definitions()},
        'objects': _list_of('objects', _array(_object()),
                            definitions=_definitions()),
        'property': {**_property(), 'definitions': _property_definitions()},
        'properties': _properties(),
        'resource_type': _resource_type(),
        'resource_types': _list_of('resource_type_associations',
                                   _array(_resource_type())),
        'tag': _tag(),
        'tags': _list_of('tags', _array(_tag()))}
