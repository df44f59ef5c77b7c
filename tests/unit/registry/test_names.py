"""Names are what is written, in every place and on every database.

Where a unique key of the database cannot hold two names that differ, the
second one is refused (409), and nothing has changed.
"""

import itertools
import uuid

from glance.common import context
from glance.common import exceptions
from glance.registry.endpoints.metadefs import definitions
from glance.registry.endpoints.metadefs import namespaces
from glance.registry.endpoints import tasks
from tests.unit.registry import base

# In each group, names that one collation or another takes for the same.
_GROUPS = (('abc', 'ABC', 'abc ', 'Abc'), ('e', '\xe9', 'e\u0301', '\xc9'),
           ('stra\xdfe', 'strasse'), ('\xe5', 'a\u030a', '\u212b'),
           ('\uff41', 'a'), ('i', '\u0131', '\u0130'), ('x', 'x\u200b'))
_PAIRS = [pair for group in _GROUPS
          for pair in itertools.permutations(group, 2)]
_NONE = {'set_properties': {}, 'remove_properties': []}


class NamesTest(base.RegistryTestCase):

    def change(self, image, **changes):
        """:returns: the image then, None if it was refused"""
        try:
            return self.images.update(self.owner, image_id=image['id'],
                                      changes=dict(_NONE, **changes))
        except exceptions.Duplicate:
            return None

    def test_one_tag_is_never_taken_for_another(self):
        for one, other in _PAIRS:
            image = self.create(tags=[one, other])
            self.assertEqual(sorted([one, other]), image['tags'])
            self.images.remove_tag(self.owner, image_id=image['id'],
                                   tag=other)
            self.assertEqual([one], self.get(self.owner, image['id'])['tags'])
            self.assertRaises(
                exceptions.NotFound, self.images.remove_tag, self.owner,
                image_id=image['id'], tag=other)
            self.assertEqual([], self.list(self.owner, tags=[other]))
            self.assertEqual([other],
                             self.change(image, tags=[other])['tags'])
            self.images.delete(self.owner, image_id=image['id'])

    def test_one_member_is_never_taken_for_another(self):
        for one, other in _PAIRS:
            image_id = self.create()['id']
            self.add_member(image_id, one)
            self.assertRaises(
                exceptions.NotFound, self.members.get, self.owner,
                image_id=image_id, member_id=other)
            for change, more in ((self.members.update, {'status': 'pending'}),
                                 (self.members.delete, {})):
                self.assertRaises(
                    exceptions.NotFound, change, self.owner,
                    image_id=image_id, member_id=other, **more)
            self.assertIsNone(self.get(
                context.BusContext(project_id=other), image_id))
            both = self.add_member(image_id, other)
            self.assertEqual([one, other] if both else [one],
                             self.member_ids(image_id))
            self.members.delete(self.owner, image_id=image_id, member_id=one)
            if not both:
                self.assertTrue(self.add_member(image_id, other))
            self.assertEqual([other], self.member_ids(image_id))
            self.images.delete(self.owner, image_id=image_id)

    def add_member(self, image_id, member_id):
        """:returns: whether it is one now"""
        try:
            member = self.members.create(self.owner, image_id=image_id,
                                         member_id=member_id, limit=-1)
        except exceptions.Duplicate:
            return False
        self.assertEqual(member_id, member['member_id'])
        return True

    def member_ids(self, image_id):
        return [member['member_id'] for member in
                self.members.list(self.owner, image_id=image_id)]

    def test_property_names(self):
        for one, other in _PAIRS:
            try:
                found = self.create(properties={one: '1', other: '2'})
                self.assertEqual({one: '1', other: '2'}, found['properties'])
                self.images.delete(self.owner, image_id=found['id'])
            except exceptions.Duplicate:
                pass
            image = self.create(properties={one: '1'})
            self.assertEqual([], self.list(self.owner, properties={
                other: '1'}))
            self.assertRaises(exceptions.Conflict, self.images.update,
                              self.owner, image_id=image['id'],
                              changes=dict(_NONE, must_exist=[other],
                                           remove_properties=[other]))
            wanted = self.change(image, set_properties={other: '2'})
            self.assertEqual(
                {one: '1', other: '2'} if wanted else {one: '1'},
                self.get(self.owner, image['id'])['properties'])
            renamed = self.change(image, set_properties={other: '3'},
                                  remove_properties=[one])
            self.assertEqual({other: '3'}, renamed['properties'])
            self.images.delete(self.owner, image_id=image['id'])

    def test_filters_find_values_as_they_are_written(self):
        for one, other in _PAIRS:
            image = self.create(name=one, owner=one, properties={'p': one})
            self.owner.project_id = one
            for value, found in ((one, [one]), (other, [])):
                for query in ({'filters': [['name', 'eq', value]]},
                              {'filters': [['name', 'in', [value, '-']]]},
                              {'filters': [['owner', 'eq', value]]},
                              {'properties': {'p': value}}):
                    self.assertEqual(found, self.list(self.owner, **query))
            self.assertEqual([], self.list(
                context.BusContext(project_id=other)))
            self.images.delete(self.owner, image_id=image['id'])

    def test_a_page_goes_on_after_a_name_like_others(self):
        names = sorted(set(itertools.chain(*_GROUPS)))
        for name in names:
            self.create(name=name)
        for direction in ('asc', 'desc'):
            sort = [['name', direction], ['id', 'asc']]
            found, marker = [], None
            for _page in range(len(names)):
                image, = self.images.list(self.owner, query=dict(
                    base.QUERY, sort=sort, limit=1, marker=marker))
                found.append(image['name'])
                marker = image['id']
            self.assertEqual(names, sorted(found))

    def test_images_are_found_by_ids_in_any_case(self):
        image_id = str(uuid.uuid4())
        self.create(id=image_id, name='it')
        for form in (image_id.upper(), image_id.title()):
            self.assertEqual(image_id, self.get(self.owner, form)['id'])
            for query in ({'filters': [['id', 'eq', form]]},
                          {'filters': [['id', 'in', ['x', form]]]}):
                self.assertEqual(['it'], self.list(self.owner, **query))
            self.assertEqual([], self.list(self.owner, marker=form))
        self.assertEqual([], self.list(
            self.owner, filters=[['id', 'eq', image_id + ' ']]))

    def test_ids_that_former_releases_kept(self):
        image_id = str(uuid.uuid4()).upper()
        self.create(id=image_id)
        self.create(id='plain')
        self.assertEqual(image_id,
                         self.get(self.owner, image_id.lower())['id'])
        self.assertIsNone(self.get(self.owner, 'PLAIN'))
        self.assertEqual([], self.list(
            self.owner, filters=[['id', 'eq', 'PLAIN']]))

    def test_tasks_are_found_by_ids_in_any_case(self):
        endpoint, task_id = tasks.TasksEndpoint(), str(uuid.uuid4())
        endpoint.create(self.owner, task={
            'id': task_id, 'type': 'import', 'owner': 'owner',
            'image_id': None, 'request_id': 'r', 'user_id': 'u',
            'input': {}}, plan={'kind': 'import', 'input': {}})
        query = {'filters': {'id': task_id.upper()}, 'limit': 5,
                 'sort_key': 'owner', 'sort_dir': 'asc', 'marker': None}
        self.assertEqual(task_id, endpoint.get(
            self.owner, task_id=task_id.upper())['id'])
        self.assertEqual(1, len(endpoint.list(self.owner, query=query)))
        for filters in ({'owner': 'OWNER'}, {'user_id': 'u '}):
            self.assertEqual([], endpoint.list(
                self.admin, query=dict(query, filters=filters)))
        self.assertEqual([], endpoint.list(self.owner, query=dict(
            query, filters={}, marker=task_id.upper())))
        endpoint.cancel(self.owner, task_id=task_id.upper())


class MetadefNamesTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.namespaces = namespaces.NamespacesEndpoint()
        self.definitions = definitions.DefinitionsEndpoint()

    def add_namespace(self, name):
        return self.namespaces.create(self.owner, values={
            'namespace': name, 'display_name': None, 'description': None,
            'visibility': 'public', 'protected': False, 'owner': 'owner',
            'resource_types': [], 'objects': [], 'tags': [],
            'properties': []})

    def test_one_namespace_is_never_taken_for_another(self):
        for one, other in _PAIRS:
            with self.subTest(one=ascii(one), other=ascii(other)):
                self.add_namespace(one)
                self.assertRaises(exceptions.NotFound, self.namespaces.get,
                                  self.owner, name=other, parts=[])
                self.assertRaises(exceptions.NotFound,
                                  self.namespaces.delete, self.owner,
                                  name=other)
                if self.is_there(self.add_namespace, other):
                    self.namespaces.delete(self.owner, name=other)
                self.namespaces.delete(self.owner, name=one)

    def is_there(self, create, *args, **kwargs):
        try:
            create(*args, **kwargs)
        except exceptions.Duplicate:
            return False
        return True

    def item(self, kind, name):
        return dict({'objects': {'description': None, 'required': [],
                                 'properties': {}},
                     'properties': {'schema': {}}, 'tags': {},
                     'resource_types': {'prefix': None,
                                        'properties_target': None}}[kind],
                    name=name)

    def test_one_definition_is_never_taken_for_another(self):
        self.add_namespace('n')
        for kind in ('objects', 'properties', 'tags', 'resource_types'):
            for one, other in _PAIRS:
                with self.subTest(kind, one=ascii(one), other=ascii(other)):
                    self.check_definitions(kind, one, other)

    def check_definitions(self, kind, one, other):
        where = {'kind': kind, 'namespace_name': 'n'}

        def create(name):
            self.definitions.create(self.owner, is_replacing=False, items=[
                self.item(kind, name)], **where)

        def names():
            return sorted(item['name'] for item in self.definitions.list(
                self.owner, query=None, **where)['items'])
        # A resource type stays when nothing is associated with it any more.
        if not self.is_there(create, one):
            self.assertEqual('resource_types', kind)
            return
        self.assertIsNone(self.definitions.get(
            self.owner, name=other, resource_type=None, **where)['item'])
        self.assertRaises(exceptions.NotFound, self.definitions.delete,
                          self.owner, name=other, **where)
        expected = [one]
        if self.is_there(create, other):
            expected.append(other)
        self.assertEqual(sorted(expected), names())
        for name in expected:
            self.definitions.delete(self.owner, name=name, **where)
        self.assertEqual([], names())
