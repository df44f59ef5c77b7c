"""Images in containers of Swift."""

import uuid

from oslotest import base as test_base
import swiftclient

from tests.fixtures.servers import keystone_accounts
from tests.fixtures.servers import swift
from tests.stores import base


class SwiftTest(base.Suite, test_base.BaseTestCase):

    kind = 'swift'
    other = {'swift_store_container': 'copies'}

    def options(self):
        server = self.useFixture(swift.Swift())
        self.keystone, self.region = server.keystone, server.region
        return {'swift_store_auth_address': self.keystone.url,
                'swift_store_user': 'service:glance',
                'swift_store_key': keystone_accounts.password('glance'),
                'swift_store_region': self.region,
                'swift_store_container': 'images',
                'swift_store_create_container_on_put': 'true',
                'swift_store_large_object_size': '6',
                'swift_store_large_object_chunk_size': '5'}

    def client(self):
        return swiftclient.Connection(
            self.keystone.url, 'glance',
            keystone_accounts.password('glance'), auth_version='3',
            os_options={'project_name': 'service', 'region_name': self.region,
                        'user_domain_id': 'default',
                        'project_domain_id': 'default'})

    def left(self):
        return [entry['name'] for entry in self.client().get_container(
            'images', full_listing=True)[1]]

    def test_name_of_the_image(self):
        """Bare metal services look for it there."""
        image_id = str(uuid.uuid4())
        first = self.put(b'1', 'a1', image_id)
        second = self.put(b'2', 'a2', image_id)
        self.assertEqual([image_id, image_id + '-a2'],
                         [url.split('/')[-1] for url in (first, second)])
        self.store.delete(first)
        self.store.delete(second)
        self.assertEqual([], self.mine(image_id))

    def test_empty(self):
        self.assertEqual(b'', self.get(self.put(b'')))
