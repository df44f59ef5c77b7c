"""A fresh database of each engine, and the sessions on it."""

import threading

from oslotest import base
import sqlalchemy as sa
import testscenarios

from glance.db.connect import engine
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import own
from glance.db import schema
from tests.fixtures import database
from tests.fixtures import database_shape
from tests.native.upgrades import old_databases


class TestFreshDatabase(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in ('mariadb',
                                                       'postgresql')]

    def setUp(self):
        super().setUp()
        # MariaDB's default when the contract was taken.
        empty = self.useFixture(old_databases.EmptyDatabase(
            self.engine, 'utf8mb3'))
        self.useFixture(database.Database(empty.url))

    def test_shape_is_agreed_and_ours_can_go(self):
        wanted = database_shape.agreed(engine.dialect_name())
        with engine.reader() as connection:
            found = database_shape.reflected(connection)
        ours = database_shape.differences(wanted, found)
        self.assertNotEqual([], ours)
        for difference in ours:
            self.assertIn(' indexes ix_own_', difference)
        with lock.exclusive() as connection:
            own.remove(connection)
        with engine.reader() as connection:
            found = database_shape.reflected(connection)
        self.assertEqual(set(wanted), set(found))
        self.assertEqual([], database_shape.differences(wanted, found))

    def test_deadlocks_are_retried(self):
        with engine.writer() as connection:
            connection.execute(schema.images.insert(), [
                {'id': key, 'status': 'queued', 'name': ''}
                for key in 'ab'])
        barrier = threading.Barrier(2, timeout=30)
        attempts, done = [], []

        def update_both(*keys):
            waiting = [barrier]

            @engine.retry_on_conflict
            def update():
                attempts.append(keys)
                with engine.writer() as connection:
                    _rename(connection, keys[0])
                    if waiting:
                        waiting.pop().wait()
                    _rename(connection, keys[1])
            update()
            done.append(keys)

        threads = [threading.Thread(target=update_both, args=keys)
                   for keys in ('ab', 'ba')]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([('a', 'b'), ('b', 'a')], sorted(done))
        # At least: who was rolled back may be there again, and first, before
        # the other one has noticed.
        self.assertGreater(len(attempts), 2)


def _rename(connection, key):
    connection.execute(schema.images.update()
                       .where(schema.images.c.id == key).values(name='x'))


class TestMariaDBSession(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        empty = self.useFixture(old_databases.EmptyDatabase('mariadb'))
        self.useFixture(database.Database(empty.url))

    def test_variables_of_every_connection(self):
        with engine.reader() as one, engine.writer() as other:
            for connection in one, other:
                variables = dict(connection.execute(sa.text(
                    'SHOW SESSION VARIABLES')).all())
                self.assertEqual(str(64 * 2 ** 20),
                                 variables['group_concat_max_len'])
                self.assertEqual('READ-COMMITTED', variables['tx_isolation'])
                self.assertIn('STRICT_ALL_TABLES', variables['sql_mode'])
                self.assertEqual('utf8mb4',
                                 variables['character_set_client'])
