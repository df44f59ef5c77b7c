"""Imports keep to signatures and quotas."""

import gzip
import io
from unittest import mock

from glance.common import keystone_limits
from tests.fixtures import key_manager
from tests.functional.imports import base

DATA = b'data ' * 100000
MIB = 1 << 20


class TestSignatures(base.TestCase):

    multi = False

    def setUp(self):
        super().setUp()
        keys = self.useFixture(key_manager.Keys('p1'))
        self.signer = key_manager.Signer()
        self.certificate = keys.put(self.signer.certificate)
        self.web.add('data', DATA)

    def create(self, signed=DATA, **changes):
        properties = self.signer.properties(self.certificate, signed)
        return self.service.create(**dict(properties, **changes))['id']

    def direct_import(self, image_id, data=DATA):
        self.assertEqual(204, self.stage(image_id, data).status_int)
        answer = self.import_(image_id, {'name': 'glance-direct'})
        self.assertEqual(202, answer.status_int, answer.text)

    def check(self, image_id, task_status, image_status):
        self.assertEqual(task_status, self.ended(image_id)['status'])
        image = self.image(image_id)
        self.assertEqual(image_status, image['status'])

    def test_signed_data(self):
        image_id = self.create()
        self.web_import(image_id, 'data')
        self.check(image_id, 'success', 'active')
        image_id = self.create()
        self.direct_import(image_id)
        self.check(image_id, 'success', 'active')

    def test_other_data(self):
        for start in (lambda image_id: self.web_import(image_id, 'data'),
                      self.direct_import):
            image_id = self.create(b'other data')
            start(image_id)
            self.check(image_id, 'failure', 'queued')
            self.assertIn('signature', self.tasks(image_id)[-1]['message'])
            self.assertEqual([], self.service.stored_files())

    def test_refused_at_once(self):
        image_id = self.create(img_signature_certificate_uuid='nobody')
        self.assertEqual(400, self.web_import(image_id, 'data').status_int)
        self.assertEqual([], self.tasks(image_id))


class TestQuota(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(user_storage_quota='1MB')
        self.web.add('data', DATA)

    def test_every_store_counts(self):
        image_id = self.service.create()['id']
        self.web_import(image_id, 'data', stores=['fast', 'cold'])
        self.assertEqual('success', self.ended(image_id)['status'])
        other = self.service.create()['id']
        self.web_import(other, 'data')
        self.assertEqual('failure', self.ended(other)['status'])
        self.assertIn('image_size_total', self.tasks(other)[-1]['message'])
        self.assertEqual('queued', self.image(other)['status'])
        self.assertEqual(2, len(self.service.stored_files()))

    def test_staged_without_a_length(self):
        limits = dict.fromkeys(('image_size_total', 'image_stage_total'), 1)
        limits.update(image_count_uploading=9, image_count_total=9)
        self.service.conf.config(use_keystone_limits=True)
        with mock.patch.object(
                keystone_limits, 'of_project', autospec=True,
                side_effect=lambda project_id, names: {
                    name: limits[name] for name in names}):
            image_id = self.service.create()['id']
            for data, status in ((bytes(MIB + 1), 413), (bytes(MIB), 204)):
                answer = self.stage(image_id, b'', CONTENT_LENGTH='', **{
                    'HTTP_TRANSFER_ENCODING': 'chunked',
                    'wsgi.input': io.BytesIO(data),
                    'wsgi.input_terminated': True})
                self.assertEqual(status, answer.status_int, answer.text)
            other = self.service.create()['id']
            self.assertEqual(413, self.stage(other, b'x').status_int)

    def test_known_too_large(self):
        image_id = self.service.create()['id']
        self.stage(image_id, bytes(MIB + 1))
        answer = self.import_(image_id, {'name': 'glance-direct'})
        self.assertEqual(413, answer.status_int)


def keystone_limits_of(**limits):
    """The identity service has these limits for every project."""
    return mock.patch.object(
        keystone_limits, 'of_project', autospec=True,
        side_effect=lambda project_id, names: {
            name: limits.get(name, -1) for name in names})


class TestGrowth(base.TestCase):
    """What plugins make of the data is charged, not what they get."""

    def setUp(self):
        super().setUp()
        self.service.conf.config(user_storage_quota='1MB')
        self.service.conf.config(
            group='image_import_opts',
            image_import_plugins=['image_decompression'])
        self.image_id = self.service.create()['id']

    def check_fails(self, limit):
        task = self.ended(self.image_id)
        self.assertEqual('failure', task['status'])
        self.assertIn(limit, task['message'])
        self.assertEqual('queued', self.image(self.image_id)['status'])
        self.assertEqual([], self.service.stored_files())

    def start(self, name, size, **more):
        self.web.add(name, gzip.compress(bytes(size)))
        self.assertEqual(202, self.web_import(self.image_id, name,
                                              **more).status_int)

    def test_what_was_fetched_is_charged_unpacked(self):
        self.start('large', MIB + 1)
        self.check_fails('image_size_total')
        self.start('twice', MIB // 2 + 1, stores=['fast', 'cold'])
        self.check_fails('image_size_total')
        self.start('right', MIB // 2, stores=['fast', 'cold'])
        self.assertEqual('success', self.ended(self.image_id)['status'])

    def test_what_was_staged_is_charged_unpacked(self):
        self.stage(self.image_id, gzip.compress(bytes(MIB + 1)))
        self.import_(self.image_id, {'name': 'glance-direct'})
        self.check_fails('image_size_total')

    def test_staging_area(self):
        self.service.conf.config(use_keystone_limits=True)
        with keystone_limits_of(image_stage_total=1):
            for size, status in ((MIB + 1, 'failure'), (MIB, 'success')):
                self.stage(self.image_id, gzip.compress(bytes(size)))
                self.import_(self.image_id, {'name': 'glance-direct'})
                task = self.ended(self.image_id)
                self.assertEqual(status, task['status'], task['message'])


class TestTasks(base.TestCase):
    """Images that tasks make are charged to their owners, too."""

    def setUp(self):
        super().setUp()
        self.web.add('data', DATA)

    def create(self, kind, **given):
        return self.service.admin('POST', '/v2/tasks', {
            'type': kind, 'input': given})

    def import_task(self, **properties):
        return self.create(
            'import', import_from=self.web.url + 'data',
            import_from_format='raw', image_properties=dict(
                {'disk_format': 'raw'}, **properties))

    def ended_task(self, answer):
        self.assertEqual(201, answer.status_int, answer.text)
        path = '/v2/tasks/' + answer.json['id']
        self.wait_until(lambda: self.service.admin('GET', path).json['status']
                        in ('success', 'failure'))
        return self.service.admin('GET', path).json

    def test_an_import_beyond_the_quota_fails(self):
        self.service.conf.config(user_storage_quota='%dB' % (2 * len(DATA)))
        for status in ('success', 'success', 'failure'):
            task = self.ended_task(self.import_task())
            self.assertEqual(status, task['status'], task['message'])
        self.assertIn('image_size_total', task['message'])
        self.assertEqual(2, len(self.service.stored_files()))

    def test_numbers_of_images(self):
        source = self.service.create()['id']
        self.service.upload(source, DATA)
        self.service.conf.config(use_keystone_limits=True)
        for name in ('image_count_uploading', 'image_count_total'):
            with keystone_limits_of(**{name: 0}):
                for answer in (self.import_task(),
                               self.create('clone', image_id=source)):
                    self.assertEqual(413, answer.status_int, answer.text)
                    self.assertIn(name, answer.text)

    def test_exports_are_free(self):
        source = self.service.create()['id']
        self.service.upload(source, DATA)
        self.service.conf.config(user_storage_quota='1B')
        task = self.ended_task(self.create(
            'export', image_id=source, export_to={'store': 'cold'}))
        self.assertEqual('success', task['status'], task['message'])
