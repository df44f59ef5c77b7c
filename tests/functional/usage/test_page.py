"""GET /v2/images/{id}/usage: who sees whose uses of an image."""

import time
import uuid

import testtools

from glance.api import services
from glance.common import context
from tests.fixtures import service

USED = 1000     # milliseconds between two uses


class UsedImageTestCase(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service())
        self.enable()
        self.image = self.service.create(name='a', visibility='community')
        self.path = '/v2/images/%s/usage' % self.image['id']
        self.begin = int(time.time() * 1000) - 60000

    def enable(self, enabled=True):
        self.service.conf.config(group='usage', enabled=enabled)

    def use(self, number, project=service.PROJECT, kind='server', **more):
        services.registry().usage.merge(context.internal(), [{
            'at_ms': self.begin + number * USED, 'kind': kind,
            'id': str(uuid.UUID(int=number)), 'project_id': project,
            'image_id': self.image['id'], 'is_gone': False, **more}])

    def get(self, query='', status=200, by=None, **kwargs):
        answer = (by or self.service.call)('GET', self.path + query, **kwargs)
        self.assertEqual(status, answer.status_int, answer.text)
        return answer.json if status == 200 else answer.text

    def numbers(self, page):
        return [uuid.UUID(one['id']).int for one in page['uses']]


class PageTestCase(UsedImageTestCase):

    def test_an_owner_sees_uses_of_its_project_and_counts_others(self):
        self.use(1)
        self.use(2, 'p2')
        self.use(3, kind='volume')
        page = self.get()
        self.assertEqual([3, 1], self.numbers(page))
        self.assertEqual((3, 1), (page['use_count'], page['others_count']))
        self.assertEqual({'kind', 'id', 'project_id', 'since', 'until',
                          'last_seen'}, set(page['uses'][0]))
        self.assertNotIn('p2', str(page))

    def test_an_administrator_sees_all(self):
        self.use(1)
        self.use(2, 'p2')
        page = self.get(by=self.service.admin)
        self.assertEqual([2, 1], self.numbers(page))
        self.assertEqual((2, 0), (page['use_count'], page['others_count']))

    def test_others_see_nothing(self):
        self.get(status=403, project='p2')
        self.service.patch(self.image['id'], [
            {'op': 'replace', 'path': '/visibility', 'value': 'private'}])
        self.get(status=404, project='p2')

    def test_pages_follow_each_other(self):
        for number in range(1, 6):
            self.use(number)
        for query in ('?limit=2', '?current=false&limit=2'):
            found, link = [], self.path + query
            while link:
                page = self.service.call('GET', link).json
                found += self.numbers(page)
                link = page.get('next')
            self.assertEqual([5, 4, 3, 2, 1], found)
            for number in range(1, 6):
                self.use(number, is_gone=True)
        self.assertEqual(0, self.get()['use_count'])
        self.assertEqual([], self.get('?current=false&limit=0')['uses'])

    def test_bad_queries_are_refused(self):
        for query in ('?limit=-1', '?limit=x', '?current=maybe', '?marker=x',
                      '?marker=1_server_' + self.image['id'].upper(),
                      '?marker=1_2_server_' + self.image['id'],
                      '?current=false&marker=1_server_' + self.image['id']):
            self.get(query, status=400)

    def test_without_the_option_there_is_nothing(self):
        self.enable(False)
        self.get(status=404)

    def test_a_page_is_one_statement(self):
        self.use(1)
        with self.service.database.statements() as seen:
            self.get('?limit=1')
        # The other one is the image's.
        self.assertEqual(2, len(seen), '\n'.join(seen))


class FieldsTestCase(UsedImageTestCase):

    def show(self):
        return self.service.call('GET', '/v2/images/' + self.image['id']).json

    def test_images_tell_how_they_are_used(self):
        self.assertEqual((0, None), (self.show()['os_usage_count'],
                                     self.show()['os_last_used_at']))
        self.use(1)
        self.assertEqual(1, self.show()['os_usage_count'])
        self.assertEqual(self.get()['uses'][0]['last_seen'],
                         self.show()['os_last_used_at'])

    def test_lists_are_filtered_and_sorted_by_it(self):
        self.service.create(name='never used')
        self.use(1)
        for query, names in (
                ('os_usage_count=1', ['a']), ('os_usage_count_max=0',
                                              ['never used']),
                ('os_last_used_at=gt:2026-01-01T00:00:00Z', ['a']),
                ('sort=os_last_used_at:desc', ['a', 'never used']),
                ('sort=os_usage_count:asc', ['never used', 'a'])):
            answer = self.service.call('GET', '/v2/images?' + query)
            self.assertEqual(names, [
                one['name'] for one in answer.json['images']], query)

    def test_nobody_sets_it(self):
        answer = self.service.patch(self.image['id'], [
            {'op': 'add', 'path': '/os_usage_count', 'value': 0}])
        self.assertEqual(403, answer.status_int)

    def test_there_is_none_without_the_option(self):
        self.use(1)
        self.enable(False)
        self.assertNotIn('os_usage_count', self.show())
        answer = self.service.call('GET', '/v2/images?sort=os_usage_count')
        self.assertEqual(400, answer.status_int)
