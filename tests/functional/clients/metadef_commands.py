"""Every command of the clients for metadata definitions, in an order that
works: (command, what its output must hold).
"""

import re
import shlex

_SCHEMA = '{"title": "P", "type": "string", "default": ""}'
_OBJECT = ('{"name": "o b", "properties": {"x": {"title": "X", '
           '"type": "integer", "minimum": 0}}, "required": ["x"]}')

WITH_AN_OBJECT = {'namespace': 'A::a', 'objects': [
    {'name': 'o', 'properties': {'x': {'title': 'X', 'type': 'integer'}}}]}

OPENSTACK = (
    ('object property show A::a o x', 'integer'),
    ('namespace create A::b --display-name first --public', 'first'),
    ('namespace create A::c --protected', 'private'),
    ('namespace list', 'A::c'),
    ('namespace set A::b --display-name second --tag t1 --tag t2', ''),
    ('namespace set A::c --unprotected', ''),
    ('namespace show A::b', 'second'),
    ('namespace unset A::b --tag t1', ''),
    ('namespace show A::b', 't2'),
    ('namespace unset A::b --all-tags', ''),
    ('object create --namespace A::b o', 'o'),
    ('object list A::b', 'o'),
    ('object show A::b o', 'created_at'),
    ('object update A::b o --name p', ''),
    ('object show A::b p', 'p'),
    (('property', 'create', 'A::b', '--name', 'q', '--title', 'Q', '--type',
      'string', '--schema', _SCHEMA), 'q'),
    ('property list A::b', 'q'),
    ('property show A::b q', 'string'),
    (('property', 'set', 'A::b', 'q', '--name', 'r', '--title', 'R',
      '--type', 'string', '--schema', _SCHEMA), ''),
    ('property show A::b r', 'string'),
    ('resource type association create A::b OS::X', 'OS::X'),
    ('resource type association list A::b', 'OS::X'),
    ('resource type list', 'OS::X'),
    ('resource type association delete A::b OS::X', ''),
    ('property delete A::b r', ''),
    ('object delete A::b p', ''),
    ('namespace delete A::b A::c', ''),
    ('namespace list', ''),
)
GLANCE = (
    ('namespace-create A::b --display-name first --visibility public',
     'first'),
    ('namespace-list', 'A::b'),
    ('namespace-update A::b --display-name second', 'second'),
    ('namespace-show A::b', 'second'),
    ('namespace-show A::b --resource-type OS::X', 'A::b'),
    (('object-create', 'A::b', '--name', 'o b', '--schema', _OBJECT), 'o b'),
    ('object-list A::b', 'o b'),
    (('object-show', 'A::b', 'o b'), '["x"]'),
    (('object-property-show', 'A::b', 'o b', 'x'), 'integer'),
    (('object-update', 'A::b', 'o b', '--name', 'p'), 'p'),
    (('property-create', 'A::b', '--name', 'q', '--title', 'Q', '--type',
      'string', '--schema', _SCHEMA), 'string'),
    ('property-list A::b', 'q'),
    ('property-show A::b q', 'string'),
    (('property-update', 'A::b', 'q', '--title', 'R', '--schema', _SCHEMA),
     'string'),
    ('resource-type-associate A::b --name OS::Y --prefix y_', 'OS::Y'),
    ('namespace-resource-type-list A::b', 'y_'),
    ('resource-type-list', 'OS::Y'),
    ('resource-type-deassociate A::b OS::Y', ''),
    # Its option --append fails in the client.
    ('tag-create-multiple A::b --names t2,t3 --delim ,', 't3'),
    ('tag-create A::b --name t1', 't1'),
    ('tag-list A::b', 't1'),
    ('tag-show A::b t2', 't2'),
    ('tag-update A::b t2 --name t4', 't4'),
    ('tag-delete A::b t4', ''),
    ('namespace-tags-delete A::b', ''),
    ('property-delete A::b q', ''),
    ('object-delete A::b p', ''),
    ('namespace-objects-delete A::b', ''),
    ('namespace-properties-delete A::b', ''),
    ('namespace-delete A::b', ''),
    (('namespace-import', '--file', '$shipped/operating-system.json'),
     'os_admin_user'),
    ('namespace-show OS::OperatingSystem', 'os_distro'),
)


def rows(prefix, commands):
    """The same as rows of `openstack_commands`."""
    for command, expected in commands:
        if not isinstance(command, str):
            command = shlex.join(command)
        yield 'admin', prefix + command, re.escape(expected)
