from oslo_db import exception as db_exc
from oslotest import base
import sqlalchemy as sa

from glance.cmd import manage
from glance.cmd import manage_actions
from glance.db.migrations.upgrade import errors
from tests.fixtures import database


class TestActions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def test_missing_tables_of_ours_make_check_return_3(self):
        self.assertEqual(0, manage_actions.check())
        manage_actions.remove_own()
        self.assertEqual(3, manage_actions.check())

    def test_purge_bounds(self):
        for age, rows in ((-1, 1), (10 ** 6, 1), (1, -2), (1, 2 ** 31),
                          ('x', 1)):
            self.assertRaises(errors.UpgradeError, manage_actions.purge,
                              age, rows)
        manage_actions.purge('30', '-1')
        manage_actions.purge_images_table()

    def test_version_control_of_a_known_database(self):
        self.assertRaisesRegex(errors.UpgradeError, '2024_1_contract01',
                               manage_actions.version_control)

    def test_ids_of_purged_images_are_not_promised_to_anybody(self):
        [purge] = [action for action in manage_actions.ACTIONS
                   if action.name == 'purge_images_table']
        self.assertIn('their ids stay taken', purge.help)

    def test_old_names(self):
        self.assertEqual(
            {'db_sync', 'db_expand', 'db_migrate', 'db_contract', 'db_check',
             'db_version', 'db_upgrade', 'db_version_control',
             'db_load_metadefs', 'db_unload_metadefs',
             'db_export_metadefs'},
            {action.alias for action in manage_actions.ACTIONS} - {None})


class TestReason(base.BaseTestCase):

    def test_no_statement_and_no_values(self):
        error = sa.exc.OperationalError(
            'INSERT INTO x VALUES (?)', ('secret',), ValueError('disk full'))
        for shown in (error, db_exc.DBError(error)):
            self.assertEqual('disk full', str(manage._reason(shown)))
