"""Quotas as clients meet them."""

import concurrent.futures
import io
import threading
from unittest import mock

from glance.common import exceptions
from glance.common import keystone_limits
from tests.functional.http import base

MIB = 1 << 20
USERS = 32


def chunked(data):
    """Arguments for a body whose length nobody tells."""
    return {'CONTENT_LENGTH': '', 'HTTP_TRANSFER_ENCODING': 'chunked',
            'wsgi.input': io.BytesIO(data), 'wsgi.input_terminated': True}


class TestStorageQuota(base.TestCase):

    options = {'user_storage_quota': '1MB'}

    def upload(self, data, **kwargs):
        image_id = self.service.create()['id']
        return self.service.upload(image_id, data, **kwargs).status_int

    def stored(self):
        return len(self.service.stored_files())

    def test_announced_data_fits_to_the_byte(self):
        self.assertEqual(413, self.upload(bytes(MIB + 1)))
        self.assertEqual(204, self.upload(bytes(MIB)))
        self.assertEqual(413, self.upload(b'x'))
        self.assertEqual(204, self.upload(b''))
        self.assertEqual(2, self.stored())

    def test_not_announced(self):
        too_much = bytes(MIB + 1)
        self.assertEqual(413, self.upload(b'', **chunked(too_much)))
        self.assertEqual(0, self.stored())
        self.assertEqual(204, self.upload(b'', **chunked(bytes(MIB))))
        self.assertEqual(413, self.upload(b'', **chunked(b'x')))
        self.assertEqual(1, self.stored())

    def test_announced_falsely(self):
        headers = {'x-openstack-image-size': '1'}
        self.assertEqual(400, self.upload(
            b'', headers=headers, **chunked(bytes(MIB + 1))))
        self.assertEqual(0, self.stored())

    def test_a_refused_image_takes_other_data(self):
        image_id = self.service.create()['id']
        upload = self.service.upload
        self.assertEqual(413, upload(image_id, bytes(MIB + 1)).status_int)
        self.assertEqual(413, upload(image_id, b'', **chunked(
            bytes(MIB + 1))).status_int)
        self.assertEqual(204, upload(image_id, bytes(MIB)).status_int)

    def test_deleted_data_makes_room(self):
        image_id = self.service.create()['id']
        self.service.upload(image_id, bytes(MIB))
        self.service.call('DELETE', '/v2/images/' + image_id)
        self.assertEqual(204, self.upload(bytes(MIB)))

    def test_each_project_has_its_own(self):
        self.assertEqual(204, self.upload(bytes(MIB)))
        other = self.service.call('POST', '/v2/images', {
            'disk_format': 'raw', 'container_format': 'bare'},
            project='p2').json
        self.assertEqual(204, self.service.upload(
            other['id'], bytes(MIB), project='p2').status_int)

    def test_the_owner_pays_whoever_uploads(self):
        image_id = self.service.create()['id']
        self.assertEqual(204, self.service.admin(
            'PUT', '/v2/images/%s/file' % image_id,
            bytes(MIB)).status_int)
        self.assertEqual(413, self.upload(b'x'))

    def test_usage_is_shown_for_registered_limits_only(self):
        self.assertEqual({'usage': {}},
                         self.service.call('GET', '/v2/info/usage').json)


class TestConcurrentUploads(base.TestCase):

    options = {'user_storage_quota': '1049KB'}      # ten images and a bit

    def run_all(self, **kwargs):
        ids = [self.service.create()['id'] for _number in range(USERS)]
        barrier = threading.Barrier(USERS)

        def upload(image_id):
            barrier.wait(60)
            options = {name: make() for name, make in kwargs.items()}
            return self.service.upload(image_id, bytes(102 * 1024),
                                       **options).status_int

        with concurrent.futures.ThreadPoolExecutor(USERS) as pool:
            return sorted(pool.map(upload, ids))

    def test_exactly_ten(self):
        self.assertEqual([204] * 10 + [413] * 22, self.run_all())
        self.assertEqual(10, len(self.service.stored_files()))


class RegisteredLimits(base.TestCase):
    """The identity service is replaced where it is asked."""

    options = {'use_keystone_limits': True}

    def setUp(self):
        super().setUp()
        self.limits = {'image_size_total': 1, 'image_stage_total': 1,
                       'image_count_total': 2, 'image_count_uploading': 1}
        patcher = mock.patch.object(
            keystone_limits, 'of_project', autospec=True,
            side_effect=self.of_project)
        self.ask = patcher.start()
        self.addCleanup(patcher.stop)

    def of_project(self, project_id, resources):
        if isinstance(self.limits, Exception):
            raise self.limits
        return {name: self.limits[name] for name in resources}


class TestRegisteredLimits(RegisteredLimits):

    def post(self, **kwargs):
        return self.service.call('POST', '/v2/images', {
            'disk_format': 'raw', 'container_format': 'bare'}, **kwargs)

    def test_number_of_images(self):
        image_id = self.post().json['id']
        self.assertEqual(201, self.post().status_int)
        self.assertEqual(413, self.post().status_int)
        listed = self.service.call('GET', '/v2/images').json['images']
        self.assertEqual(2, len(listed))
        self.service.call('DELETE', '/v2/images/' + image_id)
        self.assertEqual(201, self.post().status_int)

    def test_minus_one_means_no_limit(self):
        self.limits = dict.fromkeys(self.limits, -1)
        for _number in range(3):
            image_id = self.post().json['id']
        self.assertEqual(204, self.service.upload(
            image_id, bytes(MIB + 1)).status_int)

    def test_size_is_in_mebibytes(self):
        self.assertEqual(413, self.service.upload(
            self.post().json['id'], bytes(MIB + 1)).status_int)
        self.assertEqual(204, self.service.upload(
            self.post().json['id'], bytes(MIB)).status_int)

    def test_the_owner_is_asked_about(self):
        image_id = self.post().json['id']
        self.service.admin('PUT', '/v2/images/%s/file' % image_id, b'x')
        self.assertEqual(['p1', 'p1'], [
            call.args[0] for call in self.ask.mock_calls])

    def test_usage_is_shown_beside_each_limit(self):
        image_id = self.post().json['id']
        self.service.upload(image_id, bytes(MIB))
        self.assertEqual(
            {'usage': {
                'image_size_total': {'limit': 1, 'usage': 1},
                'image_stage_total': {'limit': 1, 'usage': 0},
                'image_count_total': {'limit': 2, 'usage': 1},
                'image_count_uploading': {'limit': 1, 'usage': 0}}},
            self.service.call('GET', '/v2/info/usage').json)

    def test_usage_without_a_project(self):
        """The identity service has limits of projects only."""
        self.limits = exceptions.GlanceError()
        answer = self.service.admin('GET', '/v2/info/usage', headers={
            'X-Project-Id': '', 'Openstack-System-Scope': 'all'})
        self.assertEqual((200, {'usage': {}}),
                         (answer.status_int, answer.json))

    def test_no_answer(self):
        image_id = self.post().json['id']
        # What was sent along is not to be sent again blindly.
        for error, status, uploaded in (
                (exceptions.ServiceUnavailable(), 503, 502),
                (exceptions.GlanceError(), 500, 500)):
            self.limits = error
            self.assertEqual(status, self.post().status_int)
            self.assertEqual(uploaded, self.service.upload(
                image_id, b'x').status_int)
            self.assertEqual(status, self.service.call(
                'GET', '/v2/info/usage').status_int)
