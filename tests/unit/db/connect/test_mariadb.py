from unittest import mock

import fixtures
from oslotest import base
from pymysql.constants import SERVER_STATUS
import sqlalchemy as sa

from glance.db.connect import mariadb

_COMMITS = SERVER_STATUS.SERVER_STATUS_AUTOCOMMIT
_IN_TRANSACTION = SERVER_STATUS.SERVER_STATUS_IN_TRANS


class TestConnection(base.BaseTestCase):
    """Of what goes to the server."""

    def setUp(self):
        super().setUp()
        self.sent = []
        for name in ('ping', 'rollback'):
            self.useFixture(fixtures.MonkeyPatch(
                'pymysql.connections.Connection.' + name,
                lambda *args, name=name: self.sent.append(name)))
        self.clock = self.useFixture(fixtures.MockPatch(
            'glance.db.connect.mariadb.time.monotonic', return_value=5)).mock
        self.connection = mariadb.Connection(defer_connect=True)

    def check_rollback(self, expected, status):
        self.connection.server_status = status
        self.connection.rollback()
        self.assertEqual(expected, self.sent)

    def test_what_has_ended_is_not_rolled_back(self):
        self.check_rollback([], _COMMITS)

    def test_a_transaction_is_rolled_back(self):
        self.check_rollback(['rollback'], _COMMITS | _IN_TRANSACTION)

    def test_one_that_does_not_commit_by_itself_is_rolled_back(self):
        self.check_rollback(['rollback'], 0)

    def test_one_that_was_just_used_is_not_looked_at(self):
        self.clock.return_value = 6
        self.connection.ping(False)
        self.assertEqual([], self.sent)

    def test_one_that_waited_is_looked_at(self):
        self.clock.return_value = 6.5
        self.connection.ping(False)
        self.assertEqual(['ping'], self.sent)

    def test_each_use_counts(self):
        self.clock.return_value = 60
        self.check_rollback([], _COMMITS)
        self.connection.ping(False)
        self.assertEqual([], self.sent)

    def test_it_commits_by_itself(self):
        self.assertTrue(self.connection.autocommit_mode)


class TestPrepare(base.BaseTestCase):

    def test_other_drivers_are_left_alone(self):
        with mock.patch.object(sa.event, 'listen') as listen:
            mariadb.prepare(mock.Mock(driver='mysqldb'))
        self.assertEqual([], listen.call_args_list)

    def test_only_reads_have_no_transaction(self):
        for options, expected in (({mariadb.ALONE: True}, []),
                                  ({}, [mock.call('BEGIN')])):
            connection = mock.Mock()
            connection.get_execution_options.return_value = options
            mariadb._begin(connection)
            self.assertEqual(expected,
                             connection.exec_driver_sql.call_args_list)
