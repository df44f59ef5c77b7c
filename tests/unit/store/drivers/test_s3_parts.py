"""Parts go out several at a time, in bounded memory."""

from oslotest import base

from glance.store.drivers import s3_parts


class Service:
    """Notes what it is asked for, as a client of the service would send it.

    :ivar gate: parts wait until it is set
    """

    def __init__(self):
        self.parts, self.calls, self.copied = {}, [], []
        self.gate = s3_parts.native.threading.Event()
        self.gate.set()
        self.error = None

    def create_multipart_upload(self, **where):
        return {'UploadId': 'u1'}

    def upload_part(self, PartNumber, Body, **where):
        self.gate.wait(30)
        if self.error is not None:
            raise self.error
        self.parts[PartNumber] = Body
        return {'ETag': 'e%d' % PartNumber}

    def upload_part_copy(self, PartNumber, CopySourceRange, **more):
        self.copied.append(CopySourceRange)
        return {'CopyPartResult': {'ETag': 'e%d' % PartNumber}}

    def complete_multipart_upload(self, MultipartUpload, **where):
        self.calls.append(('complete', [
            (part['PartNumber'], part['ETag'])
            for part in MultipartUpload['Parts']]))

    def abort_multipart_upload(self, **where):
        self.calls.append(('abort', where['UploadId']))


class UploadTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.service = Service()

    def upload(self):
        return s3_parts.Upload(lambda: self.service, self.service,
                               {'Bucket': 'b', 'Key': 'k'})

    def test_all_parts_in_order(self):
        with self.upload() as parts:
            for number in range(9):
                parts.put(b'%d' % number, 3)
        self.assertEqual([('complete', [
            (number, 'e%d' % number) for number in range(1, 10)])],
            self.service.calls)
        self.assertEqual(b'8', self.service.parts[9])

    def test_source_fails(self):
        def send():
            with self.upload() as parts:
                parts.put(b'x', 2)
                raise KeyError
        self.assertRaises(KeyError, send)
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_service_fails(self):
        self.service.error = OSError()

        def send():
            with self.upload() as parts:
                for _number in range(20):
                    parts.put(b'x', 2)
        self.assertRaises(OSError, send)
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_slow_service(self):
        """No more parts are taken than there are threads, and one."""
        self.service.gate.clear()
        taken = []

        def send():
            with self.upload() as parts:
                for number in range(10):
                    parts.put(b'x', 2)
                    taken.append(number)
        thread = s3_parts.native.threading.Thread(target=send)
        thread.start()
        thread.join(0.5)
        self.assertLess(len(taken), 5)
        self.service.gate.set()
        thread.join(30)
        self.assertEqual(10, len(taken))

    def test_an_upload_without_parts_is_aborted(self):
        with self.upload() as parts:
            self.assertEqual(0, parts.number)
        self.assertEqual([('abort', 'u1')], self.service.calls)

    def test_a_copied_range_has_its_last_byte(self):
        with self.upload() as parts:
            parts.copy({}, 0, 9)
            parts.copy({}, 10, 12)
        self.assertEqual(['bytes=0-9', 'bytes=10-12'], self.service.copied)

    def test_parts_grow_with_the_data(self):
        self.assertEqual(5, s3_parts.chunk_size(5, None))
        self.assertEqual(5, s3_parts.chunk_size(5, 49999))
        self.assertEqual(7, s3_parts.chunk_size(5, 65000))
        parts = self.upload()
        self.assertEqual(5, parts.grown(5))
        parts.number = 2500
        self.assertEqual(15, parts.grown(5))
