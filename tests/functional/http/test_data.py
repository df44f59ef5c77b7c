"""Image data in and out, as WSGI calls."""

import hashlib
import io

import testtools

from tests.fixtures import service

DATA = bytes(range(256)) * 40


class TestData(testtools.TestCase):

    def setUp(self):
        super().setUp()
        self.service = self.useFixture(service.Service(multi=True))
        self.image = self.service.create()['id']
        self.path = '/v2/images/%s' % self.image
        self.file = self.path + '/file'

    def get(self, **kwargs):
        return self.service.call('GET', self.file, **kwargs)

    def shown(self):
        return self.service.call('GET', self.path).json

    def upload(self, data=DATA, **kwargs):
        return self.service.upload(self.image, data, **kwargs)

    def test_round_trip(self):
        answer = self.upload()
        self.assertEqual((204, b''), (answer.status_int, answer.body))
        image = self.shown()
        md5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
        self.assertEqual(
            ('active', len(DATA), md5, 'sha512',
             hashlib.sha512(DATA).hexdigest(), 'fast'),
            tuple(image[name] for name in (
                'status', 'size', 'checksum', 'os_hash_algo',
                'os_hash_value', 'stores')))
        answer = self.get()
        self.assertEqual((200, DATA), (answer.status_int, answer.body))
        self.assertEqual(
            (str(len(DATA)), md5, 'application/octet-stream'),
            tuple(answer.headers[name] for name in (
                'Content-Length', 'Content-MD5', 'Content-Type')))

    def test_no_data(self):
        answer = self.get()
        self.assertEqual((204, b''), (answer.status_int, answer.body))

    def test_empty_data(self):
        self.assertEqual(204, self.upload(b'').status_int)
        self.assertEqual(('active', 0), (self.shown()['status'],
                                         self.shown()['size']))
        answer = self.get()
        self.assertEqual((200, b'', '0'), (answer.status_int, answer.body,
                                           answer.headers['Content-Length']))

    def test_ranges_are_served_and_those_beyond_refused(self):
        self.upload()
        for headers in ({'Range': 'bytes=10-19'},
                        {'Content-Range': 'bytes 10-19/*'}):
            answer = self.get(headers=headers)
            self.assertEqual((206, DATA[10:20]),
                             (answer.status_int, answer.body))
            self.assertEqual('bytes 10-19/%d' % len(DATA),
                             answer.headers['Content-Range'])
            self.assertEqual(self.shown()['checksum'],
                             answer.headers['Content-MD5'])
        answer = self.get(headers={'Range': 'bytes=-5'})
        self.assertEqual((206, DATA[-5:]), (answer.status_int, answer.body))
        answer = self.get(headers={'Range': 'bytes=%d-' % len(DATA)})
        self.assertEqual(416, answer.status_int)
        self.assertEqual('bytes */%d' % len(DATA),
                         answer.headers['Content-Range'])

    def test_store_by_header(self):
        self.upload(headers={'X-Image-Meta-Store': 'cold'})
        self.assertEqual('cold', self.shown()['stores'])
        for prefer in ('cold', 'fast', 'fast,cold'):
            answer = self.service.call('GET', self.file + '?prefer=' + prefer)
            self.assertEqual(DATA, answer.body)

    def test_size_header(self):
        body = {'wsgi.input': io.BytesIO(DATA), 'CONTENT_LENGTH': '',
                'HTTP_TRANSFER_ENCODING': 'chunked'}
        answer = self.upload(
            headers={'x-openstack-image-size': str(len(DATA) - 1)}, **body)
        self.assertEqual(400, answer.status_int)
        self.assertEqual('queued', self.shown()['status'])
        self.assertIsNone(self.shown()['size'])
        body['wsgi.input'].seek(0)
        answer = self.upload(
            headers={'x-openstack-image-size': str(len(DATA))}, **body)
        self.assertEqual(204, answer.status_int, answer.text)
        self.assertEqual(len(DATA), self.shown()['size'])

    def test_retry_after_a_refusal(self):
        image = self.service.create(disk_format='qcow2')['id']
        self.assertEqual(415, self.service.upload(image, DATA).status_int)
        shown = self.service.call('GET', '/v2/images/' + image).json
        self.assertEqual(
            ['queued'] + [None] * 4,
            [shown[name] for name in ('status', 'size', 'checksum',
                                      'os_hash_value', 'virtual_size')])
        self.assertEqual([], self.service.stored_files())
        self.service.patch(image, [{'op': 'replace', 'path': '/disk_format',
                                    'value': 'raw'}])
        self.assertEqual(204, self.service.upload(image, DATA).status_int)

    def test_a_deactivated_image_is_for_administrators(self):
        self.upload()
        self.service.call('POST', self.path + '/actions/deactivate')
        self.assertEqual('deactivated', self.shown()['status'])
        self.assertEqual(403, self.get().status_int)
        self.assertEqual(200, self.service.admin('GET',
                                                 self.file).status_int)
        self.service.call('POST', self.path + '/actions/reactivate')
        self.assertEqual(200, self.get().status_int)

    def test_strangers_read_as_members_only(self):
        self.upload()
        self.assertEqual(404, self.get(project='p2').status_int)
        self.service.call('POST', self.path + '/members', {'member': 'p2'})
        self.assertEqual(DATA, self.get(project='p2').body)
        self.assertEqual(403, self.get(roles='reader').status_int)

    def test_lost_file(self):
        self.upload()
        path, = self.service.stored_files()
        with open(path, 'r+b') as stored:
            stored.truncate(100)
        answer = self.get()
        self.assertEqual(503, answer.status_int)
        self.assertNotIn(self.service.state, answer.text)

    def test_deleted_during_the_upload(self):
        service_ = self.service

        class Body(io.BytesIO):
            def read(self, *args):
                service_.call('DELETE', path)
                return super().read(*args)
        path = self.path
        answer = self.upload(**{'wsgi.input': Body(DATA)})
        self.assertEqual(410, answer.status_int)
        self.assertEqual(404, self.get().status_int)
        self.assertEqual([], self.service.stored_files())

    def test_second_upload_at_the_same_time(self):
        outer, answers = self, []

        class Body(io.BytesIO):
            def read(self, *args):
                if not answers:
                    answers.append(outer.upload(b'other'))
                return super().read(*args)
        self.assertEqual(204, self.upload(
            **{'wsgi.input': Body(DATA)}).status_int)
        self.assertEqual(409, answers[0].status_int)
        self.assertEqual(DATA, self.get().body)
