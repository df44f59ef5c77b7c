"""Bodies end where they say, or they are broken."""

import io

from oslotest import base

from glance.common import exceptions
from glance.store.request import body_framing
from glance.store.request import byte_streams

BROKEN = {
    'no digits': b'\r\nabc\r\n0\r\n\r\n',
    'no number': b'xyz\r\nabc\r\n0\r\n\r\n',
    'sign': b'-3\r\nabc\r\n0\r\n\r\n',
    'plus': b'+3\r\nabc\r\n0\r\n\r\n',
    'prefix': b'0x3\r\nabc\r\n0\r\n\r\n',
    'underscore': b'0_3\r\nabc\r\n0\r\n\r\n',
    'leading blank': b' 3\r\nabc\r\n0\r\n\r\n',
    'seventeen digits': b'0' * 16 + b'3\r\nabc\r\n0\r\n\r\n',
    'bare line feed': b'3\nabc\r\n0\r\n\r\n',
    'chunk too long': b'3\r\nabcd\r\n0\r\n\r\n',
    'chunk too short': b'3\r\nab\r\n0\r\n\r\n',
    'no end of chunk': b'3\r\nabc0\r\n\r\n',
    'ends in size': b'3',
    'ends in chunk': b'3\r\nab',
    'ends after chunk': b'3\r\nabc\r\n',
    'no last line': b'3\r\nabc\r\n0\r\n',
    'endless size line': b'3;' + b'x' * 5000 + b'\r\nabc\r\n0\r\n\r\n',
    'endless trailers': b'0\r\n' + b'x: y\r\n' * 5000 + b'\r\n',
    'nothing': b'',
}

WHOLE = {
    'one chunk': (b'3\r\nabc\r\n0\r\n\r\n', b'abc'),
    'two chunks': (b'1\r\na\r\n2\r\nbc\r\n0\r\n\r\n', b'abc'),
    'empty': (b'0\r\n\r\n', b''),
    'extension': (b'3;a="b"\r\nabc\r\n0;c\r\n\r\n', b'abc'),
    'blank before extension': (b'3 ;a\r\nabc\r\n0\r\n\r\n', b'abc'),
    'trailers': (b'3\r\nabc\r\n0\r\na: b\r\nc: d\r\n\r\n', b'abc'),
    'capitals': (b'A\r\n0123456789\r\n0\r\n\r\n', b'0123456789'),
    'leading zeros': (b'0003\r\nabc\r\n000\r\n\r\n', b'abc'),
}


def _stream(data):
    return byte_streams.FileStream(io.BufferedReader(io.BytesIO(data)))


def _all(body, size=7):
    found, buffer = b'', bytearray(size)
    while count := body.readinto(memoryview(buffer)):
        found += buffer[:count]
    return found


class ChunkedTestCase(base.BaseTestCase):

    def test_broken_chunks_break_the_upload(self):
        for name, data in BROKEN.items():
            body = body_framing.Chunked(_stream(data))
            error = self.assertRaises(exceptions.UploadBroken, _all, body)
            self.assertEqual(400, error.status, name)

    def test_nothing_behind_the_last_chunk_is_read(self):
        for name, (data, expected) in WHOLE.items():
            body = body_framing.Chunked(_stream(data + b'NEXT'))
            self.assertEqual(expected, _all(body), name)
            self.assertEqual(b'NEXT', body.stream.readline(10), name)

    def test_stays_at_its_end(self):
        body = body_framing.Chunked(_stream(b'0\r\n\r\n3\r\nabc\r\n'))
        self.assertEqual(b'', _all(body))
        self.assertEqual(b'', _all(body))

    def test_chunk_larger_than_buffer(self):
        data = b'%x\r\n%s\r\n0\r\n\r\n' % (1000, b'y' * 1000)
        self.assertEqual(b'y' * 1000,
                         _all(body_framing.Chunked(_stream(data))))


class KnownLengthTestCase(base.BaseTestCase):

    def test_takes_no_byte_more(self):
        body = body_framing.KnownLength(_stream(b'abcdef'), 4)
        self.assertEqual(b'abcd', _all(body))
        self.assertEqual(b'ef', body.stream.readline(10))

    def test_a_short_body_breaks_the_upload(self):
        body = body_framing.KnownLength(_stream(b'abc'), 4)
        error = self.assertRaises(exceptions.UploadBroken, _all, body)
        self.assertIn('1 bytes early', error.message)

    def test_an_empty_body_reads_nothing(self):
        self.assertEqual(b'', _all(
            body_framing.KnownLength(_stream(b'abc'), 0)))


class ServerFramedTestCase(base.BaseTestCase):

    def test_large_pieces_are_kept(self):
        pieces = iter([b'0123456789', b'abc', b''])
        body = body_framing.ServerFramed(lambda size: next(pieces))
        self.assertEqual(b'0123456789abc', _all(body))

    def test_a_short_body_breaks_the_upload(self):
        body = body_framing.ServerFramed(io.BytesIO(b'abc').read, 5)
        self.assertRaises(exceptions.UploadBroken, _all, body)

    def test_server_complains(self):
        def read(size):
            raise OSError('error during read(5) on wsgi.input')
        body = body_framing.ServerFramed(read, 5)
        error = self.assertRaises(exceptions.UploadBroken, _all, body)
        self.assertNotIn('wsgi.input', error.message)
