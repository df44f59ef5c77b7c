"""What clients see of metadata definitions."""

import urllib.parse

_NAMESPACES = '/v2/metadefs/namespaces'
_ATTRIBUTES = ('namespace', 'display_name', 'description', 'visibility',
               'protected', 'owner', 'created_at', 'updated_at')
# What a step of a path may hold as it is.
_SAFE = "~:@!$&'()*+,;="


def namespace(found, resource_type=None):
    """One namespace, with the definitions that the registry gave with it.

    :param resource_type: for which the names of properties get a prefix
    """
    view = {name: found[name] for name in _ATTRIBUTES
            if found[name] is not None}
    view['self'] = namespace_path(found['namespace'])
    view['schema'] = '/v2/schemas/metadefs/namespace'
    if 'resource_types' in found:
        view['resource_type_associations'] = [
            association(item) for item in found['resource_types']]
    prefix = _prefix(found, resource_type)
    if found.get('properties'):
        view['properties'] = {prefix + item['name']: item['schema']
                              for item in found['properties']}
    if found.get('objects'):
        view['objects'] = [object_(found['namespace'], item, prefix)
                           for item in found['objects']]
    if found.get('tags'):
        view['tags'] = [{'name': item['name']} for item in found['tags']]
    return view


def namespaces(page, pairs, next_marker):
    """A page of namespaces.

    :param pairs: (key, value) pairs of the query string, for the links
    :param next_marker: name of the last one when another page may follow
    """
    query = [pair for pair in pairs if pair[0] != 'marker']
    view = {'namespaces': [namespace(found) for found in page],
            'first': _link(query),
            'schema': '/v2/schemas/metadefs/namespaces'}
    if next_marker is not None:
        view['next'] = _link(query + [('marker', next_marker)])
    return view


def object_(namespace_name, item, prefix=''):
    view = {'name': item['name'],
            'required': [prefix + name for name in item['required']],
            'properties': {prefix + name: schema for name, schema
                           in item['properties'].items()},
            'created_at': item['created_at'],
            'updated_at': item['updated_at'],
            'self': '%s/objects/%s' % (namespace_path(namespace_name),
                                       _quote(item['name'])),
            'schema': '/v2/schemas/metadefs/object'}
    if item['description'] is not None:
        view['description'] = item['description']
    return view


def objects(namespace_name, items):
    # Without its first slash, as clients know this one link.
    return {'objects': [object_(namespace_name, item) for item in items],
            'schema': 'v2/schemas/metadefs/objects'}


def property_(item):
    return dict(item['schema'], name=item['name'])


def properties(items):
    return {'properties': {item['name']: item['schema'] for item in items}}


def tag(item):
    return {name: item[name] for name in ('name', 'created_at', 'updated_at')}


def tags(items):
    return {'tags': [{'name': item['name']} for item in items]}


def association(item):
    return {name: item[name] for name in (
        'name', 'prefix', 'properties_target', 'created_at', 'updated_at')
        if item[name] is not None}


def associations(items):
    return {'resource_type_associations': [association(item)
                                           for item in items]}


def namespace_path(name):
    return '%s/%s' % (_NAMESPACES, _quote(name))


def _prefix(found, resource_type):
    for item in found.get('resource_types', ()):
        if item['name'] == resource_type:
            return item['prefix'] or ''
    return ''


def _quote(name):
    return urllib.parse.quote(name, safe=_SAFE)


def _link(pairs):
    query = urllib.parse.urlencode(pairs)
    return _NAMESPACES + ('?' + query if query else '')
