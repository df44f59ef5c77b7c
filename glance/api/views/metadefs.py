"""What clients see of metadata definitions."""

from collections.abc import Iterable, Sequence
import typing
import urllib.parse

from glance.api import views
from glance.objects import metadef

_NAMESPACES = '/v2/metadefs/namespaces'
_ATTRIBUTES: typing.Final = (
    'namespace', 'display_name', 'description', 'visibility', 'protected',
    'owner', 'created_at', 'updated_at')
# What a step of a path may hold as it is.
_SAFE = "~:@!$&'()*+,;="


def namespace(found: metadef.Namespace, resource_type: str | None = None
              ) -> views.View:
    """One namespace, with the definitions that the registry gave with it.

    :param resource_type: for which the names of properties get a prefix
    """
    view: views.View = {name: found[name] for name in _ATTRIBUTES
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


def namespaces(page: Iterable[metadef.Namespace],
               pairs: Sequence[tuple[str, str]], next_marker: str | None
               ) -> views.View:
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


def object_(namespace_name: str, item: metadef.Object, prefix: str = ''
            ) -> views.View:
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


def objects(namespace_name: str, items: Iterable[metadef.Object]
            ) -> views.View:
    # Without its first slash, as clients know this one link.
    return {'objects': [object_(namespace_name, item) for item in items],
            'schema': 'v2/schemas/metadefs/objects'}


def property_(item: metadef.Property) -> views.View:
    return dict(item['schema'], name=item['name'])


def properties(items: Iterable[metadef.Property]) -> views.View:
    return {'properties': {item['name']: item['schema'] for item in items}}


def tag(item: metadef.Tag) -> views.View:
    return {name: item[name] for name in ('name', 'created_at', 'updated_at')}


def tags(items: Iterable[metadef.Tag]) -> views.View:
    return {'tags': [{'name': item['name']} for item in items]}


def association(item: metadef.DatedAssociation) -> views.View:
    return {name: item[name] for name in (
        'name', 'prefix', 'properties_target', 'created_at', 'updated_at')
        if item[name] is not None}


def associations(items: Iterable[metadef.DatedAssociation]) -> views.View:
    return {'resource_type_associations': [association(item)
                                           for item in items]}


def namespace_path(name: str) -> str:
    return '%s/%s' % (_NAMESPACES, _quote(name))


def _prefix(found: metadef.Namespace, resource_type: str | None) -> str:
    for item in found.get('resource_types', ()):
        if item['name'] == resource_type:
            return item['prefix'] or ''
    return ''


def _quote(name: str) -> str:
    return urllib.parse.quote(name, safe=_SAFE)


def _link(pairs: Sequence[tuple[str, str]]) -> str:
    query = urllib.parse.urlencode(pairs)
    return _NAMESPACES + ('?' + query if query else '')
