"""Pages that are shorter since their entries are large lead on."""

import fixtures

from tests.functional.http import base

_NAMESPACES = '/v2/metadefs/namespaces'


class LargePagesTest(base.TestCase):

    options = {'conductor': False}

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.api.queries.filters.PAGE_BYTES', 2500))

    def pages(self, path, kind):
        """:returns: how many entries each page has, and all entries"""
        sizes, found = [], []
        while path:
            page = self.service.call('GET', path, roles='admin,member').json
            sizes.append(len(page[kind]))
            found += page[kind]
            path = page.get('next')
        return sizes, found

    def test_short_pages_lead_to_all_namespaces(self):
        names = ['n%d' % number for number in range(5)]
        for name in names:
            answer = self.service.admin('POST', _NAMESPACES, {
                'namespace': name, 'description': 'x' * 500})
            self.assertEqual(201, answer.status_int, answer.text)
        for path in ('', '?limit=1000'):
            sizes, found = self.pages(
                _NAMESPACES + path + ('&' if path else '?')
                + 'sort_key=namespace&sort_dir=asc', 'namespaces')
            self.assertEqual([2, 2, 1], sizes)
            self.assertEqual(names, [one['namespace'] for one in found])

    def test_short_pages_lead_to_all_images(self):
        for _number in range(5):
            self.service.create(text='x' * 600)
        sizes, found = self.pages('/v2/images', 'images')
        self.assertEqual([2, 2, 1], sizes)
        self.assertEqual(5, len({image['id'] for image in found}))
