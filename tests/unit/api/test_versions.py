"""The documents of versions against the contract."""

import os

from oslo_config import fixture as config_fixture
from oslotest import base
import webob
import yaml

from glance.api.openapi import document
from glance.api import versions
from glance.conf import CONF

_FACTS = os.path.join(os.path.dirname(__file__), '..', '..', 'data',
                      'contract', 'routes.yaml')


class TestVersions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        with open(_FACTS, encoding='utf-8') as facts:
            self.facts = yaml.safe_load(facts)['versions_document']
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def configure(self, set_up):
        self.conf.config(
            enabled_backends={'a': 'file'} if 'multi_store' in set_up else {},
            image_cache_dir='/c' if 'cache' in set_up else None)

    def get(self, path='/', **environ):
        req = webob.Request.blank(path)
        req.environ.update(environ)
        return req.get_response(versions.create_resource({}))

    def test_versions_are_listed_in_order(self):
        """As it was, but in order."""
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        for set_up, expected in self.facts['list_order_and_status'].items():
            self.configure(set_up)
            listed = self.get().json['versions']
            expected = sorted(expected, reverse=True,
                              key=lambda item: int(item['id'][3:]))
            self.assertEqual('CURRENT', expected[0]['status'])
            self.assertEqual(
                expected, [{'id': item['id'], 'status': item['status']}
                           for item in listed], set_up)
            # the other document that names a version
            self.assertEqual('v' + document.document({})['info']['version'],
                             listed[0]['id'])

    def test_accepted_prefixes(self):
        accepted = self.facts['accepted_url_prefixes']
        for set_up in self.facts['list_order_and_status']:
            self.configure(set_up)
            expected = set(accepted['always'])
            if 'multi_store' in set_up:
                expected |= set(accepted['with_enabled_backends'])
            if 'cache' in set_up:
                expected |= set(accepted['with_image_cache_dir'])
            self.assertEqual(expected, {
                segment for segment in
                ['v2'] + ['v2.%d' % minor for minor in range(30)]
                if versions.is_served(segment)}, set_up)

    def test_strange_prefixes(self):
        for segment in ('', 'v', 'v2.', 'v2.00', 'v2.-1', 'v2.1.1', 'v1',
                        'v3', 'v2.' + '9' * 5000, 'v2.²', 'V2', 'v2.٣'):
            self.assertFalse(versions.is_served(segment), segment)

    def test_each_path_has_its_status(self):
        for path, status in self.facts['status_code'].items():
            if path.startswith('/'):
                self.assertEqual(int(status), self.get(path).status_int)
        self.assertEqual(300, self.get('/nonsense').status_int)

    def test_the_link_leads_to_v2(self):
        link = self.get().json['versions'][0]['links']
        self.assertEqual([{'rel': 'self', 'href': 'http://localhost/v2/'}],
                         link)

    def test_link_below_a_prefix(self):
        link = self.get(SCRIPT_NAME='/image').json['versions'][0]['links'][0]
        self.assertEqual('http://localhost/image/v2/', link['href'])

    def test_link_with_a_public_endpoint(self):
        self.conf.config(public_endpoint='https://images.example:9292/x')
        link = self.get().json['versions'][0]['links'][0]
        self.assertEqual('https://images.example:9292/x/v2/', link['href'])
