"""A database host that vanishes is noticed within half a minute.

A socket file of the same host, or whatever a driver has, does as well.
"""

import os
import socket

from oslotest import base
import sqlalchemy as sa

from glance.common import concurrency
from glance.db.connect import engine
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql


class ConnectionsTest(base.BaseTestCase):

    def options(self, server):
        server = self.useFixture(server())
        self.useFixture(database.Database(database.shared(server)))
        with engine.reader() as conn:
            raw = conn.connection.dbapi_connection
            with socket.socket(fileno=os.dup(
                    getattr(raw, '_sock', raw).fileno())) as shared:
                return (shared.getsockopt(socket.IPPROTO_TCP,
                                          socket.TCP_USER_TIMEOUT),
                        shared.getsockopt(socket.IPPROTO_TCP,
                                          socket.TCP_KEEPIDLE))

    def test_those_to_mariadb_have_timeouts(self):
        self.assertEqual((25000, 10), self.options(mariadb.MariaDB))

    def test_those_to_postgresql_have_timeouts(self):
        self.assertEqual((25000, 10), self.options(postgresql.PostgreSQL))


class SocketFileTest(base.BaseTestCase):
    """Both names of a socket file: an account of each server that may."""

    def ask(self, url, statement):
        made = sa.create_engine(engine.database_url(url),
                                poolclass=sa.NullPool)
        with made.connect() as conn:
            return conn.scalar(sa.text(statement))

    def check(self, server, statement, pattern):
        url = database.shared(self.useFixture(server()))
        found = sa.make_url(url)
        self.useFixture(database.Database(pattern % {
            'path': self.ask(url, statement), 'name': found.database,
            'port': found.port or ''}))
        with engine.writer() as conn:
            raw = conn.connection.dbapi_connection
            shared = concurrency.native.socket.socket(
                fileno=os.dup(getattr(raw, '_sock', raw).fileno()))
            with shared:
                self.assertEqual(socket.AF_UNIX, shared.family)
            self.assertEqual(1, conn.scalar(sa.select(1)))

    def test_mariadb_is_reached_by_it(self):
        self.check(mariadb.MariaDB, 'SELECT @@socket',
                   'mysql+pymysql://root@localhost/%(name)s'
                   '?unix_socket=%(path)s')

    def test_postgresql_is_reached_by_it(self):
        self.check(postgresql.PostgreSQL, 'SHOW unix_socket_directories',
                   'postgresql://postgres@/%(name)s?host=%(path)s'
                   '&port=%(port)s')
