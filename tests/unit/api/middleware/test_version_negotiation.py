"""Versions in paths and in Accept."""

from glance.api.middleware import version_negotiation
from tests.unit.api.middleware import base

TYPE = 'application/vnd.openstack.images-'


class TestVersionNegotiation(base.TestCase):

    def setUp(self):
        super().setUp()
        self.app = version_negotiation.VersionNegotiationFilter.factory({})(
            self.inner)

    def passed_on(self, path, **environ):
        self.assertEqual(200, self.call(self.app, path, **environ).status_int)
        return self.environ['PATH_INFO']

    def test_versions_become_v2(self):
        for path in ('/v2/images/v2.1', '/v2.0/images/v2.1',
                     '/v2.17/images/v2.1'):
            self.assertEqual('/v2/images/v2.1', self.passed_on(path))
        self.assertEqual('/v2', self.passed_on('/v2'))
        self.assertEqual('/v2/', self.passed_on('/v2.2/'))

    def test_what_asks_for_no_served_version(self):
        for path in ('/', '/v1/images', '/v3', '/v2.99/images', '/images',
                     '/v2x', '//v2/images'):
            response = self.call(self.app, path)
            self.assertEqual(300, response.status_int, path)
            self.assertIn('versions', response.json)
            self.assertIsNone(self.environ)

    def test_the_list_of_versions_is_served(self):
        response = self.call(self.app, '/versions')
        self.assertEqual(200, response.status_int)
        self.assertIn('versions', response.json)

    def test_version_in_accept(self):
        self.assertEqual('/v2/images', self.passed_on(
            '/images', HTTP_ACCEPT=TYPE + 'v2.5'))
        self.assertEqual('/v2/images', self.passed_on(
            '/v2/images', HTTP_ACCEPT=TYPE + 'v2'))

    def test_version_in_accept_that_is_not_served(self):
        self.assertEqual(300, self.call(
            self.app, '/images', HTTP_ACCEPT=TYPE + 'v9').status_int)

    def test_more_versions_with_stores(self):
        self.assertEqual(300, self.call(self.app, '/v2.8/a').status_int)
        self.conf.config(enabled_backends={'a': 'file'})
        self.assertEqual('/v2/a', self.passed_on('/v2.8/a'))
