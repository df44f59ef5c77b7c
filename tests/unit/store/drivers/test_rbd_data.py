"""How the bytes of an image get into Ceph."""

import errno
import os

from oslotest import base

from glance.common import exceptions
from glance.store.drivers import rbd_data
from tests.unit.store import base as sources

PIECE = rbd_data._PIECE


class Completion:
    """Only when it is waited for, the piece is read."""

    def __init__(self, image, result, piece, offset):
        self._image, self._result = image, result
        self._piece, self._offset = piece, offset

    def wait_for_complete_and_cb(self):
        self._image.under_way -= 1
        end = self._offset + len(self._piece)
        self._image.data[self._offset:end] = self._piece

    def get_return_value(self):
        return self._result


class Image:
    """:ivar most: pieces that were on their way at the same time
    :ivar buffers: where they were read from
    """

    def __init__(self, size=0, fails=None):
        self.buffers = set()
        self.data, self.written = bytearray(size), []
        self.under_way, self.most = 0, 0
        self._fails = fails

    def resize(self, size):
        self.data = self.data[:size] + bytes(max(0, size - len(self.data)))

    def aio_write(self, piece, offset, oncomplete):
        self.written.append(offset)
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.buffers.add(id(piece))
        return Completion(self, -self._fails if self._fails else 0, piece,
                          offset)


class TestWrite(base.BaseTestCase):

    def write(self, image, data, size=None, is_thin=False, error=None):
        try:
            rbd_data.write(image, sources.Source(data, error), size, is_thin)
        finally:
            # Nothing of our memory is read any more.
            self.assertEqual(0, image.under_way)

    def test_an_image_has_the_data_and_its_size(self):
        for size in (0, 1, PIECE, 20 * PIECE + 5, 70 * PIECE):
            data = os.urandom(size)
            for image, told in ((Image(size), size), (Image(), None)):
                self.write(image, data, told)
                self.assertEqual(data, bytes(image.data))
                self.assertLessEqual(image.most, rbd_data._MOST)

    def test_several_pieces_are_on_their_way(self):
        image = Image()
        self.write(image, bytes(20 * PIECE))
        self.assertEqual(rbd_data._MOST, image.most)

    def test_memory_is_used_again(self):
        image = Image()
        self.write(image, bytes(100 * PIECE))
        self.assertEqual(100, len(image.written))
        self.assertEqual(rbd_data._MOST, len(image.buffers))

    def test_buffers_of_any_size_make_whole_pieces(self):
        data = os.urandom(3 * PIECE + 5)
        image = Image()
        rbd_data.write(image, sources.Source(data, piece=100003), None, False)
        self.assertEqual([0, PIECE, 2 * PIECE, 3 * PIECE], image.written)
        self.assertEqual(data, bytes(image.data))

    def test_holes_are_left_out_where_that_is_wanted(self):
        data = b'x' * PIECE + bytes(PIECE) + b'x' * 5 + bytes(PIECE)
        image = Image()
        self.write(image, data, is_thin=True)
        self.assertEqual([0, 2 * PIECE], image.written)
        self.assertEqual(data, bytes(image.data))

    def test_another_number_of_bytes_is_refused(self):
        for size in (3, 5):
            self.assertRaises(exceptions.UploadBroken, self.write,
                              Image(size), b'data', size)

    def test_a_piece_that_fails_ends_it(self):
        for number, error in ((errno.ENOSPC, exceptions.StorageFull),
                              (errno.ETIMEDOUT, exceptions.StoreUnavailable)):
            image = Image(fails=number)
            self.assertRaises(error, self.write, image, bytes(30 * PIECE))
            self.assertLessEqual(len(image.written), rbd_data._MOST)
            self.assertRaises(error, self.write, Image(fails=number), b'x')

    def test_an_error_of_the_source_goes_on(self):
        error = exceptions.ContentRejected()
        self.assertIs(error, self.assertRaises(
            exceptions.ContentRejected, self.write, Image(),
            b'x' * 3 * PIECE, error=error))
