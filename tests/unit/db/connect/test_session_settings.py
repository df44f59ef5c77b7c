import io
import os
import socket
import tempfile
from unittest import mock

from oslotest import base
import sqlalchemy as sa

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
                self.assertEqual(1, sock.getsockopt(
                    socket.SOL_SOCKET, socket.SO_KEEPALIVE))
                self.assertEqual([10, 5, 3, 25000], [
                    sock.getsockopt(socket.IPPROTO_TCP, option)
                    for option in (
                        socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL,
                        socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)])

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
        for sock in object(), io.BytesIO():
            session_settings._notice_dead_hosts(_Connection(sock), None)
        session_settings._notice_dead_hosts(object(), None)


class TestPrepare(base.BaseTestCase):

    def test_what_each_engine_is_told(self):
        for url, expected in (
                ('mysql+pymysql://h/x', ['_connect_mysql']),
                ('mariadb+pymysql://h/x', ['_connect_mysql']),
                ('sqlite://', [])):
            engine = sa.create_engine(url)
            before = len(engine.pool.dispatch.connect)
            session_settings.prepare(engine)
            self.assertEqual([*expected, '_notice_dead_hosts'], [
                listener.__name__ for listener in
                list(engine.pool.dispatch.connect)[before:]])

    def test_what_each_driver_of_postgresql_is_told(self):
        """Types are registered with psycopg2, which knows its own only."""
        for driver, expected in (('psycopg2', ['_read_any_time']),
                                 ('psycopg', [])):
            engine = mock.Mock(driver=driver)
            engine.dialect.name = 'postgresql'
            with mock.patch.object(sa.event, 'listen') as listen:
                session_settings.prepare(engine)
            self.assertEqual([*expected, '_notice_dead_hosts'], [
                call.args[2].__name__ for call in listen.call_args_list])

    def test_mysql_sessions_get_our_settings(self):
        connection = mock.MagicMock()
        session_settings._connect_mysql(connection, None)
        cursor = connection.cursor.return_value.__enter__.return_value
        self.assertEqual(
            ['SET SESSION group_concat_max_len = 67108864',
             'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
             "SET SESSION optimizer_switch = 'index_merge_intersection=off'"],
            [call.args[0] for call in cursor.execute.call_args_list])
