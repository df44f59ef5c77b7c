"""Requests about metadata definitions -> the dicts of the registry.

Each function takes a decoded body and returns the form that
`glance.registry.rpcapi.metadefs.namespaces` and `definitions` describe.
"""

import json

from glance.api.schemas import metadef
from glance.api.schemas import texts
from glance.api.schemas import validation
from glance.common import exceptions

MAX_NAME = 80
# The TEXT columns of MySQL hold so many bytes.
_MAX_TEXT = 65535
_MAX_DEPTH = 50
_MAX_ITEMS = 1000
_PARTS = {'resource_type_associations': 'resource type associations',
          'objects': 'objects', 'tags': 'tags', 'properties': 'properties'}
# The fewest bytes of one in the JSON text that is stored.
_LEAST = {'properties': len('"a": {}, '), 'operators': len('"", '),
          'required': len('a,')}

_TIMES = ('created_at', 'updated_at')
_LINKS = ('self', 'schema')
_DOCUMENTS = metadef.documents()
_VALIDATORS = {name: validation.Validator(document)
               for name, document in _DOCUMENTS.items()}
_TAGS = validation.Validator(dict(_DOCUMENTS['tags'], required=['tags']))
_SCHEMA_KEYS = tuple(name for name in _DOCUMENTS['property']['properties']
                     if name != 'name')


def namespace(body):
    """A namespace with its definitions; no `owner` if the body has none."""
    _check_counts(body)
    for item in _list(body, 'objects'):
        _check_object(item)
    _check(body, 'namespace', _TIMES + _LINKS)
    return form_namespace(body)


def object_(body):
    _check_object(body)
    _check(body, 'object', _TIMES + _LINKS)
    return form_object(body)


def property_(body):
    _check_property(body)
    _check(body, 'property', _TIMES)
    return form_property(body['name'], body)


def tag(body):
    _check(body, 'tag', _TIMES)
    return form_tag(body)


def tags(body):
    """:returns: [tag, ...]"""
    _check_counts(body)
    _check_form(body, 'tags')
    _TAGS.check(body, 'list of tags')
    for item in body['tags']:
        if not isinstance(item, dict):
            raise exceptions.BadRequest('A tag is a JSON object.')
        _check_read_only(item, _TIMES)
    return _each(body['tags'], form_tag, 'tags')


def association(body):
    _check(body, 'resource_type', _TIMES)
    return form_association(body)


def form_namespace(body):
    """The registry's namespace of a body that is known to fit roughly, such
    as the content of a file.

    :raises BadRequest: a name or a text that cannot be stored
    """
    values = {'namespace': check_name(body.get('namespace'), 'namespace'),
              'display_name': _text(body, 'display_name', 80),
              'description': _text(body, 'description', _MAX_TEXT),
              'visibility': body.get('visibility') or 'private',
              'protected': bool(body.get('protected')),
              'resource_types': _each(
                  body.get('resource_type_associations') or (),
                  form_association, 'resource type associations'),
              'objects': _each(body.get('objects') or (), form_object,
                               'objects'),
              'tags': _each(body.get('tags') or (), form_tag, 'tags'),
              'properties': _each(
                  (body.get('properties') or {}).items(),
                  lambda item: form_property(*item), 'properties')}
    if body.get('owner') is not None:
        values['owner'] = _text(body, 'owner', 255)
    return values


def form_object(body):
    properties = {_inner_name(name): _schema(name, schema) for name, schema
                  in (body.get('properties') or {}).items()}
    required = body.get('required') or []
    for name in required:
        if not name or ',' in name:
            raise exceptions.BadRequest(
                'A required property has a name without a comma.')
    _check_size(json.dumps(properties), 'The properties of an object')
    _check_size(','.join(required), 'The required properties')
    return {'name': check_name(body.get('name'), 'object'),
            'description': _text(body, 'description', _MAX_TEXT),
            'required': required, 'properties': properties}


def form_property(name, body):
    return {'name': check_name(name, 'property'),
            'schema': _schema(name, body)}


def form_tag(body):
    return {'name': check_name(body.get('name'), 'tag')}


def form_association(body):
    return {'name': check_name(body.get('name'), 'resource type'),
            'prefix': _text(body, 'prefix', MAX_NAME),
            'properties_target': _text(body, 'properties_target', MAX_NAME)}


def check_name(name, what):
    """Names are steps of paths.

    :returns: the name
    :raises BadRequest: it is empty, too long, or no path leads to it
    """
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME:
        raise exceptions.BadRequest(
            'The name of a %s has 1 to %d characters.' % (what, MAX_NAME))
    if '/' in name or name in ('.', '..'):
        raise exceptions.BadRequest(
            'The name of a %s has no slash in it and is not . or ..' % what)
    texts.check(name, 'The name of a %s' % what)
    return name


def _check(body, document, read_only):
    _check_form(body, document)
    _check_read_only(body, read_only)
    _VALIDATORS[document].check(body, document)


def _check_counts(body):
    """Before the schema looks at each of them."""
    for name, what in _PARTS.items():
        _check_count(_list(body, name), what)


def _check_object(body):
    """What has too many entries cannot be short enough to be stored."""
    for name, what in (('properties', 'The properties of an object'),
                       ('required', 'The required properties')):
        _check_least(body, name, what)


def _check_property(body):
    for name in ('operators', 'required'):
        _check_least(body, name, 'Property %s' % str(body.get('name'))[:64]
                     if isinstance(body, dict) else name)


def _check_least(body, name, what):
    if len(_list(body, name)) * _LEAST[name] > _MAX_TEXT:
        raise _too_long(what)


def _list(body, name):
    """:returns: what may be long, and nothing of another kind"""
    found = body.get(name) if isinstance(body, dict) else None
    return found if isinstance(found, (dict, list)) else ()


def _check_form(body, what):
    if not isinstance(body, dict):
        raise exceptions.BadRequest('The request body is not a JSON object.')
    _check_depth(body)
    texts.check(body, 'The %s' % what)


def _check_read_only(body, names):
    for name in names:
        if name in body:
            raise exceptions.Forbidden('Attribute %s is read-only.' % name)


def _check_depth(body):
    level = [body]
    for _depth in range(_MAX_DEPTH):
        level = [item for value in level for item in _inside(value)]
        if not level:
            return
    raise exceptions.BadRequest('The body is nested too deeply.')


def _inside(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _each(items, form, what):
    _check_count(items, what)
    return [form(item) for item in items]


def _check_count(items, what):
    if len(items) > _MAX_ITEMS:
        raise exceptions.LimitExceeded('There are more than %d %s at once.'
                                       % (_MAX_ITEMS, what))


def _schema(name, body):
    """The parts of a definition that are known, if they can be stored."""
    schema = {key: body[key] for key in _SCHEMA_KEYS if key in body}
    try:
        text = json.dumps(schema, allow_nan=False)
    except ValueError:
        raise exceptions.BadRequest(
            'Property %s holds a number that is too large.' % name[:64])
    _check_size(text, 'Property %s' % name[:64])
    return schema


def _inner_name(name):
    if not 0 < len(name) <= MAX_NAME:
        raise exceptions.BadRequest(
            'The name of a property has 1 to %d characters.' % MAX_NAME)
    return name


def _text(body, name, longest):
    value = body.get(name)
    if value is None:
        return None
    if len(value) > longest:
        raise exceptions.BadRequest('%s has at most %d characters.'
                                    % (name, longest))
    _check_size(value, name)
    return value


def _check_size(text, what):
    if len(text.encode('utf-8')) > _MAX_TEXT:
        raise _too_long(what)


def _too_long(what):
    return exceptions.BadRequest('%s is longer than %d bytes.'
                                 % (what, _MAX_TEXT))
