"""Servers that are read-only, or have no tables: 503, on each engine."""

from oslotest import base

from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.connect import error_codes
from glance.db import schema
from tests.fixtures import database
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql


class FailuresTest(base.BaseTestCase):

    def use(self, url):
        self.addCleanup(CONF.clear_override, 'connection', 'database')
        self.addCleanup(engine.dispose)
        CONF.set_override('connection', url, 'database')
        engine.configure()

    @engine.retry_on_conflict
    def write(self, *statements):
        with engine.writer() as conn:
            for statement in statements:
                conn.exec_driver_sql(statement)
            conn.execute(schema.images.insert(),
                         {'id': 'i', 'status': 'queued'})

    def check(self, message, *statements):
        error = self.assertRaises(exceptions.DatabaseUnavailable, self.write,
                                  *statements)
        self.assertEqual(message, error.message)

    def test_outdated_and_read_only_are_told_on_mariadb(self):
        server = self.useFixture(mariadb.MariaDB())
        self.use(server.create_database('empty'))
        self.check(error_codes.OUTDATED)
        self.useFixture(database.Database(database.shared(server)))
        self.check(error_codes.READ_ONLY, 'COMMIT',
                   'START TRANSACTION READ ONLY')

    def test_outdated_and_read_only_are_told_on_postgresql(self):
        server = self.useFixture(postgresql.PostgreSQL())
        self.use(server.create_database('empty'))
        self.check(error_codes.OUTDATED)
        self.useFixture(database.Database(database.shared(server)))
        self.check(error_codes.READ_ONLY, 'SET TRANSACTION READ ONLY')
