"""Lists find the same images whichever way they take to them."""

import datetime
import itertools
import time

import fixtures

from glance.common import context
from glance.db.connect import engine
from glance.db import schema
from glance.registry.endpoints import usage as endpoint
from tests.unit.registry import base

_IMAGES = 12
_END = [['created_at', 'desc'], ['id', 'desc']]
_HOUR = 3600
_FIRST = datetime.datetime(2024, 1, 1)


def _by(key, direction='desc'):
    return [[key, direction], ['id', direction]]


def _not(value):
    return [['os_usage_count', 'eq', value]]


class FewAndManyTest(base.RegistryTestCase):
    """Every second image has a property, every third a tag and every fourth
    a use; a project owns some, is a member of some, and sees public ones.

    :cvar filled: how many images have sums, the oldest ones
    """

    filled = 0

    def setUp(self):
        super().setUp()
        self.config.config(group='usage', enabled=True)
        self.usage = endpoint.UsageEndpoint()
        self.now = int(time.time())
        self.images_by_name = {}
        for number in range(_IMAGES):
            self.add(number)
            if number + 1 == self.filled:
                self.usage.fold(self.admin, limit=10)
        for number in range(0, _IMAGES, 4):
            self.use(number)

    def add(self, number):
        image = self.create(
            name='%02d' % number, owner='owner' if number % 3 else 'other',
            visibility=('shared', 'public', 'private')[number % 3],
            properties={'even': str(number % 2 == 0), 'all': 'yes'},
            tags=['third'] if number % 3 == 0 else [])
        self.images_by_name[image['name']] = image['id']
        if number % 6 == 0:
            self.members.create(self.admin, image_id=image['id'],
                                member_id='stranger', limit=-1)
            self.members.update(self.stranger, image_id=image['id'],
                                member_id='stranger', status='accepted')
        with engine.writer() as conn:
            conn.execute(schema.images.update().where(
                schema.images.c.id == image['id']), {
                    'created_at': _FIRST + datetime.timedelta(number)
                    if number < self.filled else
                    datetime.datetime.utcfromtimestamp(self.now)
                    + datetime.timedelta(seconds=number)})

    def use(self, number):
        self.usage.merge(self.admin, statements=[{
            'at_ms': (self.now - (number + 1) * _HOUR) * 1000,
            'kind': 'server', 'id': 'server-%d' % number, 'project_id': 'p',
            'image_id': self.images_by_name['%02d' % number],
            'is_gone': number == 8}])

    def ago(self, hours):
        return datetime.datetime.utcfromtimestamp(
            self.now - hours * _HOUR).isoformat()

    def queries(self):
        filters = [
            {}, {'properties': {'even': 'True'}}, {'tags': ['third']},
            {'properties': {'even': 'True', 'all': 'yes'}},
            {'properties': {'even': 'True'}, 'tags': ['third']},
            {'properties': {'all': 'no'}}, {'visibility': 'public'},
            *({'filters': [[name, operator, value]]}
              for name, operator, value in (
                  ('os_usage_count', 'eq', 0), ('os_usage_count', 'gte', 1),
                  ('os_usage_count', 'neq', 5), ('os_usage_count', 'lt', 1),
                  ('os_last_used_at', 'lt', self.ago(2)),
                  ('os_last_used_at', 'gte', self.ago(5)),
                  ('os_last_used_at', 'neq', self.ago(1))))]
        sorts = [_END, [['name', 'asc'], *_END], [['size', 'asc'], *_END],
                 _by('name', 'asc'), [['os_last_used_at', 'asc'], *_END],
                 *(_by(key, direction) for key in (
                     'os_usage_count', 'os_last_used_at')
                   for direction in ('asc', 'desc'))]
        for query, sort in itertools.product(filters, sorts):
            yield dict(query, sort=sort)

    def found(self, few, ctxt, query):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.db.images.list_filters.FEW', few))
        return self.list(ctxt, **query)

    def test_a_count_does_not_change_what_is_found(self):
        for ctxt in (self.admin, self.owner, self.stranger):
            for query in self.queries():
                whole = self.found(1000, ctxt, query)
                for few in (0, 3):
                    self.assertEqual(whole, self.found(few, ctxt, query),
                                     (few, query))

    def test_pages_make_the_whole(self):
        for ctxt, few in ((self.admin, 0), (self.owner, 3)):
            for query in self.queries():
                whole = self.found(few, ctxt, query)
                self.assertEqual(whole, self.in_pages(ctxt, query),
                                 (few, query))

    def in_pages(self, ctxt, query):
        found, marker = [], None
        while page := self.list(ctxt, limit=5, marker=marker, **query):
            found += page
            marker = self.images_by_name[page[-1]]
        return found

    def test_the_filters_find_what_they_are_to(self):
        wanted = {
            'even': {'properties': {'even': 'True'}, 'tags': ['third']},
            'unused': {'filters': _not(0)},
            'old': {'filters': [['os_last_used_at', 'lt', self.ago(2)]]}}
        for few in (0, 1000):
            found = {name: sorted(self.found(few, self.admin, query))
                     for name, query in wanted.items()}
            self.assertEqual({
                'even': ['00', '06'], 'old': ['04', '08'],
                'unused': ['01', '02', '03', '05', '06', '07', '08', '09',
                           '10', '11']}, found)

    def test_the_order_by_use(self):
        for few in (0, 1000):
            found = self.found(few, self.admin, {
                'sort': _by('os_last_used_at')})
            self.assertEqual(['00', '04', '08'], found[:3])
            self.assertEqual(_IMAGES, len(found))
            self.assertEqual(found[::-1], self.found(few, self.admin, {
                'sort': _by('os_last_used_at', 'asc')}))

    def test_a_list_is_one_statement(self):
        for query in self.queries():
            with self.database.statements() as seen:
                self.list(context.BusContext(project_id='owner'), **query)
            self.assertEqual(1, len(seen))


class WithSumsTest(FewAndManyTest):
    """Older images have sums that say that nobody uses them."""

    filled = 8
