"""The methods of openstacksdk for metadata definitions and for schemas."""

import uuid

import sdk_records

_SCHEMAS = {
    'image': 'image', 'images': 'images', 'member': 'member',
    'members': 'members', 'task': 'task', 'tasks': 'tasks',
    'metadef_namespace': 'namespace', 'metadef_namespaces': 'namespaces',
    'metadef_object': 'object', 'metadef_objects': 'objects',
    'metadef_property': 'property', 'metadef_properties': 'properties',
    'metadef_resource_type': 'resource_type_association',
    'metadef_resource_types': 'resource_type_associations',
    'metadef_tag': 'tag', 'metadef_tags': 'tags'}
same = sdk_records.same


def run(image):
    """:param image: the proxy"""
    for method, name in _SCHEMAS.items():
        same(name, getattr(image, 'get_%s_schema' % method)().name)
    space = image.create_metadef_namespace(
        namespace='N::' + uuid.uuid4().hex, visibility='public')
    for chapter in (_namespaces, _objects, _properties, _resource_types,
                    _tags):
        chapter(image, space)
    image.delete_metadef_namespace(space)
    same(False, space.namespace in _names(image.metadef_namespaces()))


def _names(found):
    return [entry.namespace for entry in found]


def _namespaces(image, space):
    same(True, space.namespace in _names(image.metadef_namespaces()))
    image.update_metadef_namespace(
        space, namespace=space.namespace, display_name='second')
    same('second', image.get_metadef_namespace(space).display_name)


def _objects(image, space):
    for name in ('a', 'b'):
        image.create_metadef_object(space, name=name)
    same({'a', 'b'}, {o.name for o in image.metadef_objects(space)})
    image.update_metadef_object('a', space, name='c')
    same('c', image.get_metadef_object('c', space).name)
    image.delete_metadef_object('c', space)
    image.delete_all_metadef_objects(space)
    same([], list(image.metadef_objects(space)))


def _properties(image, space):
    for name in ('a', 'b'):
        image.create_metadef_property(space, name=name, title='T',
                                      type='string')
    same({'a', 'b'}, {p.name for p in image.metadef_properties(space)})
    image.update_metadef_property('a', space, name='a', title='U',
                                  type='string')
    same('U', image.get_metadef_property('a', space).title)
    image.delete_metadef_property('a', space)
    image.delete_all_metadef_properties(space)
    same([], list(image.metadef_properties(space)))


def _resource_types(image, space):
    image.create_metadef_resource_type_association(space, name='OS::Z')
    same(['OS::Z'], [found.name for found in
                     image.metadef_resource_type_associations(space)])
    same(True, 'OS::Z' in [
        found.name for found in image.metadef_resource_types()])
    image.delete_metadef_resource_type_association('OS::Z', space)


def _tags(image, space):
    image.add_tag_to_metadef_namespace(space, 't')
    image.add_tag_to_metadef_namespace(space, 'u')
    image.remove_tag_from_metadef_namespace(space, 't')
    image.remove_tags_from_metadef_namespace(space)
