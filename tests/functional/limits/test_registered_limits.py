"""Limits of a real Keystone, kept by two registries together."""

import concurrent.futures

from oslotest import base
import requests

from tests.fixtures import deployments
from tests.fixtures.servers import keystone_accounts

USERS = 32
LIMITS = {'image_size_total': 1, 'image_stage_total': 1,
          'image_count_total': 10, 'image_count_uploading': 100}


class Limited(deployments.Distributed):
    """Every project may have ten images, all together of 1 MiB."""

    def _write_configs(self):
        admin = keystone_accounts.Admin(self.keystone.url)
        admin.register_limits(self.region, **LIMITS)
        admin.grant_system('reader', 'glance')
        account = self._authtoken()
        self._shared = {
            'DEFAULT': {'use_keystone_limits': True},
            'oslo_limit': {
                'auth_type': 'password', 'auth_url': account['auth_url'],
                'username': account['username'], 'system_scope': 'all',
                'password': account['password'],
                'user_domain_name': 'Default',
                'endpoint_service_type': 'image',
                'endpoint_region_name': self.region}}
        super()._write_configs()


class RegisteredLimitsTest:
    database = None

    def setUp(self):
        super().setUp()
        self.cloud = self.useFixture(Limited(self.database))
        self.headers = {'X-Auth-Token': self.cloud.keystone.token('demo')}

    def request(self, verb, path, **kwargs):
        headers = dict(self.headers, **kwargs.pop('headers', {}))
        return requests.request(verb, self.cloud.url + path, timeout=120,
                                headers=headers, **kwargs)

    def create(self):
        return self.request('POST', '/v2/images', json={
            'disk_format': 'raw', 'container_format': 'bare'})

    def upload(self, image_id, data):
        return self.request(
            'PUT', '/v2/images/%s/file' % image_id, data=data,
            headers={'Content-Type': 'application/octet-stream'}).status_code

    def store_one(self, number):
        created = self.create()
        if created.status_code != 201:
            return created.status_code
        return self.upload(created.json()['id'], bytes(90 * 1024))

    def together(self, function, arguments):
        with concurrent.futures.ThreadPoolExecutor(USERS) as pool:
            return sorted(pool.map(function, arguments))

    def usage(self):
        return {name: found['usage'] for name, found in self.request(
            'GET', '/v2/info/usage').json()['usage'].items()}

    def test_ten_images_of_thirty_two(self):
        self.assertEqual([204] * 10 + [413] * 22,
                         self.together(self.store_one, range(USERS)))
        self.assertEqual(10, self.usage()['image_count_total'])
        images = self.request('GET', '/v2/images').json()['images']
        self.assertEqual(['active'] * 10,
                         [image['status'] for image in images])
        self.check_size(images)

    def check_size(self, images):
        """Two thirds of the space become free: one of many gets it."""
        for image in images[:8]:
            self.request('DELETE', '/v2/images/' + image['id'])
        ids = [self.create().json()['id'] for _number in range(8)]
        data = bytes(500 * 1024)
        found = self.together(lambda image_id: self.upload(image_id, data),
                              ids)
        self.assertEqual([204] + [413] * 7, found)


class MariaDBTest(RegisteredLimitsTest, base.BaseTestCase):
    database = 'mariadb'


class PostgreSQLTest(RegisteredLimitsTest, base.BaseTestCase):
    database = 'postgresql'
