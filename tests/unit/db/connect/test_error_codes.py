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


class DriverError(Exception):
    """One of a driver that unit tests have not, or not with each code."""

    def __init__(self, driver, text='', **facts):
        super().__init__(text)
        for name, value in facts.items():
            setattr(self, name, value)
        self.__class__ = type('Error', (DriverError,), {'__module__': driver})


class TestCodes(base.BaseTestCase):
    """What each engine says, by its codes and, where it has none, words."""

    def check(self, message, raw):
        error = db_exc.DBError(raw)
        told = error_codes.told(error)
        if message is None:
            self.assertIs(error, told)
        else:
            self.assertIsInstance(told, exceptions.DatabaseUnavailable)
            self.assertEqual(message, told.message, raw.__dict__)

    def test_known_mysql_errors_have_their_message(self):
        for message, numbers in (
                (error_codes.OUTDATED, (1146, 1054, 1049, 1051)),
                (error_codes.READ_ONLY, (1290, 1792, 1836, 1874)),
                (error_codes.FULL, (1040, 1203, 1226, 1021, 1114, 1026, 1030,
                                    1037, 1038, 1041, 1135, 1206, 1461, 1637,
                                    3)),
                (error_codes.BUSY, (1205, 1213, 1020, 1053, 1047, 1129, 1158,
                                    1159, 1160, 1161, 1180, 1317, 1412, 1615,
                                    1927, 1969, 3024, 3100, 3101, 3168, 3169,
                                    9001, 9002)),
                (error_codes.REFUSED, (1044, 1045, 1130, 1142, 1143, 1227,
                                       1251, 1370, 1698, 1820, 1862, 3118,
                                       3159, 4151)),
                (None, (1062, 1064, 1406))):
            for number in numbers:
                self.check(message, pymysql.OperationalError(number, 'x'))
                for driver in 'MySQLdb', 'mysql.connector.errors':
                    self.check(message, DriverError(driver,
                                                    args=(number, 'x')))
        self.check(None, pymysql.OperationalError())

    def test_known_postgresql_errors_have_their_message(self):
        for message, codes in (
                (error_codes.OUTDATED, ('42P01', '42703', '3D000', '3F000')),
                (error_codes.READ_ONLY, ('25006',)),
                (error_codes.REFUSED, ('28P01', '28000', '42501')),
                (error_codes.FULL, ('53100', '53200', '53300')),
                (error_codes.BUSY, ('57P01', '55P03', '40001', '58030',
                                    '08006')),
                (None, ('23505', '42601', '25001', '55006'))):
            for code in codes:
                for raw in (
                        DriverError('psycopg2.errors', pgcode=code),
                        DriverError('psycopg.errors', sqlstate=code)):
                    self.check(message, raw)

    def test_postgresql_before_there_is_a_connection(self):
        for message, texts in (
                (error_codes.OUTDATED, (
                    'FATAL:  database "glance" does not exist',
                    'FATAL:  no such database: glance')),
                (error_codes.FULL, (
                    'FATAL:  sorry, too many clients already',
                    'FATAL:  remaining connection slots are reserved',
                    'FATAL:  too many connections for role "glance"',
                    'FATAL:  too many connections for database "glance"',
                    'FATAL:  no more connections allowed '
                    '(max_client_conn)')),
                (error_codes.BUSY, (
                    'FATAL:  the database system is starting up',
                    'FATAL:  the database system is shutting down',
                    'FATAL:  the database system is in recovery mode',
                    'FATAL:  the database system is not yet accepting '
                    'connections',
                    'FATAL:  database "glance" is not currently accepting '
                    'connections',
                    'FATAL:  query_wait_timeout',
                    'FATAL:  pgbouncer cannot connect to server')),
                (error_codes.REFUSED, (
                    'FATAL:  password authentication failed for user "g"',
                    'FATAL:  Peer authentication failed for user "g"',
                    'FATAL:  role "g" does not exist',
                    'FATAL:  role "g" is not permitted to log in',
                    'FATAL:  no pg_hba.conf entry for host "::1", user "g", '
                    'database "glance", SSL off',
                    'FATAL:  permission denied for database "glance"',
                    'fe_sendauth: no password supplied')),
                (None, ('FATAL:  something else',))):
            for text in texts:
                self.check(message, DriverError('psycopg2', text,
                                                pgcode=None))
                self.check(message, DriverError('psycopg', text,
                                                sqlstate=None))

    def test_known_sqlite_errors_have_their_message(self):
        for message, codes in (
                (error_codes.READ_ONLY, (8,)),
                (error_codes.FULL, (7, 10, 13, 14)),
                (error_codes.BUSY, (5, 6, 9, 15)), (None, (1, 11, 19))):
            for code in codes:
                for extended in (0, 1 << 8, 3 << 8):
                    self.check(message, DriverError(
                        'sqlite3', sqlite_errorcode=code | extended))
        for text in ('no such table: images', 'no such column: x',
                     'table images has no column named x'):
            self.check(error_codes.OUTDATED, DriverError('sqlite3', text))

    def test_other_drivers(self):
        self.check(None, DriverError('other', 'no such table'))

    def test_lost_connections_and_deadlocks(self):
        for error, message in (
                (db_exc.DBConnectionError(),
                 exceptions.DatabaseUnavailable.default),
                (db_exc.DBConnectionError(pymysql.OperationalError(1040, '')),
                 error_codes.FULL),
                (db_exc.DBDeadlock(), error_codes.BUSY)):
            self.assertEqual(message, error_codes.told(error).message)
