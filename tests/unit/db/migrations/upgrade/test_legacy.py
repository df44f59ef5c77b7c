from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import legacy
from glance.db.migrations.upgrade import lineages
from tests.fixtures import database


class TestAdopt(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def adopt(self, *statements):
        with engine.writer() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
            legacy.adopt(connection)
            return lineages.current(connection, lineages.UPSTREAM)

    def legacy_version(self, number):
        return self.adopt(
            'DROP TABLE alembic_version',
            'CREATE TABLE migrate_version (repository_id VARCHAR(250), '
            'repository_path TEXT, version INTEGER)',
            "INSERT INTO migrate_version VALUES ('Glance', '/x', %d)"
            % number)

    def test_numbers_of_old(self):
        self.assertEqual(('liberty',), self.legacy_version(42))

    def test_numbers_of_mitaka(self):
        self.assertEqual(('mitaka01',), self.legacy_version(43))

    def test_numbers_of_newton(self):
        self.assertEqual(('mitaka02',), self.legacy_version(44))

    def test_too_old(self):
        self.assertRaisesRegex(errors.UpgradeError, 'version 41 .* Liberty',
                               self.legacy_version, 41)

    def test_an_unknown_version_is_refused_with_advice(self):
        self.assertRaisesRegex(errors.UpgradeError, 'version_control',
                               self.legacy_version, 0)

    def test_old_names(self):
        for old, new in (('ocata01', 'ocata_contract01'),
                         ('pike01', 'pike_contract01')):
            self.assertEqual((new,), self.adopt(
                "UPDATE alembic_version SET version_num = '%s'" % old))
            with engine.reader() as connection:
                self.assertEqual(new, connection.scalar(sa.text(
                    'SELECT version_num FROM alembic_version')))

    def test_present_stays(self):
        self.assertEqual(('2024_1_contract01',), self.adopt())
