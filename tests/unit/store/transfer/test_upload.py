"""Uploads behind a plain WSGI server, into a real folder."""

import hashlib
import io
import os
from unittest import mock

from glance.common import exceptions
from glance.store.checks import inspection
from glance.store import driver
from glance.store.transfer import upload
from tests.unit.store import base
from tests.unit.store.checks import test_inspection

LARGE = os.urandom(1 << 20) * 5 + b'x'


class ReceiveTestCase(base.StoreTestCase):

    def receive(self, data, length=None, headers=None, **kwargs):
        environ = base.environ(data, length, **headers or {})
        return upload.receive(environ, kwargs.pop('store', self.store),
                              'img', 'a1', **kwargs)

    def refused(self, error, *args, **kwargs):
        raised = self.assertRaises(error, self.receive, *args, **kwargs)
        self.assertEqual([], self.files())
        return raised

    def chunked(self, data, **kwargs):
        return self.receive(data, headers={
            'HTTP_TRANSFER_ENCODING': 'chunked', 'CONTENT_LENGTH': ''},
            **kwargs)

    def test_received_data_is_stored_with_its_hashes(self):
        for data in (b'', b'small', LARGE):
            result = self.receive(data)
            self.assertEqual(len(data), result.size)
            self.assertEqual(hashlib.md5(data).hexdigest(), result.checksum)
            self.assertEqual('sha512', result.os_hash_algo)
            self.assertEqual(hashlib.sha512(data).hexdigest(),
                             result.os_hash_value)
            self.assertEqual({'store': 'fast'}, result.metadata)
            self.assertEqual(data, self.read(result.url))
            self.assertIsNone(result.virtual_size)
            self.store.discard('img', 'a1')

    def test_other_algorithm(self):
        result = self.receive(LARGE, algorithm='sha256')
        self.assertEqual(('sha256', hashlib.sha256(LARGE).hexdigest()),
                         (result.os_hash_algo, result.os_hash_value))

    def test_unknown_length(self):
        for data in (b'', b'small', LARGE):
            self.assertEqual(len(data), self.chunked(data).size)
            self.store.discard('img', 'a1')

    def test_one_thread_when_two_are_too_many(self):
        for _ in range(upload._RINGS._initial_value):
            self.assertTrue(upload._RINGS.acquire(blocking=False))
            self.addCleanup(upload._RINGS.release)
        result = self.receive(LARGE)
        self.assertEqual(hashlib.sha512(LARGE).hexdigest(),
                         result.os_hash_value)

    def test_a_short_body_leaves_nothing(self):
        for data in (b'small', LARGE):
            self.refused(exceptions.UploadBroken, data, len(data) + 1)

    def test_data_beyond_the_cap_leaves_nothing(self):
        for data in (b'small', LARGE):
            self.receive(data, cap=len(data))
            self.store.discard('img', 'a1')
            self.refused(exceptions.LimitExceeded, data, cap=len(data) - 1)

    def test_cap_on_a_stream(self):
        for data in (b'small', LARGE):
            self.assertRaises(exceptions.LimitExceeded, self.chunked, data,
                              cap=len(data) - 1)
            self.assertEqual([], self.files())

    def test_announced_size(self):
        for data in (b'small', LARGE):
            self.chunked(data, announced_size=len(data))
            self.store.discard('img', 'a1')
            for wrong in (len(data) - 1, len(data) + 1):
                self.assertRaises(exceptions.UploadBroken, self.chunked,
                                  data, announced_size=wrong)
                self.assertEqual([], self.files())
            self.refused(exceptions.UploadBroken, data,
                         announced_size=len(data) + 1)
        self.assertRaises(exceptions.UploadBroken, self.chunked, b'x',
                          announced_size=0)

    def test_announced_size_above_the_cap(self):
        self.assertRaises(exceptions.LimitExceeded, self.chunked, b'',
                          announced_size=100, cap=99)

    def test_bad_length(self):
        for text in ('abc', '-1', '1.5', '١'):
            self.refused(exceptions.BadRequest, b'', text)

    def test_broken_connection(self):
        class Broken(io.RawIOBase):
            def read(self, size=-1):
                raise OSError('read error')
        environ = dict(base.environ(b''), CONTENT_LENGTH=str(len(LARGE)))
        environ['wsgi.input'] = Broken()
        self.assertRaises(exceptions.UploadBroken, upload.receive, environ,
                          self.store, 'img', 'a1')
        self.assertEqual([], self.files())

    def test_full_store(self):
        for data in (b'small', LARGE):
            with mock.patch('os.pwrite', side_effect=OSError(28, 'full')):
                self.refused(exceptions.StorageFull, data)

    def test_refused_content(self):
        def inspector():
            return inspection.Inspector('qcow2', test_inspection.options())
        for data in (b'small', LARGE):
            self.refused(exceptions.ContentRejected, data,
                         inspector=inspector())
        data = test_inspection.qcow2()
        result = self.receive(data, inspector=inspector())
        self.assertEqual(10 << 20, result.virtual_size)

    def test_cancelled_before(self):
        for data in (b'small', LARGE):
            self.refused(exceptions.Gone, data, cancelled=exceptions.Gone)

    def test_cancelled_in_the_middle(self):
        answers = iter([None] * 8)
        self.refused(exceptions.LeaseLost, LARGE, cancelled=lambda: next(
            answers, exceptions.LeaseLost()))

    def test_cancelled_when_all_is_written(self):
        for data in (b'small', LARGE):
            written = []

            class Store(type(self.store)):
                def write(self, *args):
                    result = super().write(*args)
                    written.append(result)
                    return result
            store = Store('fast', base.values(self.folder))
            self.refused(exceptions.Gone, data, store=store,
                         cancelled=lambda: exceptions.Gone()
                         if written else None)
            self.assertEqual(1, len(written))

    def test_driver_that_stops_reading(self):
        class Lazy(driver.Driver):
            open = size = delete = find_place = None

            def write(self, image_id, attempt, source, size, context=None):
                source.read(10)
                return driver.Written('lazy:x', {})

            def discard(self, image_id, attempt, url=None):
                discarded.append((image_id, attempt, url))
        for data in (b'longer than ten bytes', LARGE):
            discarded = []
            self.refused(exceptions.StoreUnavailable, data,
                         store=Lazy('lazy'))
            self.assertEqual([('img', 'a1', 'lazy:x')], discarded)

    def test_two_attempts_at_once(self):
        first = self.receive(b'first')
        environ = base.environ(b'second')
        second = upload.receive(environ, self.store, 'img', 'a2')
        self.store.discard('img', 'a1')
        self.store.settle('img', 'a2')
        self.assertNotEqual(first.url, second.url)
        self.assertEqual(b'second', self.read(second.url))
        self.assertEqual(1, len(self.files()))


class StoreFileTestCase(base.StoreTestCase):

    def test_a_file_is_stored_with_its_checksum(self):
        for data in (b'', b'small', LARGE):
            result = upload.store_file(io.BytesIO(data), self.store, 'img',
                                       'a1', size=len(data))
            self.assertEqual(hashlib.md5(data).hexdigest(), result.checksum)
            self.assertEqual(data, self.read(result.url))
            self.store.discard('img', 'a1')

    def test_a_short_file_leaves_nothing(self):
        self.assertRaises(exceptions.UploadBroken, upload.store_file,
                          io.BytesIO(b'x'), self.store, 'img', 'a1', size=2)
        self.assertEqual([], self.files())
