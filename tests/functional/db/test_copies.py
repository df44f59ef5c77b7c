"""The databases that tests of programs get are what `db sync` makes."""

from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from tests.fixtures import database
from tests.fixtures import database_shape
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql


class CopiesTest(base.BaseTestCase):

    def found(self, url):
        """:returns: the shape, and {table: rows}"""
        made = sa.create_engine(engine.database_url(url),
                                poolclass=sa.NullPool)
        with made.connect() as conn:
            shape = database_shape.reflected(conn)
            return shape, {
                name: sorted(map(tuple, conn.exec_driver_sql(
                    'SELECT * FROM ' + name)))
                for name in shape}

    def check(self, server):
        server = self.useFixture(server())
        copied = self.found(database.complete(server))
        url = server.create_database()
        self.useFixture(database.Database(url))
        made = self.found(url)
        self.assertEqual([], database_shape.differences(made[0], copied[0]))
        self.assertEqual(made[1], copied[1])

    def test_those_of_mariadb_are_what_sync_makes(self):
        self.check(mariadb.MariaDB)

    def test_those_of_postgresql_are_what_sync_makes(self):
        self.check(postgresql.PostgreSQL)
