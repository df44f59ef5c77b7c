"""One upgrade at a time, on servers that unit tests have not."""

import contextlib
import types

import fixtures
from oslotest import base
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects import postgresql

from glance.db.connect import engine
from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import visibility

_DIALECTS = {'mysql': mysql.dialect(), 'mariadb': mysql.dialect(),
             'postgresql': postgresql.dialect()}


class Connection:
    """Stands for one to a server.

    :ivar said: statements, commits and rollbacks, in order
    :ivar connection: of the driver, as SQLAlchemy shows it
    """

    def __init__(self, name, answer=1):
        self.said, self._answer, self.name = [], answer, name
        self.dialect = types.SimpleNamespace(name=name)
        self.engine = types.SimpleNamespace(
            url=sa.make_url('mysql://h/glance'))
        self.connection = types.SimpleNamespace(driver_connection=self)

    def autocommit(self, value):
        self.said.append('autocommit = %s' % value)

    def invalidate(self):
        self.said.append('closed')

    def execute(self, statement):
        text = str(statement.compile(
            dialect=_DIALECTS[self.name],
            compile_kwargs={'literal_binds': True}))
        self.said.append(' '.join(text.split()))

    def scalar(self, statement):
        self.execute(statement)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def scalars(self, statement):
        self.execute(statement)
        return self._answer

    def commit(self):
        self.said.append('COMMIT')

    def rollback(self):
        self.said.append('ROLLBACK')

    @contextlib.contextmanager
    def begin(self):
        self.said.append('BEGIN')
        yield
        self.commit()

    def connect(self):
        return contextlib.nullcontext(self)


class TestLock(base.BaseTestCase):

    def upgrade(self, name, answer=1):
        connection = Connection(name, answer)
        self.useFixture(fixtures.MonkeyPatch(
            engine.__name__ + '.get_engine', lambda: connection))
        with lock.exclusive() as found:
            self.assertIs(connection, found)
            connection.said.append('upgrade')
        return connection.said

    def test_mysql_holds_it_while_it_upgrades(self):
        for one in ('mysql', 'mariadb'):
            said = self.upgrade(one)
            name = said[1].split("'")[1]
            self.assertRegex(name, '^glance_schema_[0-9a-f]{32}$')
            self.assertEqual(
                ['autocommit = False',
                 "SELECT get_lock('%s', 600) AS get_lock_1" % name, 'COMMIT',
                 'BEGIN', 'upgrade', 'COMMIT',
                 "SELECT release_lock('%s') AS release_lock_1" % name,
                 'COMMIT', 'closed'], said)

    def test_postgresql_holds_it_while_it_upgrades(self):
        said = self.upgrade('postgresql')
        key = "hashtext('glance schema')"
        self.assertEqual(
            ['SELECT pg_advisory_lock(%s) AS pg_advisory_lock_1' % key,
             'COMMIT', 'BEGIN', 'upgrade', 'COMMIT',
             'SELECT pg_advisory_unlock(%s) AS pg_advisory_unlock_1' % key,
             'COMMIT'], said)

    def test_another_one_runs(self):
        for answer in (0, None):
            self.assertRaises(errors.UpgradeError, self.upgrade, 'mysql',
                              answer)

    def test_a_cluster_without_locks(self):
        log = self.useFixture(fixtures.FakeLogger())
        error = sa.exc.DBAPIError('x', {}, ValueError('refused'))
        said = self.upgrade('mysql', error)
        self.assertEqual(['ROLLBACK', 'BEGIN', 'upgrade', 'COMMIT', 'closed'],
                         said[2:])
        self.assertIn('refused', log.output)

    def test_released_after_an_error(self):
        connection = Connection('postgresql')
        self.useFixture(fixtures.MonkeyPatch(
            engine.__name__ + '.get_engine', lambda: connection))
        with contextlib.suppress(ValueError), lock.exclusive():
            raise ValueError()
        self.assertIn('pg_advisory_unlock', connection.said[-2])


class TestTriggers(base.BaseTestCase):
    """Only MySQL and MariaDB have any."""

    def test_those_of_visibility_are_found_and_dropped(self):
        for name in ('mysql', 'mariadb'):
            connection = Connection(name, ['insert_visibility', 'x'])
            self.assertEqual(['insert_visibility', 'x'],
                             visibility.triggers(connection))
            visibility.drop_triggers(connection)
            self.assertEqual(
                [connection.said[0], 'DROP TRIGGER insert_visibility',
                 'DROP TRIGGER x'], connection.said[1:])
            self.assertEqual(
                'SELECT information_schema.triggers.trigger_name FROM '
                'information_schema.triggers WHERE '
                'information_schema.triggers.trigger_schema = database() AND '
                "information_schema.triggers.trigger_name IN "
                "('insert_visibility', 'update_visibility')",
                connection.said[0].replace('`', ''))

    def test_none_elsewhere(self):
        connection = Connection('postgresql')
        self.assertEqual([], visibility.triggers(connection))
        self.assertEqual([], connection.said)
