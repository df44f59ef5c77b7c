"""Errors that pass, or that an operator has to end, are no bare 500."""

import sqlite3

from oslo_db import exception as db_exc
from oslotest import base
import pymysql
import sqlalchemy as sa

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.connect import error_codes
from glance.db import schema
from tests.fixtures import database


class TestMySQL(base.BaseTestCase):

    def test_numbers_of_errors_have_their_messages(self):
        for number, message in (
                (1290, error_codes.READ_ONLY), (1792, error_codes.READ_ONLY),
                (1040, error_codes.FULL), (1021, error_codes.FULL),
                (1205, error_codes.BUSY), (1053, error_codes.BUSY),
                (1146, error_codes.OUTDATED), (1054, error_codes.OUTDATED)):
            for wrap in (lambda raw: sa.exc.OperationalError('', {}, raw),
                         db_exc.DBError):
                self.assertEqual(message, error_codes.told(
                    wrap(pymysql.OperationalError(number, 'x'))).message)

    def test_faults_of_ours(self):
        error = sa.exc.ProgrammingError(
            '', {}, pymysql.ProgrammingError(1064, 'syntax'))
        self.assertIs(error, error_codes.told(error))
        error = db_exc.DBDuplicateEntry(
            inner_exception=pymysql.IntegrityError(1062, 'x'))
        self.assertIs(error, error_codes.told(error))


class TestSQLite(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def check(self, message, *statements):
        @engine.retry_on_conflict
        def write():
            with engine.writer() as conn:
                for statement in statements:
                    conn.exec_driver_sql(statement)
                conn.execute(schema.images.insert(), {
                    'id': 'i', 'status': 'queued', 'name': 'x' * 200000})
        error = self.assertRaises(exceptions.DatabaseUnavailable, write)
        self.assertEqual(message, error.message)
        self.assertTrue(error.retry_after)

    def test_read_only(self):
        with engine.reader() as conn:
            conn.exec_driver_sql('PRAGMA query_only = ON')
        self.check(error_codes.READ_ONLY)

    def test_a_full_database_is_told(self):
        with engine.reader() as conn:
            conn.exec_driver_sql('PRAGMA max_page_count = 1')
        self.check(error_codes.FULL)

    def test_no_table(self):
        self.check(error_codes.OUTDATED, 'DROP TABLE images')

    def test_old_table(self):
        self.check(error_codes.OUTDATED,
                   'ALTER TABLE images RENAME COLUMN os_hidden TO x')

    def test_locked_for_too_long(self):
        with engine.reader() as conn:
            conn.exec_driver_sql('PRAGMA busy_timeout = 0')
        other = sqlite3.connect(engine.get_engine().url.database,
                                isolation_level=None)
        self.addCleanup(other.close)
        other.execute('BEGIN IMMEDIATE')
        self.check(error_codes.BUSY)

    def test_pool_is_empty(self):
        self.assertEqual(error_codes.FULL,
                         error_codes.told(sa.exc.TimeoutError('x')).message)
