"""An upload in parts is complete, or given up."""

from oslotest import base

from glance.store.drivers import s3_parts


class Service:
    """Notes what it is asked for, as a client of the service would send it."""

    def __init__(self):
        self.calls, self.copied = [], []
        self.error = None

    def create_multipart_upload(self, **where):
        return {'UploadId': 'u1'}

    def upload_part(self, PartNumber, Body, **where):
        return {'ETag': 'e%d' % PartNumber}

    def upload_part_copy(self, PartNumber, CopySourceRange, **more):
        self.copied.append(CopySourceRange)
        return {'CopyPartResult': {'ETag': 'e%d' % PartNumber}}

    def complete_multipart_upload(self, MultipartUpload, **where):
        if self.error is not None:
            raise self.error
        self.calls.append(('complete', [
            (part['PartNumber'], part['ETag'])
            for part in MultipartUpload['Parts']]))

    def abort_multipart_upload(self, **where):
        self.calls.append(('abort', where['UploadId']))


class UploadTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = Service()
        self.upload = s3_parts.Upload(self.service,
                                      {'Bucket': 'b', 'Key': 'k'})

    def send(self, *numbers):
        with self.upload as upload:
            for number in numbers:
                upload.put(self.service, number, bytearray(b'x'))

    def test_all_parts_in_order(self):
        self.send(2, 10, 1, 3)
        self.assertEqual([('complete', [
            (number, 'e%d' % number) for number in (1, 2, 3, 10)])],
            self.service.calls)

    def test_a_failed_one_is_aborted(self):
        def send():
            with self.upload as upload:
                upload.put(self.service, 1, bytearray(b'x'))
                raise KeyError
        self.assertRaises(KeyError, send)
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_one_that_cannot_be_completed_is_aborted(self):
        self.service.error = OSError()
        self.assertRaises(OSError, self.send, 1)
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_an_upload_without_parts_is_aborted(self):
        self.send()
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_a_copied_range_has_its_last_byte(self):
        with self.upload as upload:
            upload.copy(1, {}, 0, 9)
            upload.copy(2, {}, 10, 12)
        self.assertEqual(['bytes=0-9', 'bytes=10-12'], self.service.copied)

    def test_parts_are_not_too_many(self):
        self.assertEqual(5, s3_parts.chunk_size(5, None))
        self.assertEqual(5, s3_parts.chunk_size(5, 49999))
        self.assertEqual(7, s3_parts.chunk_size(5, 65000))
