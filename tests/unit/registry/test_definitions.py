"""What is defined in a namespace, from its creation to its end, and who is
told of it.
"""

import json

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import outbox
from tests.unit.registry import test_metadefs

SCHEMA = {'type': 'string', 'title': 'T', 'enum': ['a'], 'operators': ['=']}
# What readers are told of a schema, most of it unknown.
TOLD = dict(dict.fromkeys((
    'additionalItems', 'confidential', 'default', 'description', 'enum',
    'items', 'maxItems', 'maxLength', 'maximum', 'minItems', 'minLength',
    'minimum', 'pattern', 'title', 'type', 'uniqueItems')),
    type='string', title='T', enum=['a'])
# kind: (a definition, prefix of its events, what is told of it)
KINDS = {
    'objects': (
        {'description': 'd', 'required': ['p', 'q'],
         'properties': {'p': SCHEMA}}, 'metadef_object',
        {'description': 'd', 'required': ['p', 'q'],
         'properties': [dict(TOLD, name='p')]}),
    'properties': ({'schema': SCHEMA}, 'metadef_property', TOLD),
    'resource_types': (
        {'prefix': 'hw_', 'properties_target': 'image'},
        'metadef_resource_type',
        {'prefix': 'hw_', 'properties_target': 'image'}),
    'tags': ({}, 'metadef_tag', {})}


class TestCase(test_metadefs.MetadefsTestCase):

    def setUp(self):
        super().setUp()
        self.make()
        self.told()

    def told(self):
        """[(type, payload)] of the events so far, which are gone then."""
        with engine.writer() as conn:
            rows = outbox.head(conn, 100)
            outbox.remove(conn, [row.seq for row in rows])
        return [(row.event_type, json.loads(row.payload)) for row in rows]

    def create(self, kind, *names, is_replacing=False):
        given = KINDS[kind][0]
        return self.definitions.create(
            self.owner, kind=kind, namespace_name='N',
            items=[dict(given, name=name) for name in names],
            is_replacing=is_replacing)

    def names(self, kind, **query):
        query = dict({'sort': ['name', 'asc'], 'marker': None,
                      'limit': None}, **query) if query else None
        found = self.definitions.list(self.owner, kind=kind,
                                      namespace_name='N', query=query)
        self.assertEqual('N', found['namespace']['namespace'])
        return [item['name'] for item in found['items']]

    def get(self, kind, name):
        return self.definitions.get(
            self.owner, kind=kind, namespace_name='N', name=name,
            resource_type=None)['item']

    def change(self, kind, name, new_name, **more):
        return self.definitions.update(
            self.owner, kind=kind, namespace_name='N', name=name,
            item=dict(KINDS[kind][0], name=new_name, **more))

    def check_told(self, kind, action, name, **more):
        (event_type, payload), = self.told()
        _given, prefix, told = KINDS[kind]
        self.assertEqual('%s.%s' % (prefix, action), event_type)
        for time in 'created_at', 'updated_at':
            if kind == 'properties':
                self.assertNotIn(time, payload)
            else:
                self.assertRegex(payload.pop(time), r'\d{4}-\d\d-\d\dT')
        self.assertEqual(dict(dict(
            told, name=name, name_old=name, namespace='N', deleted=False,
            deleted_at=None), **more), payload)


class LifeTest(TestCase):

    def test_a_created_definition_is_there_and_told(self):
        for kind, (given, *_rest) in KINDS.items():
            made, = self.create(kind, 'd')
            self.check_told(kind, 'create', 'd')
            self.assertEqual(made, self.get(kind, 'd'))
            self.assertEqual(dict(given, name='d'), {
                name: made[name] for name in (*given, 'name')})
            self.assertEqual(made['created_at'], made['updated_at'])
            self.assertEqual(['d'], self.names(kind))

    def test_names_are_taken(self):
        for kind in KINDS:
            self.create(kind, 'd', 'e')
            self.told()
            error = self.assertRaises(exceptions.Duplicate, self.create,
                                      kind, 'd')
            self.assertIn(' d,', str(error))
            if kind != 'resource_types':
                self.assertRaises(exceptions.Duplicate, self.change, kind,
                                  'd', 'e')
            self.assertEqual([], self.told())

    def test_an_update_is_told_with_the_old_name(self):
        for kind in KINDS.keys() - {'resource_types'}:
            made, = self.create(kind, 'd')
            self.told()
            changed = self.change(kind, 'd', 'e')
            self.check_told(kind, 'update', 'e', name_old='d')
            self.assertEqual(changed, self.get(kind, 'e'))
            self.assertEqual(made['created_at'], changed['created_at'])
            self.assertEqual(['e'], self.names(kind))
            self.assertEqual('e', self.change(kind, 'e', 'e')['name'])

    def test_update_of_what_they_say(self):
        self.create('objects', 'd')
        changed = self.change('objects', 'd', 'd', required=[],
                              description=None, properties={})
        self.assertEqual(([], None, {}), tuple(
            changed[name] for name in ('required', 'description',
                                       'properties')))

    def test_a_deleted_definition_is_gone_and_told(self):
        for kind in KINDS:
            self.create(kind, 'd', 'e')
            self.told()
            self.definitions.delete(self.owner, kind=kind,
                                    namespace_name='N', name='d')
            with engine.reader() as conn:
                row, = outbox.head(conn, 9)
            at = json.loads(row.payload)['deleted_at']
            self.assertRegex(at, r'\d{4}-\d\d-\d\dT')
            self.check_told(kind, 'delete', 'd', deleted=True, deleted_at=at)
            self.assertEqual(['e'], self.names(kind))
            self.assertIsNone(self.get(kind, 'd'))

    def test_what_is_not_there(self):
        for kind in KINDS:
            for call in (
                    lambda: self.change(kind, 'd', 'd'),    # noqa: B023
                    lambda: self.definitions.delete(
                        self.owner, kind=kind,              # noqa: B023
                        namespace_name='N', name='d')):
                error = self.assertRaises(exceptions.NotFound, call)
                self.assertIn(' d.', str(error))
        self.assertEqual([], self.told())

    def test_delete_all(self):
        for kind in KINDS:
            self.create(kind, 'd', 'e')
        self.told()
        for kind in KINDS:
            self.definitions.delete_all(self.owner, kind=kind,
                                        namespace_name='N')
            self.assertEqual([], self.names(kind))
            (event_type, payload), = self.told()
            self.assertEqual('metadef_namespace.delete_' + kind, event_type)
            self.assertEqual(('N', 'N', False, None), tuple(
                payload[name] for name in ('namespace', 'namespace_old',
                                           'deleted', 'deleted_at')))

    def test_replaced_as_a_whole(self):
        self.create('tags', 'a', 'b')
        self.create('objects', 'o')
        self.create('tags', 'c', 'b', is_replacing=True)
        self.assertEqual(['b', 'c'], sorted(self.names('tags')))
        self.assertEqual(['o'], self.names('objects'))


class PageTest(TestCase):

    def test_in_order(self):
        for kind in KINDS.keys() - {'resource_types'}:
            self.create(kind, 'b', 'c', 'a')
            for direction, names in (('asc', 'abc'), ('desc', 'cba')):
                self.assertEqual(list(names), self.names(
                    kind, sort=['name', direction]))
            self.assertEqual(['a', 'b'], self.names(kind, limit=2))
            self.assertEqual(['b'], self.names(kind, limit=1, marker='a'))
            self.assertEqual([], self.names(kind, marker='c'))
            self.assertEqual(['b', 'c', 'a'], self.names(
                kind, sort=['id', 'asc']))
            error = self.assertRaises(exceptions.NotFound, self.names, kind,
                                      marker='x')
            self.assertIn(' x ', str(error))

    def test_resource_types_by_name(self):
        self.create('resource_types', 'b', 'a')
        self.assertEqual(['a', 'b'], self.names('resource_types'))
        self.assertEqual(['a', 'b'], [one['name'] for one in (
            self.definitions.list_resource_types(self.owner))])


class NamespaceTest(TestCase):

    def test_made_with_all_its_parts(self):
        made = self.make('M', display_name='m', description='d',
                         visibility='public', **{
                             kind: [dict(given, name='x')]
                             for kind, (given, *_rest) in KINDS.items()})
        self.assertEqual(['metadef_namespace.create'] + [
            KINDS[kind][1] + '.create' for kind in (
                'resource_types', 'objects', 'tags', 'properties')],
            [event_type for event_type, _payload in self.told()])
        self.assertEqual(made, self.namespaces.get(
            self.stranger, name='M', parts=list(KINDS)))
        self.assertEqual(('m', 'd', 'public', False, 'owner'), tuple(
            made[name] for name in ('display_name', 'description',
                                    'visibility', 'protected', 'owner')))

    def change(self, name, **values):
        return self.namespaces.update(self.owner, name=name, values=dict({
            'namespace': name, 'display_name': None, 'description': None,
            'visibility': 'private', 'protected': False, 'owner': 'owner'},
            **values))

    def test_a_renamed_namespace_keeps_its_definitions(self):
        self.create('tags', 'a')
        self.told()
        changed = self.change('N', namespace='O', display_name='o',
                              protected=True)
        (event_type, payload), = self.told()
        self.assertEqual(('metadef_namespace.update', 'O', 'N', True, None), (
            event_type, payload['namespace'], payload['namespace_old'],
            payload['protected'], payload['deleted_at']))
        self.assertEqual(dict(changed, tags=['a']), dict(
            self.namespaces.get(self.owner, name='O', parts=[]),
            tags=self.tags('O')))
        self.assertRaises(exceptions.NotFound, self.change, 'N')

    def test_names_of_namespaces_are_taken(self):
        self.make('M')
        error = self.assertRaises(exceptions.Duplicate, self.make)
        self.assertIn(' N ', str(error))
        self.assertRaises(exceptions.Duplicate, self.change, 'N',
                          namespace='M')

    def test_a_deleted_namespace_takes_its_definitions_along(self):
        self.make('M', tags=[{'name': 'stays'}])
        for kind in KINDS:
            self.create(kind, 'd')
        self.told()
        self.namespaces.delete(self.owner, name='N')
        (event_type, payload), = self.told()
        self.assertEqual(('metadef_namespace.delete', 'N', True), (
            event_type, payload['namespace'], payload['deleted']))
        self.assertRegex(payload['deleted_at'], r'\d{4}-\d\d-\d\dT')
        self.assertEqual(['stays'], self.tags('M'))
        self.make()
        for kind in KINDS:
            self.assertEqual([], self.names(kind))


class NamespaceListTest(TestCase):

    def setUp(self):
        super().setUp()
        link = {'name': 'R', 'prefix': 'p', 'properties_target': None}
        self.make('A', visibility='public', resource_types=[link])
        self.make('B', owner='stranger', description='x' * 2000)

    def list(self, ctxt, **query):
        return self.namespaces.list(ctxt, query=dict(test_metadefs.QUERY,
                                                     **query))

    def listed(self, ctxt, **query):
        return [one['namespace'] for one in self.list(ctxt, **query)]

    def test_who_sees_which(self):
        self.assertEqual(['A', 'N'], self.listed(self.owner))
        self.assertEqual(['A', 'B'], self.listed(self.stranger))
        self.assertEqual(['A', 'B', 'N'], self.listed(self.admin))

    def test_by_visibility(self):
        for visibility, names in (('public', 'A'), ('private', 'BN')):
            self.assertEqual(list(names), self.listed(
                self.admin, visibility=visibility))

    def test_by_resource_type(self):
        for wanted, names in ((['R'], 'A'), (['R', 'S'], 'A'), (['S'], '')):
            self.assertEqual(list(names), self.listed(
                self.admin, resource_types=wanted))

    def test_with_their_resource_types(self):
        first, second = self.list(self.owner)
        self.assertEqual(['R'], [one['name'] for one
                                 in first['resource_types']])
        self.assertEqual([], second['resource_types'])

    def test_a_page_begins_after_a_visible_marker(self):
        self.assertEqual(['A', 'B'], self.listed(self.admin, limit=2))
        self.assertEqual(['B', 'N'], self.listed(self.admin, marker='A'))
        self.assertEqual(['N', 'B', 'A'], self.listed(
            self.admin, sort=['namespace', 'desc']))
        self.assertRaises(exceptions.NotFound, self.listed, self.owner,
                          marker='B')

    def test_as_many_as_fit(self):
        for size, names, is_cut in ((1, 'A', True), (1500, 'A', True),
                                    (100000, 'ABN', False)):
            found = self.list(self.admin, max_bytes=size)
            self.assertEqual((list(names), is_cut), (
                [one['namespace'] for one in found['namespaces']],
                found['is_cut']))
