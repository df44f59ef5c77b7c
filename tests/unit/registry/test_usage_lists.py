"""Lists of images by who uses them; the fields are there when wanted."""

import datetime

from glance.common import context
from glance.registry.endpoints import usage as endpoint
from tests.unit.registry import base

_END = [['created_at', 'desc'], ['id', 'desc']]


class UsageListsTest(base.RegistryTestCase):
    """`a` has two uses, `b` one, `c` one that has ended, `d` and `e` none."""

    def setUp(self):
        super().setUp()
        self.config.config(group='usage', enabled=True)
        self.begin = datetime.datetime.now(datetime.timezone.utc).replace(
            microsecond=0) - datetime.timedelta(hours=1)
        self.ids = {name: self.create(name=name)['id'] for name in 'abcde'}
        self.create(name='hidden', owner='other')
        for number, (name, is_gone) in enumerate(
                [('a', False), ('c', True), ('b', False), ('a', False)]):
            endpoint.UsageEndpoint().merge(self.admin, statements=[{
                'at_ms': int(self.moment(number).timestamp() * 1000),
                'kind': 'server', 'id': 'server-%d' % number,
                'project_id': 'p', 'image_id': self.ids[name],
                'is_gone': is_gone}])

    def moment(self, number):
        return self.begin + datetime.timedelta(seconds=number)

    def found(self, key='created_at', direction='desc', ctxt=None, filters=(),
              **query):
        return self.list(ctxt or self.owner, filters=list(filters),
                         sort=[[key, direction], *_END], **query)

    def all_pages(self, *args, **kwargs):
        found, marker = [], None
        while page := self.found(*args, limit=1, marker=marker, **kwargs):
            found += page
            marker = self.ids[page[-1]]
        return found

    def test_the_last_used_come_first(self):
        for ctxt in (self.owner, context.BusContext(
                project_id='owner', is_admin=True)):
            found = self.found('os_last_used_at', ctxt=ctxt)
            self.assertEqual(['a', 'b', 'c'], [
                one for one in found if one in 'abc'])
            self.assertEqual('abc', ''.join(found)[:3])
        self.assertNotIn('hidden', self.found('os_last_used_at'))

    def test_those_never_used_come_first_the_other_way(self):
        found = self.found('os_last_used_at', 'asc')
        self.assertEqual(['c', 'b', 'a'], found[2:])
        self.assertEqual({'d', 'e'}, set(found[:2]))

    def test_a_short_page_begins_the_long_one(self):
        for key in ('os_last_used_at', 'os_usage_count'):
            for direction in ('asc', 'desc'):
                whole = self.found(key, direction)
                for limit in range(1, 6):
                    self.assertEqual(whole[:limit], self.found(
                        key, direction, limit=limit))

    def test_by_count(self):
        found = self.found('os_usage_count')
        self.assertEqual(['a', 'b'], found[:2])
        self.assertEqual({'c', 'd', 'e'}, set(found[2:]))

    def test_all_pages_together(self):
        for key in ('os_last_used_at', 'os_usage_count'):
            for direction in ('asc', 'desc'):
                self.assertEqual(self.found(key, direction),
                                 self.all_pages(key, direction))

    def test_filters_compare_what_is_shown(self):
        moment = self.moment(2).strftime('%Y-%m-%dT%H:%M:%S')
        for wanted, *condition in (
                ('a', 'os_usage_count', 'eq', 2),
                ('ab', 'os_usage_count', 'gte', 1),
                ('cde', 'os_usage_count', 'lte', 0),
                ('b', 'os_last_used_at', 'eq', moment),
                ('a', 'os_last_used_at', 'gt', moment),
                ('ab', 'os_last_used_at', 'gte', moment),
                ('c', 'os_last_used_at', 'lt', moment)):
            self.assertEqual(wanted, ''.join(sorted(
                self.found(filters=[condition]))), condition)

    def test_images_have_the_fields(self):
        wanted = {'a': (2, self.moment(3)), 'd': (0, None)}
        for name, (count, moment) in wanted.items():
            image = self.get(self.owner, self.ids[name])
            self.assertEqual((count, moment and moment.strftime(
                '%Y-%m-%dT%H:%M:%SZ')), (image['os_usage_count'],
                                         image['os_last_used_at']))
        listed = self.images.list(self.owner, query=base.QUERY)
        self.assertEqual({'a': 2, 'b': 1, 'c': 0, 'd': 0, 'e': 0}, {
            one['name']: one['os_usage_count'] for one in listed})

    def test_nothing_of_it_is_there_when_it_is_off(self):
        self.config.config(group='usage', enabled=False)
        with self.database.statements() as seen:
            image = self.get(self.owner, self.ids['a'])
            self.found()
        self.assertNotIn('os_usage_count', image)
        self.assertNotIn('image_usage', ''.join(seen))

    def test_a_list_is_one_statement(self):
        with self.database.statements() as seen:
            self.found('os_last_used_at')
        self.assertEqual(1, len(seen))
