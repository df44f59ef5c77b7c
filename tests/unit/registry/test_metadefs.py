"""Namespaces and definitions as the registry keeps them."""

import threading

from glance.common import context
from glance.common import exceptions
from glance.registry.endpoints.metadefs import definitions
from glance.registry.endpoints.metadefs import namespaces
from tests.unit.registry import base

QUERY = {'visibility': None, 'resource_types': [],
         'sort': ['namespace', 'asc'], 'marker': None, 'limit': 25}
SCHEMA = {'type': 'string', 'title': 'T'}


class MetadefsTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.namespaces = namespaces.NamespacesEndpoint()
        self.definitions = definitions.DefinitionsEndpoint()

    def make(self, name='N', ctxt=None, **values):
        return self.namespaces.create(ctxt or self.owner, values=dict({
            'namespace': name, 'display_name': None, 'description': None,
            'visibility': 'private', 'protected': False, 'owner': 'owner',
            'resource_types': [], 'objects': [], 'properties': [],
            'tags': []}, **values))

    def tags(self, name='N'):
        return [item['name'] for item in self.definitions.list(
            self.owner, kind='tags', namespace_name=name,
            query=None)['items']]

    def add_tags(self, *names, ctxt=None, is_replacing=False):
        return self.definitions.create(
            ctxt or self.owner, kind='tags', namespace_name='N',
            items=[{'name': name} for name in names],
            is_replacing=is_replacing)


class MetadefsTest(MetadefsTestCase):

    def test_others_find_no_private_namespace(self):
        self.make()
        for ctxt, names in ((self.owner, ['N']), (self.admin, ['N']),
                            (self.stranger, []), (context.BusContext(), [])):
            listed = self.namespaces.list(ctxt, query=QUERY)
            self.assertEqual(names, [found['namespace']
                                     for found in listed])
        for ask in (
                lambda: self.namespaces.get(self.stranger, name='N',
                                            parts=[]),
                lambda: self.definitions.list(
                    self.stranger, kind='tags', namespace_name='N',
                    query=None),
                lambda: self.definitions.get(
                    self.stranger, kind='tags', namespace_name='N',
                    name='t', resource_type=None)):
            self.assertRaises(exceptions.NotFound, ask)

    def test_all_or_nothing(self):
        self.make(tags=[{'name': 'a'}])
        self.events()
        self.assertRaises(exceptions.Duplicate, self.add_tags, 'b', 'c', 'b',
                          is_replacing=True)
        self.assertEqual(['a'], self.tags())
        self.assertRaises(exceptions.Duplicate, self.make, 'M', tags=[
            {'name': 'a'}, {'name': 'a'}])
        self.assertRaises(exceptions.NotFound, self.namespaces.get,
                          self.owner, name='M', parts=[])
        self.assertEqual([], self.events())

    def test_a_repeated_call_acts_once(self):
        self.make()
        again = context.BusContext(project_id='owner', call_id='c1')
        first = self.add_tags('a', ctxt=again)
        self.assertEqual(first, self.add_tags('a', ctxt=again))
        self.assertEqual(['a'], self.tags())

    def test_names_differ_by_case(self):
        self.make(tags=[{'name': 'a'}])
        self.assertRaises(exceptions.NotFound, self.definitions.delete,
                          self.owner, kind='tags', namespace_name='N',
                          name='A')
        self.assertRaises(exceptions.NotFound, self.namespaces.delete,
                          self.owner, name='n')

    def test_what_is_protected_cannot_be_deleted(self):
        self.make(protected=True, tags=[{'name': 'a'}])
        for refused in (
                lambda: self.namespaces.delete(self.admin, name='N'),
                lambda: self.definitions.delete(
                    self.admin, kind='tags', namespace_name='N', name='a'),
                lambda: self.definitions.delete_all(
                    self.admin, kind='tags', namespace_name='N')):
            self.assertRaises(exceptions.Forbidden, refused)
        self.assertEqual(['a'], self.tags())

    def test_the_prefix_of_its_type_names_a_property(self):
        self.make(properties=[{'name': 'p', 'schema': SCHEMA}],
                  resource_types=[
                      {'name': 'R', 'prefix': 'hw_',
                       'properties_target': None},
                      {'name': 'S', 'prefix': None,
                       'properties_target': None}])
        for name, resource_type, is_found in (
                ('p', None, True), ('hw_p', None, False),
                ('hw_p', 'R', True), ('p', 'R', False), ('p', 'S', True),
                ('p', 'none', False), ('hw_', 'R', False)):
            found = self.definitions.get(
                self.owner, kind='properties', namespace_name='N', name=name,
                resource_type=resource_type)['item']
            self.assertEqual(is_found, found is not None,
                             (name, resource_type))

    def test_one_new_resource_type_for_many(self):
        for number in range(4):
            self.make('n%d' % number)
        failures = []

        def associate(name):
            try:
                self.definitions.create(
                    self.owner, kind='resource_types', namespace_name=name,
                    items=[{'name': 'R', 'prefix': None,
                            'properties_target': None}], is_replacing=False)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=associate, args=('n%d' % number,))
                   for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], failures)
        types = self.definitions.list_resource_types(self.owner)
        self.assertEqual(['R'], [found['name'] for found in types])

    def test_concurrent_changes_of_tags(self):
        self.make()
        threads = [threading.Thread(target=self.add_tags, args=(name,))
                   for name in 'abcd']
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(list('abcd'), sorted(self.tags()))
