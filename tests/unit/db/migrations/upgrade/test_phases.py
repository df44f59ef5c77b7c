"""Expand, migrate, contract, each by itself."""

from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from tests.fixtures import database

HEADS = ('2024_1_contract01',)


class PhasesTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())
        with lock.exclusive() as connection:
            for table in sa.inspect(connection).get_table_names():
                connection.execute(sa.DDL('DROP TABLE %s' % table))

    def do(self, phase, *args):
        with lock.exclusive() as connection:
            return phase(connection, *args)

    def current(self):
        return self.do(lineages.current, lineages.UPSTREAM)

    def refused(self, text, phase, *args):
        error = self.assertRaises(errors.UpgradeError, self.do, phase, *args)
        self.assertIn(text, str(error))


class OrderTest(PhasesTestCase):

    def test_one_after_the_other(self):
        for step, phase in (('expand', phases.expand),
                            ('migrate', phases.migrate),
                            ('contract', phases.contract)):
            needed = self.do(phases.needed)
            # An empty database has nothing to be converted.
            self.assertIn(needed, (step, 'contract'))
            self.do(phase)
        self.assertIsNone(self.do(phases.needed))
        self.assertEqual(HEADS, self.current())

    def test_not_before_the_one_before(self):
        for phase in phases.migrate, phases.contract:
            self.refused('glance-manage db expand', phase)
        self.do(phases.upgrade, 'ocata_expand01')
        self.add_image()
        for phase in phases.migrate, phases.contract:
            self.refused('glance-manage db expand', phase)
        self.do(phases.expand)
        self.assertEqual('migrate', self.do(phases.needed))
        self.refused('glance-manage db migrate', phases.contract)
        self.refused('1 rows are not', phases.contract)
        self.assertEqual(1, self.do(phases.migrate))
        self.assertEqual(0, self.do(phases.migrate))
        self.assertEqual('contract', self.do(phases.needed))
        self.do(phases.contract)
        self.assertIsNone(self.do(phases.needed))

    def test_all_at_once(self):
        self.do(phases.upgrade, 'ocata_expand01')
        self.add_image()
        self.do(phases.sync)
        self.assertIsNone(self.do(phases.needed))
        with engine.reader() as connection:
            self.assertEqual('public', connection.scalar(sa.text(
                'SELECT visibility FROM images')))

    def add_image(self):
        with engine.writer() as connection:
            connection.execute(sa.text(
                'INSERT INTO images (id, status, is_public, created_at, '
                'deleted, min_disk, min_ram) VALUES '
                "('i', 'active', 1, '2016-01-02', 0, 0, 0)"))


class VersionTest(PhasesTestCase):

    def test_one_by_its_name(self):
        for version, found in (('liberty', 'liberty'),
                               ('mitaka02', 'mitaka02'),
                               ('ocata01', 'ocata_contract01')):
            self.do(phases.upgrade, version)
            self.assertEqual((found,), self.current())

    def test_the_last_one(self):
        for version in 'head', 'heads':
            self.do(phases.upgrade, version)
            self.assertEqual(HEADS, self.current())
            self.assertIsNone(self.do(phases.needed))

    def test_a_version_is_noted_once_only(self):
        self.do(phases.version_control, 'ocata01')
        self.assertEqual(('ocata_contract01',), self.current())
        self.refused('at ocata_contract01.', phases.version_control,
                     'liberty')
        self.assertEqual(('ocata_contract01',), self.current())

    def test_what_was_passed(self):
        self.assertEqual(set(), self.do(lineages.applied, lineages.UPSTREAM))
        self.do(phases.upgrade, 'ocata01')
        self.assertEqual(
            {'liberty', 'mitaka01', 'mitaka02', 'ocata_expand01',
             'ocata_contract01'},
            self.do(lineages.applied, lineages.UPSTREAM))
