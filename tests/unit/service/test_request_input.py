"""Bodies in chunks, and bodies nobody wants."""

import io

from oslotest import base

from glance.common import exceptions
from glance.service import request_input


def chunked(data):
    return request_input.ChunkedInput(io.BytesIO(data))


class ChunkedInputTestCase(base.BaseTestCase):

    def test_whole(self):
        self.assertEqual(b'abcdefgh', chunked(
            b'3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n').read())

    def test_parts(self):
        body = chunked(b'3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n')
        self.assertEqual([b'ab', b'cdef', b'gh', b''],
                         [body.read(2), body.read(4), body.read(9),
                          body.read(9)])

    def test_what_follows_is_left(self):
        stream = io.BytesIO(b'1\r\na\r\n0\r\nTrailer: x\r\n\r\nGET /')
        self.assertEqual(b'a', request_input.ChunkedInput(stream).read())
        self.assertEqual(b'GET /', stream.read())

    def test_lines(self):
        self.assertEqual([b'ab\n', b'c'],
                         list(chunked(b'4\r\nab\nc\r\n0\r\n\r\n')))

    def test_malformed(self):
        for data in (b'', b'x\r\n', b'-1\r\na\r\n0\r\n\r\n', b'3\r\nab',
                     b'1\r\nabc\r\n0\r\n\r\n', b'0x1\r\na\r\n0\r\n\r\n',
                     b'3\r\nabc\r\n', b'1\na\n0\n\n', b'1_0\r\n'):
            self.assertRaises(exceptions.UploadBroken, chunked(data).read)

    def test_announced_size_is_not_allocated(self):
        body = chunked(b'7fffffffffffffff\r\nabc')
        self.assertEqual(b'abc', body.read(3))


class DiscardTestCase(base.BaseTestCase):

    def test_to_the_end(self):
        stream = io.BytesIO(b'x' * 300000)
        self.assertTrue(request_input.discard(stream.read))
        self.assertEqual(b'', stream.read())

    def test_broken(self):
        self.assertFalse(request_input.discard(chunked(b'zz\r\n').read))

    def test_lost_connection(self):
        def read(size):
            raise ConnectionResetError()
        self.assertFalse(request_input.discard(read))

    def test_too_much(self):
        piece = b'x' * request_input.PIECE
        self.patch_limit()
        self.assertFalse(request_input.discard(lambda size: piece))

    def patch_limit(self):
        limit = request_input.MOST_DISCARDED
        request_input.MOST_DISCARDED = 10 * request_input.PIECE
        self.addCleanup(setattr, request_input, 'MOST_DISCARDED', limit)
