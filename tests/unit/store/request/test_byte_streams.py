"""Native reading of a socket another owner goes on using."""

from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.store.request import byte_streams

native = concurrency.native


class SocketStreamTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.client, self.server = native.socket.socketpair()
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)

    def stream(self, prefix=b'', timeout=5, check=lambda: None):
        stream = byte_streams.SocketStream(self.server, prefix, timeout,
                                           check)
        self.addCleanup(stream.close)
        return stream

    def test_prefix_comes_first(self):
        self.client.sendall(b'def')
        stream, buffer = self.stream(b'abc'), bytearray(10)
        self.assertEqual(3, stream.readinto(memoryview(buffer)))
        self.assertEqual(3, stream.readinto(memoryview(buffer)[3:]))
        self.assertEqual(b'abcdef', bytes(buffer[:6]))

    def test_line_over_prefix_and_socket_takes_no_byte_more(self):
        self.client.sendall(b'f\r\nrest')
        stream = self.stream(b'1')
        self.assertEqual(b'1f\r\n', stream.readline(100))
        self.assertEqual(b'rest', self.server.recv(100))

    def test_line_without_end_stops_at_the_limit(self):
        self.client.sendall(b'x' * 100)
        self.assertEqual(b'x' * 10, self.stream().readline(10))

    def test_end_of_connection(self):
        self.client.close()
        self.assertEqual(0, self.stream().readinto(memoryview(bytearray(9))))

    def test_flags_of_the_owner_stay(self):
        self.stream()
        self.assertTrue(self.server.getblocking())

    def test_a_silent_client_breaks_the_upload(self):
        stream = self.stream(timeout=0)
        error = self.assertRaises(exceptions.UploadBroken, stream.readinto,
                                  memoryview(bytearray(9)))
        self.assertIn('No data came', error.message)

    def test_stops_while_waiting(self):
        def check():
            raise exceptions.LeaseLost()
        stream = self.stream(check=check)
        self.assertRaises(exceptions.LeaseLost, stream.readinto,
                          memoryview(bytearray(9)))
