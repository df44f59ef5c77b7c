"""Lists of tasks and of namespaces end where they would become too large."""

import datetime
import uuid

from oslo_utils import timeutils

from glance.db.connect import engine
from glance.db import schema
from glance.registry.endpoints.metadefs import namespaces
from glance.registry.endpoints import tasks
from tests.unit.registry import base

_MIB = 1 << 20


class TaskBytesTest(base.RegistryTestCase):
    """All of them are for one answer: the newest ones that fit are."""

    def setUp(self):
        super().setUp()
        self.tasks = tasks.TasksEndpoint()
        self.image_id = self.create()['id']
        self._now = timeutils.utcnow().replace(microsecond=0)

    def add(self, count, owner='owner', **texts):
        ids = [str(uuid.uuid4()) for _number in range(count)]
        with engine.writer() as conn:
            for task_id in ids:
                self._now += datetime.timedelta(seconds=1)
                conn.execute(schema.tasks.insert(), dict(
                    id=task_id, type='api_image_import', status='failure',
                    owner=owner, image_id=self.image_id, request_id='r',
                    user_id='u', created_at=self._now, updated_at=self._now,
                    deleted=False))
                conn.execute(schema.task_info.insert(),
                             dict({'input': '{}'}, task_id=task_id, **texts))
        return ids

    def list(self, ctxt=None):
        with self.database.statements() as statements:
            found = self.tasks.list_of_image(ctxt or self.owner,
                                             image_id=self.image_id)
        self.assertEqual(1, len(statements), statements)
        return [task['id'] for task in found]

    def test_the_newest_that_fit_are_listed(self):
        for texts in ({'message': 'x' * 60000}, {'result': '"%s"' % ('x' * (
                59998))}, {'input': '{"a": "%s"}' % ('x' * 59991)}):
            ids = self.add(72, **texts)
            found = self.list()
            self.assertEqual(ids[-len(found):], found)
            self.assertEqual(69, len(found))

    def test_letters_of_several_bytes(self):
        ids = self.add(90, message='\u20ac' * 20000)
        found = self.list()
        self.assertEqual(ids[-len(found):], found)
        if engine.get_engine().dialect.name != 'sqlite':
            self.assertEqual(69, len(found))

    def test_one_at_least(self):
        if engine.get_engine().dialect.name == 'mysql':
            self.skipTest('no column there holds so much')
        self.add(1)
        last = self.add(1, message='x' * 5 * _MIB)
        self.assertEqual(last, self.list())

    def test_of_others(self):
        """What the caller does not see does not fill the page."""
        mine = self.add(2)
        others = self.add(80, owner='stranger', message='x' * 60000)
        self.assertEqual(mine, self.list())
        self.assertEqual(others[-69:], self.list(self.admin))

    def test_small_ones(self):
        ids = self.add(30)
        self.assertEqual(ids, self.list())


class NamespaceBytesTest(base.RegistryTestCase):
    """A page is shorter, and goes on at its marker."""

    def setUp(self):
        super().setUp()
        self.namespaces = namespaces.NamespacesEndpoint()

    def make(self, name, **values):
        self.namespaces.create(self.owner, values=dict({
            'namespace': name, 'display_name': None, 'description': None,
            'visibility': 'public', 'protected': False, 'owner': 'owner',
            'resource_types': [], 'objects': [], 'properties': [],
            'tags': []}, **values))

    def page(self, ctxt=None, **query):
        with self.database.statements() as statements:
            answer = self.namespaces.list(ctxt or self.owner, query=dict({
                'visibility': None, 'resource_types': [], 'marker': None,
                'sort': ['namespace', 'asc'], 'limit': 25,
                'max_bytes': 25000}, **query))
        self.assertLessEqual(len(statements), 2 + bool(query.get('marker')))
        return ([one['namespace'] for one in answer['namespaces']],
                answer['is_cut'])

    def names(self, count=5):
        return ['n%d' % number for number in range(count)]

    def test_a_page_of_long_descriptions_is_cut(self):
        for name in self.names():
            self.make(name, description='x' * 10000)
        for ctxt in (self.owner, self.stranger, self.admin):
            self.assertEqual((['n0', 'n1'], True), self.page(ctxt))
            self.assertEqual((['n2', 'n3'], True),
                             self.page(ctxt, marker='n1'))
            self.assertEqual((['n4'], False), self.page(ctxt, marker='n3'))
        self.assertEqual((['n4', 'n3'], True),
                         self.page(sort=['namespace', 'desc']))

    def test_resource_types(self):
        for name in self.names():
            self.make(name, resource_types=[
                {'name': ('%02d' % number) * 40, 'prefix': 'p' * 80,
                 'properties_target': 't' * 80} for number in range(30)])
        self.assertEqual((['n0', 'n1'], True), self.page())
        self.assertEqual((['n4'], False), self.page(marker='n3'))

    def test_one_at_least(self):
        for name in self.names(3):
            self.make(name, description='x' * (
                60000 if name == 'n1' else 10))
        self.assertEqual((['n0'], True), self.page())
        self.assertEqual((['n1'], True), self.page(marker='n0'))

    def test_a_page_at_its_limit_is_not_cut(self):
        for name in self.names():
            self.make(name)
        self.assertEqual((['n0', 'n1'], False), self.page(limit=2))
        self.assertEqual((self.names(), False), self.page())
        self.assertEqual(([], False), self.page(marker='n4'))

    def test_others_know_of_no_bound(self):
        self.make('n0', description='x' * 30000)
        answer = self.namespaces.list(self.owner, query={
            'visibility': None, 'resource_types': [], 'marker': None,
            'sort': ['namespace', 'asc'], 'limit': 25})
        self.assertEqual(['n0'], [one['namespace'] for one in answer])
