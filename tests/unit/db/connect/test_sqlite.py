"""Connections to a file, as they are kept."""

import os
import types
from unittest import mock

import fixtures
from oslotest import base
import sqlalchemy as sa

from glance.db.connect import sqlite


class TestSQLite(base.BaseTestCase):

    def make(self, **options):
        path = os.path.join(self.useFixture(fixtures.TempDir()).path, 'x')
        found = types.SimpleNamespace(
            **dict({'max_pool_size': 3, 'max_overflow': 2,
                    'sqlite_synchronous': True}, **options))
        engine = sqlite.create_engine('sqlite:///' + path, found)
        self.addCleanup(engine.dispose)
        return engine

    def pragmas(self, engine):
        with engine.connect() as connection:
            return [connection.exec_driver_sql('PRAGMA ' + name).scalar()
                    for name in ('busy_timeout', 'journal_mode',
                                 'synchronous', 'foreign_keys')]

    def test_pragmas_are_set_as_configured(self):
        self.assertEqual([30000, 'wal', 1, 1], self.pragmas(self.make()))
        self.assertEqual([30000, 'wal', 0, 1], self.pragmas(
            self.make(sqlite_synchronous=False)))

    def test_the_pool_has_the_configured_size(self):
        engine = self.make()
        self.assertIsInstance(engine.pool, sa.QueuePool)
        self.assertEqual((3, 2), (engine.pool.size(),
                                  engine.pool._max_overflow))

    def test_bytes_that_are_no_text(self):
        with self.make().connect() as connection:
            self.assertEqual('a\ufffdb', connection.exec_driver_sql(
                "SELECT CAST(x'61ff62' AS TEXT)").scalar())

    def test_how_it_begins(self):
        for options, expected in (({}, 'BEGIN'), (
                {sqlite.BEGIN: 'BEGIN IMMEDIATE'}, 'BEGIN IMMEDIATE')):
            with self.make().connect() as connection:
                seen = []
                connection.connection.driver_connection.set_trace_callback(
                    seen.append)
                connection.execution_options(**options)
                with connection.begin():
                    pass
            self.assertEqual(expected, seen[0].strip())

    def test_not_used_after_a_fork(self):
        engine = self.make()
        with engine.connect() as connection:
            first = connection.connection.driver_connection
        with engine.connect() as connection:
            self.assertIs(first, connection.connection.driver_connection)
        with mock.patch('os.getpid', return_value=1):
            with engine.connect() as connection:
                self.assertIsNot(first,
                                 connection.connection.driver_connection)
