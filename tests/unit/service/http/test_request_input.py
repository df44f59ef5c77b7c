"""Bodies in chunks, and bodies nobody wants."""

import io

from oslotest import base

from glance.common import exceptions
from glance.service.http import request_input


class _Sock:
    """Gives what it has, then nothing in time; notes its time-out."""

    def __init__(self, data=b''):
        self._data = io.BytesIO(data)
        self.timeout = 7

    def recv_into(self, buffer):
        return self._data.readinto(buffer)

    def gettimeout(self):
        return self.timeout

    def settimeout(self, seconds):
        self.timeout = seconds


class _Silent(_Sock):
    def recv_into(self, buffer):
        return super().recv_into(buffer) or self.wait()

    def wait(self):
        raise TimeoutError()


def body(sock, length=None, proceed=None, received=b''):
    return request_input.Body(request_input.Wire(sock, received), length,
                              proceed)


def chunked(data):
    return body(_Sock(data))


class ChunkedInputTestCase(base.BaseTestCase):

    def test_chunks_are_read_as_one_body(self):
        self.assertEqual(b'abcdefgh', chunked(
            b'3\r\nabc\r\n5;x=y\r\ndefgh\r\n0\r\n\r\n').read())

    def test_a_read_may_cross_chunks(self):
        found = chunked(b'3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\n')
        self.assertEqual([b'ab', b'cdef', b'gh', b''],
                         [found.read(2), found.read(4), found.read(9),
                          found.read(9)])

    def test_what_follows_is_left(self):
        found = chunked(b'1\r\na\r\n0\r\nTrailer: x\r\n\r\nGET /')
        self.assertEqual(b'a', found.read())
        self.assertEqual(b'GET /', found.take_received())

    def test_chunks_are_read_by_lines(self):
        self.assertEqual([b'ab\n', b'c'],
                         list(chunked(b'4\r\nab\nc\r\n0\r\n\r\n')))

    def test_malformed_chunks_break_the_upload(self):
        for data in (b'', b'x\r\n', b'-1\r\na\r\n0\r\n\r\n', b'3\r\nab',
                     b'1\r\nabc\r\n0\r\n\r\n', b'0x1\r\na\r\n0\r\n\r\n',
                     b'3\r\nabc\r\n', b'1\na\n0\n\n', b'1_0\r\n',
                     b'+1\r\na\r\n', b' 1\r\na\r\n', b'1 \r\na\r\n',
                     b'1;a\rb\r\na\r\n', b'1;a\x00\r\na\r\n',
                     b'1;a\nb\r\na\r\n', b'\x0b1\r\na\r\n', b'1' * 17,
                     b'0\r\nX : y\r\n\r\n', b'0\r\nX: a\rb\r\n\r\n',
                     b'0\r\nX: y\r\n z\r\n\r\n', b'0\r\nX\r\n\r\n',
                     b'0\r\nX: \x00\r\n\r\n', b'0\r\nX: y\n\r\n'):
            broken = chunked(data)
            self.assertRaises(exceptions.UploadBroken, broken.read)
            # what follows is no chunk either, whatever it looks like
            self.assertRaises(exceptions.UploadBroken, broken.read)
            self.assertFalse(broken.framing.ended)

    def test_announced_size_is_not_allocated(self):
        found = chunked(b'7fffffffffffffff\r\nabc')
        self.assertEqual(b'abc', found.read(3))


class RestTestCase(base.BaseTestCase):
    """What nobody has read when the answer is sent."""

    def test_short_rest_is_read(self):
        sock = _Sock(b'x' * 10 + b'GET /')
        found = body(sock, 10)
        found.read(3)
        self.assertTrue(found.finish(sock))
        self.assertEqual(b'GET /', found.take_received())
        self.assertEqual(7, sock.timeout)

    def test_long_rest_is_not(self):
        sock = _Sock(b'x' * 300000)
        self.assertFalse(body(sock, 300000).finish(sock))

    def test_endless_chunks_are_not(self):
        sock = _Sock(b'1\r\nx\r\n' * 90000)
        self.assertFalse(body(sock).finish(sock))

    def test_late_rest_is_not(self):
        sock = _Silent(b'abc')
        self.assertFalse(body(sock, 10).finish(sock))
        self.assertEqual(7, sock.timeout)

    def test_broken_rest(self):
        sock = _Sock(b'zz\r\n0\r\n\r\n')
        self.assertFalse(body(sock).finish(sock))

    def test_rest_that_waits_for_a_word(self):
        told = []
        sock = _Sock(b'abc')
        found = body(sock, 3, lambda: told.append(True))
        self.assertFalse(found.finish(sock))
        self.assertEqual([], told)
        self.assertEqual(b'abc', found.read())
        self.assertEqual([True], told)

    def test_given_back(self):
        """In front of what the connection receives later."""
        found = body(_Sock(b'fGET /'), 6, received=b'abcde')
        self.assertEqual(b'ab', found.read(2))
        taken = found.take_received()
        self.assertEqual(b'cde', taken)
        found.give_back(taken)
        self.assertEqual(b'cdef', found.read())
        self.assertEqual(b'GET /', found.take_received())
