"""The options of the listening socket reach the kernel."""

import socket
import struct

from oslotest import base

from glance.service.http import listening

# In tcp_info, for a listening socket, after 8 bytes and 5 numbers.
_BACKLOG = struct.Struct('=8x20xI')


class ListeningTestCase(base.BaseTestCase):

    def listen(self, keepidle=0):
        sock = listening.listen('127.0.0.1', 0, 7, keepidle)
        self.addCleanup(sock.close)
        return sock

    def accepted(self, sock):
        client = socket.create_connection(sock.getsockname(), timeout=30)
        self.addCleanup(client.close)
        sock.settimeout(30)
        connection, _address = sock.accept()
        self.addCleanup(connection.close)
        return connection

    def test_the_kernel_has_the_backlog(self):
        sock = self.listen()
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        self.assertEqual((7,), _BACKLOG.unpack_from(info))

    def test_keep_alive_is_inherited(self):
        connection = self.accepted(self.listen(123))
        self.assertEqual(1, connection.getsockopt(socket.SOL_SOCKET,
                                                  socket.SO_KEEPALIVE))
        self.assertEqual(123, connection.getsockopt(socket.IPPROTO_TCP,
                                                    socket.TCP_KEEPIDLE))

    def test_no_keep_alive(self):
        connection = self.accepted(self.listen(0))
        self.assertEqual(0, connection.getsockopt(socket.SOL_SOCKET,
                                                  socket.SO_KEEPALIVE))

    def test_address_in_use(self):
        sock = self.listen()
        port = sock.getsockname()[1]
        self.assertRaises(OSError, listening.listen, '127.0.0.1', port, 7, 0)
