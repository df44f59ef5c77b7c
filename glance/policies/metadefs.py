"""Rules of metadata definitions."""

from oslo_policy import policy

from glance.policies import base

_ADMIN = 'rule:metadef_admin'
_OLD = 'rule:metadef_default'
_READ = ("rule:context_is_admin or (role:reader and "
         "(project_id:%(project_id)s or 'public':%(visibility)s))")

_NAMESPACES = '/v2/metadefs/namespaces'
_NAMESPACE = _NAMESPACES + '/{namespace_name}'


def list_rules() -> list[policy.RuleDefault]:
    return [
        policy.RuleDefault(
            'metadef_default', '',
            description='Older default of reading metadata definitions.'),
        policy.RuleDefault(
            'metadef_admin', base.ADMIN,
            description='Who may change metadata definitions.'),
    ] + (_namespaces() + _objects() + _properties() + _resource_types()
         + _tags())


def _read(name: str, description: str, operation: str, check: str = _READ
          ) -> policy.RuleDefault:
    return base.rule(name, check, description, operation, was=_OLD, since='X')


def _namespaces() -> list[policy.RuleDefault]:
    return [
        _read('get_metadef_namespace', 'Show a namespace.',
              'GET ' + _NAMESPACE),
        _read('get_metadef_namespaces', 'List namespaces.',
              'GET ' + _NAMESPACES, check=base.ADMIN_OR_PROJECT_READER),
        base.rule('modify_metadef_namespace', _ADMIN, 'Change a namespace.',
                  'PUT ' + _NAMESPACE),
        base.rule('add_metadef_namespace', _ADMIN, 'Create a namespace.',
                  'POST ' + _NAMESPACES),
        base.rule('delete_metadef_namespace', _ADMIN,
                  'Delete a namespace with everything in it.',
                  'DELETE ' + _NAMESPACE),
    ]


def _objects() -> list[policy.RuleDefault]:
    every = _NAMESPACE + '/objects'
    one = every + '/{object_name}'
    return [
        _read('get_metadef_object', 'Show an object.', 'GET ' + one),
        _read('get_metadef_objects', 'List the objects of a namespace.',
              'GET ' + every),
        base.rule('modify_metadef_object', _ADMIN, 'Change an object.',
                  'PUT ' + one),
        base.rule('add_metadef_object', _ADMIN, 'Create an object.',
                  'POST ' + every),
        base.rule('delete_metadef_object', _ADMIN, 'Delete an object.',
                  'DELETE ' + one),
    ]


def _properties() -> list[policy.RuleDefault]:
    every = _NAMESPACE + '/properties'
    one = every + '/{property_name}'
    return [
        _read('get_metadef_property', 'Show a property.', 'GET ' + one),
        _read('get_metadef_properties', 'List the properties of a namespace.',
              'GET ' + every),
        base.rule('modify_metadef_property', _ADMIN, 'Change a property.',
                  'PUT ' + one),
        base.rule('add_metadef_property', _ADMIN, 'Create a property.',
                  'POST ' + every),
        base.rule('remove_metadef_property', _ADMIN, 'Delete a property.',
                  'DELETE ' + one),
    ]


def _resource_types() -> list[policy.RuleDefault]:
    every = _NAMESPACE + '/resource_types'
    return [
        _read('get_metadef_resource_type',
              'List the resource types a namespace applies to.',
              'GET ' + every),
        _read('list_metadef_resource_types', 'List all resource types.',
              'GET /v2/metadefs/resource_types'),
        base.rule('add_metadef_resource_type_association', _ADMIN,
                  'Let a namespace apply to a resource type.',
                  'POST ' + every),
        base.rule('remove_metadef_resource_type_association', _ADMIN,
                  'Let a namespace no longer apply to a resource type.',
                  'DELETE ' + every + '/{name}'),
    ]


def _tags() -> list[policy.RuleDefault]:
    every = _NAMESPACE + '/tags'
    one = every + '/{tag_name}'
    return [
        _read('get_metadef_tag', 'Show a tag.', 'GET ' + one),
        _read('get_metadef_tags', 'List the tags of a namespace.',
              'GET ' + every),
        base.rule('modify_metadef_tag', _ADMIN, 'Rename a tag.',
                  'PUT ' + one),
        base.rule('add_metadef_tag', _ADMIN, 'Create a tag.', 'POST ' + one),
        base.rule('add_metadef_tags', _ADMIN,
                  'Create or replace the tags of a namespace.',
                  'POST ' + every),
        base.rule('delete_metadef_tag', _ADMIN, 'Delete a tag.',
                  'DELETE ' + one),
        base.rule('delete_metadef_tags', _ADMIN,
                  'Delete every tag of a namespace.', 'DELETE ' + every),
    ]
