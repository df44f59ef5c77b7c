"""The clock of the database does not jump with the summer time."""

import datetime
import time

from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine as database_engine
from glance.db.connect import session_settings
from glance.db import types
from tests.fixtures.servers import mariadb
from tests.fixtures.servers import postgresql

# The clocks of Berlin go from 3:00 back to 2:00.
_BACK = int(datetime.datetime(
    2026, 10, 25, 1, tzinfo=datetime.timezone.utc).timestamp())


class ClocksTest(base.BaseTestCase):

    def connect(self, url):
        engine = sa.create_engine(database_engine.database_url(url))
        self.addCleanup(engine.dispose)
        session_settings.prepare(engine)
        conn = engine.connect()
        self.addCleanup(conn.close)
        return conn

    def test_summer_time_does_not_move_mariadb(self):
        server = self.useFixture(mariadb.MariaDB(zone='Europe/Berlin'))
        conn = self.connect(server.url)
        wanted = [_BACK + seconds for seconds in range(-5400, 5400, 900)]
        found = []
        for moment in wanted:
            conn.exec_driver_sql('SET timestamp = %s', (moment,))
            found.append(conn.scalar(sa.select(types.now_ms())))
        self.assertEqual([moment * 1000 for moment in wanted], found)

    def test_mariadb_tells_milliseconds(self):
        conn = self.connect(self.useFixture(mariadb.MariaDB()).url)
        conn.exec_driver_sql('SET timestamp = 1700000000.123')
        self.assertEqual(1700000000123,
                         conn.scalar(sa.select(types.now_ms())))

    def test_a_zone_does_not_move_postgresql(self):
        server = self.useFixture(postgresql.PostgreSQL())
        conn = self.connect(server.create_database())
        conn.exec_driver_sql("SET TIME ZONE 'Asia/Tokyo'")
        found = conn.scalar(sa.select(types.now_ms()))
        self.assertLess(abs(found - time.time() * 1000), 60000)
