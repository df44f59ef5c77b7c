"""Rooms know each other in one direction only; wrong arrows fail here."""

import ast
import os

from oslotest import base

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))

# Who may import what of glance. A name allows everything below it; the most
# specific room of a file decides. `glance` itself holds the version.
_BASE = ('glance.common', 'glance.conf')
_COMMON = ('glance.metrics',) + _BASE
_POLICY = ('glance.policy', 'glance.policies', 'glance.policy_inputs')
_PROGRAM = ('glance.startup', 'glance.service', 'glance.rpc', 'glance.api',
            'glance.cache',
            'glance.registry', 'glance.conductor', 'glance.store',
            'glance.notifications.bus') + _COMMON

_ALLOWED = {
    'glance.common': _BASE,
    'glance.metrics': _COMMON,
    'glance.conf': ('glance.conf',),
    'glance.startup': (),
    'glance.hacking': (),
    'glance.objects': ('glance.objects',) + _COMMON,
    'glance.rpc': ('glance.rpc',) + _COMMON,
    # The bytes of an upload are read where the HTTP service has put them.
    'glance.store': ('glance.store', 'glance.service.http.client_socket',
                     'glance.objects') + _COMMON,
    'glance.cache': ('glance.cache', 'glance.registry.rpcapi', 'glance.rpc',
                     'glance.store', 'glance.objects') + _COMMON,
    'glance.policies': ('glance.policies',),
    'glance.policy': _POLICY + _COMMON,
    'glance.policy_inputs': (),
    'glance.api': ('glance.api', 'glance.cache', 'glance.registry.rpcapi',
                   'glance.conductor.rpcapi', 'glance.store',
                   'glance.objects') + _POLICY + _COMMON,
    'glance.db': ('glance.db', 'glance.objects') + _COMMON,
    'glance.notifications': ('glance.notifications', 'glance.db',
                             'glance.rpc', 'glance.objects') + _COMMON,
    'glance.registry': ('glance.registry', 'glance.db', 'glance.objects',
                        'glance.notifications',
                        'glance.conductor.rpcapi') + _COMMON,
    'glance.registry.rpcapi': ('glance.registry.rpcapi', 'glance.rpc',
                               'glance.objects') + _COMMON,
    'glance.conductor': ('glance.conductor', 'glance.registry.rpcapi',
                         'glance.store', 'glance.objects') + _COMMON,
    'glance.conductor.rpcapi': ('glance.rpc',) + _COMMON,
    # It looks at the file of the rules as the API does.
    'glance.service': (*_PROGRAM, 'glance.policy'),
    'glance.replicator': ('glance.replicator', 'glance.objects.states'),
    'glance.cmd': _PROGRAM + ('glance.db', 'glance.cmd',
                              'glance.replicator'),
    'glance.wsgi': _PROGRAM + ('glance.cmd',),
}


def _modules():
    for folder, _folders, names in os.walk(os.path.join(_ROOT, 'glance')):
        for name in names:
            if name.endswith('.py'):
                path = os.path.join(folder, name)
                module = os.path.relpath(path, _ROOT)[:-3].replace(os.sep,
                                                                   '.')
                yield module.removesuffix('.__init__'), path


def _imported(path):
    """Names of ours that a file imports, wherever in it."""
    with open(path, encoding='utf-8') as source:
        tree = ast.parse(source.read(), path)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield '%s.%s' % (node.module, alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name


def _is_within(name, room):
    return name == room or name.startswith(room + '.')


def _room(module):
    rooms = [room for room in _ALLOWED if _is_within(module, room)]
    return max(rooms, key=len, default=None)


class TestImports(base.BaseTestCase):

    def test_every_module_has_a_room(self):
        homeless = [module for module, _path in _modules()
                    if module != 'glance' and _room(module) is None]
        self.assertEqual([], homeless)

    def test_rooms_import_only_what_they_may(self):
        wrong = []
        for module, path in _modules():
            allowed = _ALLOWED.get(_room(module), ())
            wrong += ['%s imports %s' % (module, name)
                      for name in _imported(path)
                      if name.startswith('glance.')
                      and not any(_is_within(name, room) for room in allowed)]
        self.assertEqual([], wrong)

    def test_who_knows_of_sql(self):
        rooms = {_room(module) for module, path in _modules()
                 for name in _imported(path)
                 if name.split('.')[0] in ('sqlalchemy', 'alembic')}
        self.assertEqual(set(), rooms - {
            'glance.db', 'glance.registry', 'glance.notifications',
            'glance.cmd'})

    def test_a_wrong_arrow_is_seen(self):
        path = self.create_tempfiles([('bad', """
def late():
    from glance.db.connect import engine
    import glance.conductor.manager
""")], ext='.py')[0]
        self.assertEqual(
            ['glance.db.connect.engine', 'glance.conductor.manager'],
            list(_imported(path)))
        self.assertFalse(any(_is_within('glance.db.connect.engine', room)
                             for room in _ALLOWED['glance.api']))
