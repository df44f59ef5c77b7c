"""Where a WSGI server has the socket of the client."""

import socket
import ssl

from oslotest import base

from glance.service.http import client_socket


class ClientSocketTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.sock = socket.socket()
        self.addCleanup(self.sock.close)

    def test_the_socket_of_our_server_is_found(self):
        self.assertIs(self.sock, client_socket.get(
            {'glance.socket': self.sock}))

    def test_other_servers(self):
        self.assertIsNone(client_socket.get({'wsgi.input': object()}))

    def test_a_socket_under_tls_is_not_given(self):
        wrapped = ssl.create_default_context().wrap_socket(
            self.sock, server_hostname='x', do_handshake_on_connect=False)
        self.addCleanup(wrapped.close)
        self.assertIsNone(client_socket.get({'glance.socket': wrapped}))
