"""What a deployment says of itself."""

import os

import testtools

from tests.fixtures import service


class TestStores(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(multi=True))

    def test_all_are_listed_with_the_default(self):
        answer = self.service.call('GET', '/v2/info/stores')
        self.assertEqual({'stores': [{'id': 'fast', 'default': 'true'},
                                     {'id': 'cold'}]}, answer.json)

    def test_details_are_for_administrators_and_services(self):
        path = '/v2/info/stores/detail'
        self.assertEqual(403, self.service.call('GET', path).status_int)
        for roles in ('admin', 'service'):
            stores = self.service.call('GET', path, roles=roles).json
            first = stores['stores'][0]
            self.assertEqual(
                ('fast', 'file', 0, self.service.state + '/fast'),
                (first['id'], first['type'], first['weight'],
                 first['properties']['data_dir']))

    def test_details_say_which_stores_can_be_used(self):
        os.rename(self.service.state + '/cold', self.service.state + '/away')
        stores = self.service.admin('GET', '/v2/info/stores/detail').json
        self.assertEqual({'fast': True, 'cold': False},
                         {store['id']: store['reachable']
                          for store in stores['stores']})

    def test_create_tells_the_stores(self):
        answer = self.service.call('POST', '/v2/images', {})
        self.assertEqual('fast,cold',
                         answer.headers['OpenStack-image-store-ids'])


class TestOneStore(testtools.TestCase):

    def test_not_there(self):
        one = self.useFixture(service.Service())
        for path in ('/v2/info/stores', '/v2/info/stores/detail'):
            self.assertEqual(404, one.admin('GET', path).status_int)
        methods = one.call('GET', '/v2/info/import').json['import-methods']
        self.assertEqual(['glance-direct', 'web-download', 'copy-image'],
                         methods['value'])

    def test_each_schema_is_served(self):
        one = self.useFixture(service.Service())
        for name in ('image', 'images', 'member', 'members', 'task', 'tasks',
                     'metadefs/namespace', 'metadefs/tags'):
            answer = one.call('GET', '/v2/schemas/' + name)
            self.assertEqual(200, answer.status_int)
            self.assertIn('name', answer.json)
