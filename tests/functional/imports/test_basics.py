"""web-download and glance-direct into one store."""

import hashlib
import os

from tests.functional.imports import base

DATA = os.urandom(300000)


class TestSingleStore(base.TestCase):

    multi = False

    def test_web_download(self):
        image = self.service.create()
        self.web.add('cat', DATA)
        response = self.web_import(image['id'], 'cat')
        self.assertEqual((202, b''), (response.status_int, response.body))
        task = self.ended(image['id'])
        self.assertEqual('success', task['status'], task['message'])
        image = self.image(image['id'])
        self.assertEqual('active', image['status'])
        self.assertEqual(len(DATA), image['size'])
        self.assertEqual(hashlib.md5(DATA).hexdigest(), image['checksum'])
        self.assertEqual(hashlib.sha512(DATA).hexdigest(),
                         image['os_hash_value'])
        self.assertNotIn('os_glance_import_task', image)
        self.assertEqual(DATA, self.data(image['id']))
        self.assertEqual([], self.work())
        self.assertEqual([], self.staged_files())

    def test_glance_direct(self):
        image = self.service.create()
        self.assertEqual(204, self.stage(image['id'], DATA).status_int)
        staged = self.image(image['id'])
        self.assertEqual(('uploading', len(DATA)),
                         (staged['status'], staged['size']))
        response = self.import_(image['id'], {'name': 'glance-direct'})
        self.assertEqual(202, response.status_int)
        task = self.ended(image['id'])
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(DATA, self.data(image['id']))
        self.assertEqual([], self.work())
        self.assertEqual([], self.staged_files())

    def test_deleted_with_staged_data(self):
        image = self.service.create()
        self.stage(image['id'], DATA)
        self.service.call('DELETE', '/v2/images/' + image['id'])
        self.wait_until(lambda: not self.staged_files())
        self.wait_until(lambda: not self.work())

    def test_source_is_not_there(self):
        image = self.service.create()
        self.web_import(image['id'], 'nobody')
        task = self.ended(image['id'])
        self.assertEqual(('failure', 'The source could not be read.'),
                         (task['status'], task['message']))
        image = self.image(image['id'])
        self.assertEqual(('queued', None), (image['status'], image['size']))
        self.assertNotIn('os_glance_import_task', image)
        self.assertEqual([], self.work())
        self.assertEqual([], self.staged_files())

    def test_other_content_than_declared(self):
        image = self.service.create(disk_format='qcow2')
        self.web.add('cat', DATA)
        self.web_import(image['id'], 'cat')
        task = self.ended(image['id'])
        self.assertEqual('failure', task['status'])
        self.assertIn('qcow2', task['message'])
        self.assertEqual('queued', self.image(image['id'])['status'])
        self.assertEqual([], self.service.stored_files())
