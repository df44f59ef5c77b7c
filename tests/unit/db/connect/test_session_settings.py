import os
import socket
import tempfile

from oslotest import base

from glance.db.connect import session_settings


class _Connection:
    """As a driver that keeps its socket to itself."""

    def __init__(self, sock):
        self._sock = sock


class _Numbered:
    """As a driver that tells the number of its socket."""

    def __init__(self, sock):
        self.fileno = sock.fileno


class TestNoticeDeadHosts(base.BaseTestCase):
    """What a connection is made of is looked at, not taken for TCP."""

    def check(self, sock):
        for kind in _Connection, _Numbered:
            session_settings._notice_dead_hosts(kind(sock), None)

    def test_keepalive_is_set_on_tcp(self):
        for family in (socket.AF_INET, socket.AF_INET6):
            with socket.socket(family, socket.SOCK_STREAM) as sock:
                self.check(sock)
                self.assertEqual(10, sock.getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_KEEPIDLE))

    def test_socket_files(self):
        pair = socket.socketpair()
        self.addCleanup(pair[1].close)
        with pair[0]:
            self.check(pair[0])

    def test_a_socket_file_that_is_listened_at(self):
        with tempfile.TemporaryDirectory() as folder:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.bind(os.path.join(folder, 's'))
                self.check(sock)

    def test_no_socket_at_all(self):
        session_settings._notice_dead_hosts(object(), None)
