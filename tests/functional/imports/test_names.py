"""No property of an image has the name of one of its attributes."""

import json
import os

from glance.db.connect import engine
from glance.db.images import image_writes
from glance.objects import properties
from tests.functional.imports import base

DATA = os.urandom(1000)
OTHER = '11111111-2222-3333-4444-555555555555'


class TestNames(base.TestCase):

    multi = False

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)

    def names(self, image_id):
        with engine.reader() as conn:
            found = image_writes.property_names(conn, image_id)
        return {name for name in found
                if not name.startswith(properties.RESERVED_PREFIX)}

    def test_names_of_attributes_are_not_injected(self):
        attributes = dict.fromkeys(self.service.create(), 'x')
        self.service.conf.config(
            group='inject_metadata_properties',
            inject=dict(attributes, direct_url='x', locations='x',
                        stores='x', deleted='x', location='x', seen='yes'))
        self.service.conf.config(
            group='image_import_opts',
            image_import_plugins=['inject_image_metadata'])
        image_id = self.service.create(seen='no')['id']
        self.web_import(image_id, 'cat')
        self.assertEqual('success', self.ended(image_id)['status'])
        self.assertEqual({'seen'}, self.names(image_id))
        self.assertEqual('yes', self.image(image_id)['seen'])

    def test_of_another_region(self):
        self.service.conf.config(enabled_import_methods=['glance-download'])
        self.service.conf.config(group='glance_download_properties',
                                 extra_properties=[''])
        source = self.service.create(os_distro='debian')
        self.service.upload(source['id'], DATA)
        record = self.image(source['id'])
        self.web.add(OTHER, DATA)
        self.web.add(OTHER + '.json', json.dumps(dict(
            record, stores='fast', direct_url='x', location='x')).encode())
        image_id = self.service.create(
            disk_format=None, container_format=None)['id']
        self.import_(image_id, {
            'name': 'glance-download', 'glance_region': 'north',
            'glance_image_id': OTHER}, headers={
                'X-Service-Catalog': json.dumps([
                    {'type': 'image', 'endpoints': [
                        {'region': 'north', 'publicURL': self.web.url}]}])})
        task = self.ended(image_id)
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual({'os_distro'}, self.names(image_id))

    def test_names_of_attributes_are_not_cloned(self):
        """Old releases took os_hash_algo and its like as properties."""
        image = self.service.create(os_distro='debian')
        self.service.upload(image['id'], DATA)
        with engine.writer() as conn:
            image_writes.set_properties(
                conn, image['id'], {'os_hash_algo': 'md5', 'stores': 'x'},
                image_writes.property_names(conn, image['id']))
        response = self.service.admin('POST', '/v2/tasks', {
            'type': 'clone', 'input': {'image_id': image['id']}})
        self.assertEqual(201, response.status_int, response.text)

        def task():
            return self.service.admin('GET', response.location).json
        self.wait_until(lambda: task()['status'] in ('success', 'failure'))
        self.assertEqual('success', task()['status'], task()['message'])
        self.assertEqual({'os_distro'},
                         self.names(task()['result']['image_id']))
