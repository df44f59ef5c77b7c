"""Requests that ended in an error 500, or closed the connection."""

import json

from tests.advisories import base
from tests.fixtures import service

LONG = 'v' * (64 << 10)
CREATE = ([], [{'name': 'x'}], b'[' * 20000 + b']' * 20000,
          b'{"a":' * 20000 + b'1' + b'}' * 20000, b'{"name": "\\ud800"}',
          b'{"\\ud800": "x"}', {'a': LONG}, {'a': '\u20ac' * 22000})
PATHS = (5, 1.5, None, True, [], {}, '/' + 'n' * 5000, 'n' * 5000)
IMPORTS = ([], 'x', {}, {'method': 'web-download'}, {'method': []},
           {'method': {'name': 5}}, {'method': {'name': 'x', 'uri': []}},
           {'method': {'name': 'web-download', 'uri': 5}},
           {'method': {'name': 'glance-direct'}, 'stores': 'fast'},
           {'method': {'name': 'glance-direct'}, 'stores': [5]},
           {'method': {'name': 'glance-direct'}, 'all_stores': 'yes'})


class TestBadInput(base.TestCase):

    options = {'conductor': False, 'show_multiple_locations': True}

    def setUp(self):
        super().setUp()
        self.image_id = self.service.create(a='b')['id']

    def check(self, verb, path, body=None, **kwargs):
        answer = self.service.call(verb, path, body, **kwargs)
        self.assertIn(answer.status_int, range(400, 500),
                      '%s %s %.100r' % (verb, path, body))
        self.assertTrue(json.loads(answer.body)['message'])

    def patch_image(self, *operations):
        self.check('PATCH', self.path(self.image_id), list(operations),
                   headers={'Content-Type': service.V21})

    def test_odd_bodies_are_refused(self):
        for body in CREATE:
            self.check('POST', base.IMAGES, body)
            self.check('POST', '/v2/metadefs/namespaces', body,
                       roles='admin,member,reader')

    def test_odd_patches_are_refused(self):
        for path in PATHS:
            for verb in ('add', 'replace', 'remove'):
                self.patch_image({'op': verb, 'path': path, 'value': 'x'})
        self.patch_image({'op': 'add', 'path': '/a', 'value': LONG})

    def test_odd_imports_are_refused(self):
        for body in IMPORTS:
            self.check('POST', self.path(self.image_id, '/import'), body)

    def test_odd_member_ids_are_refused(self):
        for member in ('m' * 300, '', 5, None, [], '\U0001f600'):
            self.check('POST', self.path(self.image_id, '/members'),
                       {'member': member})

    def test_odd_urls_of_locations_are_refused(self):
        for url in ('http://localhost/' + 'u' * 100000, '', 5, None):
            self.patch_image({'op': 'add', 'path': '/locations/-',
                              'value': {'url': url, 'metadata': {}}})

    def test_sort_keys(self):
        namespaces = '/v2/metadefs/namespaces'
        self.service.admin('POST', namespaces, {'namespace': 'n'})
        for path in (namespaces, namespaces + '/n/tags'):
            for query in ('sort_key=x', 'sort_key=', 'sort_dir=x',
                          'limit=a', 'limit=-1', 'marker=nothing'):
                self.check('GET', '%s?%s' % (path, query),
                           roles='admin,member,reader')

    def test_what_is_no_utf8_is_refused(self):
        for path in ('/v2/images/%FF', '/v2/%C3%28', '/v2/images?name=%FF'):
            self.check('GET', path)

    def test_malformed_ranges_are_refused(self):
        image_id = self.active()
        for text in ('--5', '5--', '-', 'a-b'):
            self.check('GET', self.path(image_id, '/file'),
                       headers={'Range': 'bytes=' + text})
