"""Databases stopped anywhere in the chain come to the same end.

Each starts as Liberty's with its rows, goes to one revision by `db upgrade`
and from there on by `sync`, so the facts of Liberty's manifest must hold.
"""

from oslotest import base
import testscenarios

from glance.db.connect import engine
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from tests.fixtures import database_shape
from tests.native.upgrades import environment
from tests.native.upgrades import old_databases

_ALL = [one['revision'] for one
        in database_shape.contract()['alembic_revisions']]
# Those that change something: the others are tried on SQLite only.
_STEPS = ['liberty', 'mitaka01', 'mitaka02', 'ocata_expand01',
          'rocky_expand02', '2024_1_expand01', 'ocata_contract01',
          'pike_contract01']


class TestPointsBetween(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [
        ('%s.%s' % (revision, name), {'revision': revision, 'engine': name})
        for name in old_databases.ENGINES
        for revision in (_ALL if name == 'sqlite' else _STEPS)]

    def setUp(self):
        super().setUp()
        self.old = self.useFixture(environment.OldService(
            'liberty-11.%s' % self.engine))

    def test_upgrade_then_sync(self):
        with lock.exclusive() as connection:
            phases.upgrade(connection, self.revision)
        with lock.exclusive() as connection:
            phases.sync(connection)
        with engine.reader() as connection:
            self.assertEqual([], self.old.faults(connection))
            self.assertIsNone(phases.needed(connection))


class TestPhases(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def setUp(self):
        super().setUp()
        self.old = self.useFixture(environment.OldService(
            'liberty-11.%s' % self.engine))

    def test_one_by_one_each_twice(self):
        for phase in ('expand', 'migrate', 'contract'):
            for _ in range(2):
                with lock.exclusive() as connection:
                    self.assertIn(phases.needed(connection), (phase, None)
                                  if phase == 'contract' else
                                  (phase, 'migrate', 'contract'))
                    getattr(phases, phase)(connection)
        with engine.reader() as connection:
            self.assertEqual([], self.old.faults(connection))
            self.assertIsNone(phases.needed(connection))
