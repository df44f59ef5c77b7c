"""glance-manage on each engine: exit statuses, and several at once."""

from oslotest import base
import testscenarios

from glance.db.connect import engine
from glance.db.migrations.upgrade import phases
from tests.native.upgrades import environment
from tests.native.upgrades import manage
from tests.native.upgrades import old_databases


class _OnEachEngine(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def use(self, fixture):
        database = self.useFixture(fixture)
        self.manage = self.useFixture(manage.Manage(database.url))
        return database

    def status(self, *arguments):
        return self.manage.run(*arguments)[0]


class TestExitStatus(_OnEachEngine):

    def test_phases_of_an_old_database(self):
        self.use(old_databases.OldDatabase('mitaka-12.%s' % self.engine))
        self.assertEqual(3, self.status('db', 'check'))
        self.assertEqual(1, self.status('db', 'migrate'))
        self.assertEqual(1, self.status('db', 'contract'))
        self.assertEqual(0, self.status('db', 'expand'))
        self.assertEqual(4, self.status('db', 'check'))
        self.assertEqual(1, self.status('db_contract'))
        self.assertEqual(0, self.status('db_migrate'))
        self.assertEqual(5, self.status('db', 'check'))
        self.assertEqual(0, self.status('db', 'contract'))
        self.assertEqual(0, self.status('db_check'))

    def test_the_version_is_the_last_migration(self):
        self.use(old_databases.OldDatabase('ocata-14.%s' % self.engine))
        self.assertEqual('ocata_contract01\n',
                         self.manage.run('db', 'version')[1])


class TestSeveralAtOnce(_OnEachEngine):

    def sync_at_once(self):
        running = [self.manage.start('db', 'sync') for _ in range(3)]
        for process in running:
            errors = process.communicate(timeout=300)[1]
            self.assertEqual(0, process.returncode, errors)

    def test_an_old_database_is_upgraded_without_faults(self):
        old = self.use(environment.OldService(
            'liberty-11.%s' % self.engine))
        self.sync_at_once()
        with engine.reader() as connection:
            self.assertEqual([], old.faults(connection))

    def test_an_empty_database_becomes_current(self):
        database = self.use(old_databases.EmptyDatabase(self.engine))
        self.sync_at_once()
        self.useFixture(environment.Configured(database.url))
        with engine.reader() as connection:
            self.assertIsNone(phases.needed(connection))
