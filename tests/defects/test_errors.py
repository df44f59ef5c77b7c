"""Requests that ended in an error 500, and errors written as pages."""

import json

from tests.advisories import base

NAMESPACES = '/v2/metadefs/namespaces'
TYPED = {'title': 'T', 'type': 'string'}


class TestErrors(base.TestCase):

    options = {'conductor': False}

    def check(self, status, verb, path, body=None, **kwargs):
        answer = self.service.admin(verb, path, body, **kwargs)
        self.assertEqual(status, answer.status_int,
                         '%s %s: %s' % (verb, path, answer.text))
        return answer

    def test_arrays_as_bodies(self):
        for path in (base.IMAGES, NAMESPACES):
            for body in ([], [{}], [1, 2], 'x', 5):
                self.check(400, 'POST', path, body)

    def test_import_method_as_text(self):
        image_id = self.service.create()['id']
        for method in ('web-download', 5, [], None, {}):
            self.check(400, 'POST', self.path(image_id, '/import'),
                       {'method': method})

    def test_filters_that_cannot_be_used_are_refused(self):
        for query in ('a_min=1', 'name_max=x', 'properties=x', 'locations=x',
                      'members=x', 'size_min=x'):
            self.check(400, 'GET', base.IMAGES + '?' + query)

    def test_metadef_queries(self):
        self.check(201, 'POST', NAMESPACES, {
            'namespace': 'n', 'properties': {'p': TYPED}, 'tags': [
                {'name': 't'}]})
        for query in ('limit=a', 'sort_key=x'):
            self.check(400, 'GET', NAMESPACES + '?' + query)
        self.check(400, 'GET', NAMESPACES + '/n/tags?sort_key=x')
        for path in ('/n', '/n/properties/p'):
            self.check(200, 'GET', NAMESPACES + path + '?a=b')
        for body in ({}, {'tags': None}, {'tags': [5]}):
            self.check(400, 'POST', NAMESPACES + '/n/tags', body)

    def test_renaming_onto_another(self):
        self.check(201, 'POST', NAMESPACES, {
            'namespace': 'n', 'properties': {'a': TYPED, 'b': TYPED},
            'objects': [{'name': 'a'}, {'name': 'b'}]})
        self.check(409, 'PUT', NAMESPACES + '/n/properties/a',
                   dict(TYPED, name='b'))
        self.check(409, 'PUT', NAMESPACES + '/n/objects/a', {'name': 'b'})

    def test_long_request_ids(self):
        for length, status in ((64, 200), (65, 400), (5000, 400)):
            self.check(status, 'GET', base.IMAGES, headers={
                'X-Openstack-Request-Id': 'r' * length})

    def test_cache_that_is_off(self):
        self.check(404, 'DELETE', '/v2/cache/' + '0' * 36)

    def test_messages_are_plain_text(self):
        for verb, path, body in (
                ('GET', self.path('0' * 36), None),
                ('GET', base.IMAGES + '?sort_key=x', None),
                ('POST', base.IMAGES, []), ('GET', '/v2/nowhere', None),
                ('PUT', base.IMAGES, None)):
            answer = self.service.call(verb, path, body)
            self.assertEqual({'message', 'code', 'title'},
                             set(json.loads(answer.body)))
            self.assertNotIn('<', answer.json['message'])

    def test_links_keep_repeated_keys(self):
        for number in range(5):
            self.service.create(name=str(number), tags=['a', 'b'])
        self.service.create(name='other', tags=['a'])
        found, path = [], (base.IMAGES + '?tag=a&tag=b&limit=2'
                           '&sort_key=name&sort_key=id&sort_dir=asc'
                           '&sort_dir=desc')
        while path:
            page = self.service.call('GET', path).json
            for link in (page['first'], page.get('next', page['first'])):
                for key in ('tag=a', 'tag=b', 'sort_key=name', 'sort_key=id'):
                    self.assertIn(key, link)
            found += [image['name'] for image in page['images']]
            path = page.get('next')
        self.assertEqual(list('01234'), found)


class TestVerbs(base.TestCase):

    options = {'conductor': False}

    def allowed(self, verb, path):
        answer = self.service.call(verb, path)
        self.assertEqual(405, answer.status_int, path)
        return set(answer.headers['Allow'].split(', '))

    def test_allow_names_all(self):
        image_id = self.service.create()['id']
        for path, verbs in (('/locations', {'GET', 'POST'}),
                            ('/tasks', {'GET'})):
            self.assertEqual(verbs, self.allowed(
                'PUT', self.path(image_id, path)))
        self.assertEqual({'GET'}, self.allowed('PUT', '/v2/info/usage'))
        self.assertIn('GET', self.allowed('HEAD', base.IMAGES))
