"""Metadata definitions.

There are the namespaces `N`, made anew before each request, `P`, which is
protected, and `X` of another project.
"""

from tests.contract.cases import base
from tests.contract import givens

ROOT = '/v2/metadefs/namespaces'
ONE = ROOT + '/{namespace}'
OBJECT = ONE + '/objects/{object_name}'
PROPERTY = ONE + '/properties/{property_name}'
TAG = ONE + '/tags/{tag_name}'
TYPES = ONE + '/resource_types'
# For causes of several names.
UNKNOWN_PARTS = {name: {'parts': {part: 'none'}} for name, part in (
    ('object', 'object_name'), ('property', 'property_name'),
    ('tag', 'tag_name'), ('association', 'resource_type'))}
CONTENT = {
    'namespace': 'C',
    'resource_type_associations': [{'name': 'R'}], 'objects': [{'name': 'a'}],
    'properties': {'a': {'type': 'string', 'title': 'A'}},
    'tags': [{'name': 'a'}]}
A_PROPERTY = {'name': 'c', 'type': 'string', 'title': 'C'}


def writing(body, taken=None, **causes):
    """Requests with a body.

    :param taken: (cause, change) of a name in use
    """
    request = {'given': givens.namespaces, 'caller': 'admin', 'body': body}
    changes = {
        '400 schema violation or body missing': [
            {'body': bad} for bad in (None, {}, [], 'x',
                                      dict(body, **{'no such key': 5}))],
        '403 read-only key supplied': {'body': dict(body, created_at='x')}}
    changes.update([taken] if taken else [])
    return request, dict(changes, **causes)


def removing(unknown=None):
    return {'given': givens.namespaces, 'caller': 'admin'}, _unknown(unknown)


reading = removing


def _unknown(kind):
    return {'404 %s unknown' % kind: UNKNOWN_PARTS[kind]} if kind else {}


def deny(*rules):
    """:returns: changes for `403 policy denies`"""
    return {'403 policy denies': [{'denied': rule} for rule in rules]}


def queries(*texts):
    return [{'query': text} for text in texts]


_READ, _NOTHING = reading()
_LISTS = {
    'GET ' + ROOT: (dict(_READ, query='limit=1'), {
        '400 negative limit': queries('limit=-1'),
        '400 bad sort_dir or visibility': queries('sort_dir=x',
                                                  'visibility=x'),
        '404 marker namespace not found': queries('marker=none'),
        '500 non-numeric limit or unknown sort_key': queries(
            'limit=a', 'sort_key=x')}),
    'GET %s/objects' % ONE: (_READ, {
        '400 limit below 1 or bad values': queries(
            'limit=0', 'limit=x', 'sort_dir=x', 'visibility=x')}),
    'GET %s/properties' % ONE: (_READ, {}),
    'GET ' + TYPES: (_READ, {'403 policy denies': {
        'denied': 'list_metadef_resource_types'}}),
    'GET %s/tags' % ONE: (_READ, {
        '400 bad limit, sort_dir or visibility': queries(
            'limit=-1', 'limit=x', 'sort_dir=x', 'visibility=x'),
        '404 marker tag unknown': queries('marker=none'),
        '500 unknown sort_key': queries('sort_key=x')}),
    'GET /v2/metadefs/resource_types': (_READ, {}),
}
_NAMESPACES = {
    'POST ' + ROOT: writing(
        CONTENT,
        ('409 namespace name exists', {'body': {'namespace': 'N'}}),
        **deny('add_metadef_namespace', 'add_metadef_object',
               'add_metadef_property', 'add_metadef_tag',
               'add_metadef_resource_type_association')),
    'GET ' + ONE: (_READ, dict(deny(
        'list_metadef_resource_types', 'get_metadef_objects',
        'get_metadef_properties', 'get_metadef_tags'), **{
            '500 any query string without resource_type': queries('x=y')})),
    'PUT ' + ONE: writing(
        {'namespace': 'N', 'description': 'd'},
        ('409 new name exists', {'body': {'namespace': 'P'}})),
    'DELETE ' + ONE: removing(),
}
_OBJECTS = {
    'POST %s/objects' % ONE: writing(
        {'name': 'c'}, ('409 object name exists', {'body': {'name': 'a'}})),
    'DELETE %s/objects' % ONE: removing(),
    'GET ' + OBJECT: reading('object'),
    'PUT ' + OBJECT: writing(
        {'name': 'c'},
        ('500 rename onto existing object', {'body': {'name': 'b'}}),
        **_unknown('object')),
    'DELETE ' + OBJECT: removing('object'),
}
_PROPERTIES = {
    'POST %s/properties' % ONE: writing(
        A_PROPERTY, ('409 property name exists', {
            'body': dict(A_PROPERTY, name='a')})),
    'DELETE %s/properties' % ONE: removing(),
    'GET ' + PROPERTY: (_READ, {
        '403 policy denies': [
            {'denied': 'get_metadef_property'},
            {'denied': 'get_metadef_resource_type',
             'query': 'resource_type=R', 'parts': {'property_name': 'hw_a'}}],
        '404 property unknown': UNKNOWN_PARTS['property'],
        '404 name lacks association prefix': queries('resource_type=R'),
        '500 any query string without resource_type': queries('x=y')}),
    'PUT ' + PROPERTY: writing(
        A_PROPERTY, ('500 rename onto existing property', {
            'body': dict(A_PROPERTY, name='b')}), **_unknown('property')),
    'DELETE ' + PROPERTY: removing('property'),
}
_RESOURCE_TYPES = {
    'POST ' + TYPES: writing(
        {'name': 'S', 'prefix': 'p', 'properties_target': 't'},
        ('409 association exists', {'body': {'name': 'R'}})),
    'DELETE %s/{resource_type}' % TYPES: removing('association'),
}
_APPEND = {'X-Openstack-Append': 'true'}
_TAGS = {
    'POST %s/tags' % ONE: (
        dict(_READ, body={'tags': [{'name': 'c'}]}), {
            '400 schema violation or body missing': [
                {'body': body} for body in (
                    None, [], {'tags': 'x'}, {'tags': [{'name': 5}]})],
            '403 read-only key supplied': {'body': {'tags': [
                {'name': 'c', 'created_at': 'x'}]}},
            '409 tag name exists': {'body': {'tags': [
                {'name': 'a'}]}, 'headers': _APPEND},
            '500 tags key missing': {'body': {}}}),
    'DELETE %s/tags' % ONE: (_READ, deny(
        'delete_metadef_namespace', 'delete_metadef_tags')),
    'GET ' + TAG: reading('tag'),
    'POST ' + TAG: (dict(_READ, parts={'tag_name': 'new'}), {
        '400 name longer than 80': {'parts': {'tag_name': 't' * 81}},
        '404 namespace unknown or not visible': [
            {'parts': {'tag_name': 'new', 'namespace': 'none'}},
            {'parts': {'tag_name': 'new', 'namespace': 'X'},
             'caller': 'member'}],
        '409 tag name exists': {'parts': {'tag_name': 'a'}}}),
    'PUT ' + TAG: writing(
        {'name': 'c'}, ('409 new name exists', {'body': {'name': 'b'}}),
        **_unknown('tag')),
    'DELETE ' + TAG: removing('tag'),
}
CASES = base.expand({**_LISTS, **_NAMESPACES, **_OBJECTS, **_PROPERTIES,
                     **_RESOURCE_TYPES, **_TAGS})
