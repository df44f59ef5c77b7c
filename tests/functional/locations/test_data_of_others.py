"""What a failed location_import may remove from a store, and what not."""

import os

import fixtures

from glance.api.checks import location_urls
from glance.db.connect import engine
from glance.db import own_schema
from tests.functional.locations import base

ADMIN = {'project': 'p0', 'roles': 'admin,member,reader'}
WRONG = {'os_hash_algo': 'sha512', 'os_hash_value': '0' * 128}


class TestWrongHash(base.TestCase):

    def setUp(self):
        super().setUp()
        # Elsewhere the stores that services may name are on other hosts.
        self.useFixture(fixtures.MockPatchObject(
            location_urls, '_SERVICES', location_urls._SERVICES | {'file'}))
        self.image_id = self.service.create()['id']

    def uploaded(self):
        """:returns: an image, the URL of its data, and the path"""
        image_id = self.service.create()['id']
        self.service.upload(image_id, base.DATA)
        found, = self.service.call(
            'GET', '/v2/images/%s/locations' % image_id, **ADMIN).json
        return image_id, found['url'], found['url'].partition('://')[2]

    def name_wrongly(self, url):
        """Give the image data with another hash than it has."""
        self.expect(202, self.service.call(
            'POST', '/v2/images/%s/locations' % self.image_id,
            {'url': url, 'validation_data': WRONG}, **ADMIN))
        self.work()
        path = '/v2/images/%s/tasks' % self.image_id
        task, = self.service.call('GET', path, **ADMIN).json['tasks']
        self.assertEqual('failure', task['status'])
        self.assertIn('another hash', task['message'])
        self.assertEqual('queued', self.image(self.image_id)['status'])

    def test_data_of_nobody(self):
        _image, _url, path = self.uploaded()
        path = os.path.join(os.path.dirname(path), 'new')
        with open(path, 'wb') as file:
            file.write(base.DATA)
        self.name_wrongly('file://' + path)
        self.assertFalse(os.path.exists(path))

    def test_data_of_another_image(self):
        other, url, path = self.uploaded()
        self.name_wrongly(url)
        self.assertTrue(os.path.exists(path))
        self.assertEqual(base.DATA, self.service.call(
            'GET', '/v2/images/%s/file' % other).body)

    def test_encrypted_locations(self):
        self.service.conf.config(metadata_encryption_key='k' * 16)
        self.test_data_of_another_image()

    def test_an_image_that_may_come_back(self):
        other, url, path = self.uploaded()
        self.service.conf.config(delayed_delete=True, scrub_time=3600)
        self.expect(204, self.service.call('DELETE', '/v2/images/' + other))
        self.service.conf.config(delayed_delete=False)
        self.drop_deletions()
        self.name_wrongly(url)
        self.assertTrue(os.path.exists(path))

    def drop_deletions(self):
        """Here a conductor works until there is nothing to do."""
        with engine.writer() as conn:
            conn.execute(own_schema.work.delete())
