"""Sizes are checked while data arrives, not afterwards."""

import hashlib
import io

from oslotest import base

from glance.common import exceptions
from glance.store.transfer import ring
from glance.store.transfer import sources


class Inspector:
    virtual_size = 77

    def __init__(self, error=None):
        self.fed, self._error = b'', error

    def feed(self, view):
        self.fed += view

    def finish(self):
        if self._error is not None:
            raise self._error


def _take(meter, *sizes):
    for size in sizes:
        meter.take(memoryview(bytes(size)))


class MeterTestCase(base.BaseTestCase):

    def test_counts_and_inspects(self):
        inspector = Inspector()
        meter = sources.Meter(30, 30, inspector)
        _take(meter, 10, 20)
        meter.finish()
        self.assertEqual((30, 77), (meter.total, meter.virtual_size))
        self.assertEqual(bytes(30), inspector.fed)

    def test_data_beyond_the_cap_is_refused(self):
        meter = sources.Meter(None, 25)
        error = self.assertRaises(exceptions.LimitExceeded, _take, meter, 10,
                                  10, 10)
        self.assertEqual(413, error.status)

    def test_more_than_announced(self):
        self.assertRaises(exceptions.UploadBroken, _take,
                          sources.Meter(25, None), 10, 10, 10)

    def test_less_than_announced(self):
        meter = sources.Meter(25, None)
        _take(meter, 10)
        self.assertRaises(exceptions.UploadBroken, meter.finish)

    def test_content_refused_at_the_end(self):
        meter = sources.Meter(
            None, None, Inspector(exceptions.ContentRejected()))
        self.assertRaises(exceptions.ContentRejected, meter.finish)

    def test_a_lost_lease_stops_the_data(self):
        errors = [None, exceptions.LeaseLost()]
        meter = sources.Meter(None, None, cancelled=lambda: errors.pop(0))
        _take(meter, 10)
        self.assertRaises(exceptions.LeaseLost, _take, meter, 10)

    def test_an_interruption_breaks_the_upload(self):
        meter = sources.Meter(None, None)
        meter.interrupt()
        self.assertRaises(exceptions.UploadBroken, meter.check)

    def test_failed_ring(self):
        shared, meter = ring.Ring(), sources.Meter(None, None)
        meter.stop_with(shared)
        meter.check()
        shared.fail(exceptions.StorageFull())
        self.assertRaises(exceptions.StorageFull, meter.check)


class ReadHeadTestCase(base.BaseTestCase):

    def read(self, data, most, size):
        head, complete = sources.read_head(sources.Memory(data), most, size)
        return bytes(head), complete

    def test_only_small_bodies_are_read_at_once(self):
        for data, size, expected in [
                (b'abc', 3, (b'abc', True)), (b'abc', None, (b'abc', True)),
                (b'', 0, (b'', True)), (b'', None, (b'', True)),
                (b'abcd', 4, (b'abcd', True)),
                (b'abcd', None, (b'abcd', True)),
                (b'abcde', None, (b'abcde', False)),
                (b'abcdefg', None, (b'abcde', False)),
                (b'abcdefg', 7, (b'', False)),
                # More comes than was announced: somebody else complains.
                (b'abcdefg', 3, (b'abcd', False)),
                (b'ab', 3, (b'ab', True))]:
            self.assertEqual(expected, self.read(data, 4, size))


class SerialTestCase(base.BaseTestCase):

    def source(self, data, size=None):
        self.digest = hashlib.md5(usedforsecurity=False)
        return sources.Serial(sources.Memory(data), sources.Meter(size, None),
                              [self.digest])

    def test_full_buffers_come_until_the_last(self):
        data = bytes(range(256)) * 3000
        source, found = self.source(data), []
        while view := source.next_buffer():
            found.append(bytes(view))
        self.assertEqual(data, b''.join(found))
        self.assertEqual({ring.SLOT_SIZE}, {len(x) for x in found[:-1]})
        self.assertEqual(hashlib.md5(data).digest(), self.digest.digest())
        source.expect_end()

    def test_as_a_file(self):
        data = bytes(range(256)) * 3000
        source, found = self.source(data), b''
        while piece := source.read(1000):
            self.assertLessEqual(len(piece), 1000)
            found += piece
        self.assertEqual(data, found)
        self.assertEqual(b'', source.read(1000))

    def test_as_a_file_at_once_and_as_iterator(self):
        data = bytes(range(256)) * 3000
        self.assertEqual(data, self.source(data).read())
        self.assertEqual(data, b''.join(self.source(data)))

    def test_driver_that_leaves_data(self):
        source = self.source(b'abcdef')
        source.read(3)
        self.assertRaises(exceptions.StoreUnavailable, source.expect_end)

    def test_size_is_checked_before_the_end_is_told(self):
        source = self.source(b'abc', 4)
        source.next_buffer()
        self.assertRaises(exceptions.UploadBroken, source.next_buffer)


class FileBodyTestCase(base.BaseTestCase):

    def test_large_pieces(self):
        class Source:
            def __init__(self):
                self._file = io.BytesIO(b'0123456789')

            def read(self, size):
                return self._file.read(7)
        buffer = bytearray(100)
        count = sources.fill(sources.FileBody(Source()), memoryview(buffer))
        self.assertEqual(b'0123456789', bytes(buffer[:count]))

    def test_broken_source(self):
        class Source:
            def read(self, size):
                raise ConnectionResetError('host 10.1.2.3')
        body = sources.FileBody(Source())
        self.assertRaises(exceptions.StoreUnavailable, body.readinto,
                          memoryview(bytearray(5)))
