"""A database host that vanishes is noticed within half a minute."""

import os
import socket

from oslotest import base

from glance.db import engine
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

    def test_mariadb(self):
        self.assertEqual((25000, 10), self.options(mariadb.MariaDB))

    def test_postgresql(self):
        self.assertEqual((25000, 10), self.options(postgresql.PostgreSQL))
