import sqlite3
from unittest import mock

import fixtures
from oslo_config import fixture as config_fixture
from oslo_db import exception as db_exc
from oslotest import base
import sqlalchemy as sa

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF
from glance.conf import errors
from glance.db.connect import engine
from glance.db import schema
from tests.fixtures import database


class TestDatabaseUrl(base.BaseTestCase):

    def check(self, wanted, given):
        self.assertEqual(wanted, engine.database_url(given))

    def test_driver_is_filled_in(self):
        self.check('mysql+pymysql://u:p@h/glance?charset=utf8mb4',
                   'mysql://u:p@h/glance')
        self.check('mariadb+pymysql://u:p@h/glance?charset=utf8mb4',
                   'mariadb://u:p@h/glance')
        self.check('postgresql+psycopg2://u:p@h/glance',
                   'postgresql://u:p@h/glance')
        self.check('sqlite:////var/lib/glance.sqlite',
                   'sqlite:////var/lib/glance.sqlite')

    def test_three_byte_character_set_becomes_four(self):
        self.check('mysql+pymysql://u:p@h/glance?charset=utf8mb4',
                   'mysql+pymysql://u:p@h/glance?charset=utf8')
        self.check('mysql+pymysql://u:p@h/glance?charset=latin1',
                   'mysql+pymysql://u:p@h/glance?charset=latin1')

    def test_other_parameters_stay(self):
        self.check(
            'mysql+pymysql://u:p%40@h:3307/glance?charset=utf8mb4&ssl_ca=x',
            'mysql+pymysql://u:p%40@h:3307/glance?ssl_ca=x')

    def test_connection_is_required(self):
        for text in (None, '', 'me:secret@nowhere', 'mysql://me:secret@h:x/g',
                     'mysql://me:secret@[::1/g', 'postgresql://secret@h:/g:1',
                     'mysql://me:secret@h:99999999999999999999x/g'):
            error = self.assertRaises(errors.ConfigurationError,
                                      engine.database_url, text)
            self.assertIn('[database] connection', str(error))
            self.assertNotIn('secret', str(error))

    def test_a_driver_that_is_missing(self):
        for url in ('nosuch://me:secret@host/x',
                    'postgresql+pg8000://me:secret@host/x'):
            error = self.assertRaises(errors.ConfigurationError,
                                      engine._dialect_name, url)
            self.assertIn('is not installed', str(error))
            self.assertNotIn('secret', str(error))

    def test_options_that_no_driver_can_use(self):
        for url in ('mysql+pymysql://h/x?bogus=secret',
                    'mysql+pymysql://h/x?charset=secret',
                    'mysql+pymysql://h/x?charset=utf8&connect_timeout=secret',
                    'mysql+pymysql://h/x?host=secret&bogus=secret',
                    'postgresql+psycopg2://h/x?bogus=secret',
                    'sqlite:///x?timeout=secret'):
            url = engine.database_url(url)
            error = self.assertRaises(errors.ConfigurationError,
                                      engine._dialect_name, url)
            self.assertIn(url.partition('?')[2].partition('=')[0], str(error))
            self.assertNotIn('secret', str(error))

    def test_options_of_the_drivers(self):
        for url in ('mysql+pymysql://h/x?ssl_ca=a&ssl_verify_identity=true',
                    'mysql+pymysql://h/x?unix_socket=/s&read_timeout=5',
                    'mysql+pymysql://h/x?charset=latin1&client_flag=1',
                    'mysql+pymysql://h/x?read_default_file=/etc/my.cnf',
                    'postgresql+psycopg2://h/x?sslmode=require&options=-c+x',
                    'postgresql+psycopg2://u@/x?host=/run/postgresql',
                    'postgresql+psycopg2://h/x?application_name=g&port=5',
                    'postgresql+psycopg2://u@/x?host=a:1&host=b:2',
                    'sqlite:///x?timeout=5', 'sqlite://'):
            engine._dialect_name(engine.database_url(url))

    def test_a_replica_is_looked_at_as_well(self):
        conf = self.useFixture(config_fixture.Config(CONF))
        conf.config(group='database', connection='sqlite://',
                    slave_connection='mysql://me:secret@h/x?bogus=1')
        error = self.assertRaises(errors.ConfigurationError,
                                  engine.dialect_name)
        self.assertIn('bogus', str(error))


class TestTransactions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database())

    def add_image(self, connection, image_id='i'):
        connection.execute(schema.images.insert(),
                           {'id': image_id, 'status': 'queued'})

    def count(self):
        with engine.reader() as connection:
            return connection.scalar(
                sa.select(sa.func.count()).select_from(schema.images))

    def test_what_a_writer_did_stays_after_its_end(self):
        with engine.writer() as connection:
            self.add_image(connection)
        self.assertEqual(1, self.count())

    def test_rollback_on_error(self):
        def fail():
            with engine.writer() as connection:
                self.add_image(connection)
                raise ValueError()
        self.assertRaises(ValueError, fail)
        self.assertEqual(0, self.count())

    def test_foreign_keys_hold(self):
        def orphan():
            with engine.writer() as connection:
                connection.execute(schema.image_tags.insert(),
                                   {'image_id': 'none', 'value': 't'})
        self.assertRaises(db_exc.DBReferenceError, orphan)

    def test_file_is_in_wal_mode(self):
        with engine.reader() as connection:
            self.assertEqual('wal', connection.exec_driver_sql(
                'PRAGMA journal_mode').scalar())
            self.assertEqual(1, connection.exec_driver_sql(
                'PRAGMA synchronous').scalar())

    def test_writer_has_the_lock_from_the_start(self):
        path = engine.get_engine().url.database
        with engine.writer():
            other = sqlite3.connect(path, timeout=0, isolation_level=None)
            self.addCleanup(other.close)
            self.assertRaises(sqlite3.OperationalError, other.execute,
                              'BEGIN IMMEDIATE')
            other.execute('BEGIN')
            self.assertEqual([], other.execute(
                'SELECT id FROM images').fetchall())

    def test_writers_wait_for_each_other(self):
        # Greenlets cannot wait for SQLite: it would stop all of them.
        native = concurrency.native
        self.count()
        order = []

        def write(name):
            with engine.writer() as connection:
                order.append(name + ' in')
                native.time.sleep(0.05)
                self.add_image(connection, name)
                order.append(name + ' out')

        threads = [native.threading.Thread(target=write, args=(name,))
                   for name in 'abc']
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(3, self.count())
        self.assertEqual([name.replace(' in', ' out')
                          for name in order[::2]], order[1::2])

    def test_statements_are_counted(self):
        with self.database.statements() as seen:
            with engine.writer() as connection:
                self.add_image(connection)
            self.count()
        self.assertEqual(['INSERT', 'SELECT'],
                         [statement.split()[0] for statement in seen])

    def test_dialect_name(self):
        self.assertEqual('sqlite', engine.dialect_name())

    def test_usable_after_dispose(self):
        engine.dispose()
        self.assertEqual(0, self.count())


class TestServers(base.BaseTestCase):
    """Engines of servers: what unit tests have none of is stood for."""

    def setUp(self):
        super().setUp()
        self.conf = self.useFixture(config_fixture.Config(CONF))
        self.manager = mock.Mock()
        self.useFixture(fixtures.MonkeyPatch(
            'glance.db.connect.engine.enginefacade.transaction_context',
            lambda: self.manager))
        self.addCleanup(engine.dispose)

    def configure(self, **options):
        self.conf.config(group='database', **options)
        return engine.configure()

    def test_one_for_writing_and_one_for_reading(self):
        for replica, url in ((None, None), (
                'mysql://r/x', 'mysql+pymysql://r/x?charset=utf8mb4')):
            engines = self.configure(connection='mysql://h/x',
                                     slave_connection=replica)
            self.assertIs(self.manager.writer.get_engine(), engines.writer)
            self.assertIs(self.manager.reader.get_engine(), engines.reader)
            self.manager.configure.assert_called_with(
                connection='mysql+pymysql://h/x?charset=utf8mb4',
                slave_connection=url)

    def test_who_reads_from_a_replica(self):
        engines = self.configure(connection='mysql://h/x')
        for one in engines:
            one.connect = mock.MagicMock()
        for newest, synchronous, source in (
                (False, False, engines.reader), (True, False, engines.writer),
                (False, True, engines.writer), (True, True, engines.writer)):
            self.conf.config(group='database', synchronous_reader=synchronous)
            with engine.reader(newest) as found:
                self.assertIs(
                    source.connect.return_value.__enter__.return_value,
                    found)

    def test_prepared_anew(self):
        """What was open before knows nothing of our settings."""
        self.configure(connection='mysql://h/x')
        prepare = self.manager.append_on_engine_create.call_args.args[0]
        made = mock.Mock()
        with mock.patch('glance.db.connect.session_settings.prepare') as told:
            prepare(made)
        made.dispose.assert_called_once_with()
        told.assert_called_once_with(made)

    def test_both_engines_are_disposed_and_forgotten(self):
        engines = self.configure(connection='mysql://h/x')
        engine.dispose()
        engines.writer.dispose.assert_called()
        engines.reader.dispose.assert_called()
        self.assertIsNone(engine._engines)

    def test_tracing_needs_both_options(self):
        self.useFixture(database.Database())
        for enabled, traced, expected in (
                (True, True, 1), (True, False, 0), (False, True, 0)):
            with mock.patch('osprofiler.sqlalchemy.add_tracing') as add:
                self.conf.config(group='profiler', enabled=enabled,
                                 trace_sqlalchemy=traced)
                engine.configure()
            self.assertEqual(expected, add.call_count)

    def test_mariadb_goes_by_the_name_of_mysql(self):
        for url, name in (('mysql+pymysql://h/x', 'mysql'),
                          ('mariadb+pymysql://h/x', 'mysql'),
                          ('sqlite:///x', 'sqlite')):
            self.assertEqual(name, engine._dialect_name(url))


class TestRetryOnConflict(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF)).config
        self.calls = 0

    def failing(self, error, times):
        @engine.retry_on_conflict
        def function(value):
            self.calls += 1
            if self.calls <= times:
                raise error
            return value
        return function

    def test_deadlock_and_lost_connection(self):
        for error in (db_exc.DBDeadlock(), db_exc.DBConnectionError()):
            self.calls = 0
            self.assertEqual('v', self.failing(error, 2)('v'))
            self.assertEqual(3, self.calls)

    def test_other_errors_at_once(self):
        self.assertRaises(db_exc.DBDuplicateEntry,
                          self.failing(db_exc.DBDuplicateEntry(), 1), 'v')
        self.assertEqual(1, self.calls)

    def test_a_server_that_stays_away_is_unavailable(self):
        self.assertRaises(exceptions.DatabaseUnavailable,
                          self.failing(db_exc.DBConnectionError(), 9), 'v')
        self.assertEqual(3, self.calls)

    def test_no_limit(self):
        self.config(db_max_retries=-1, group='database')
        self.assertEqual('v', self.failing(db_exc.DBDeadlock(), 6)('v'))
        self.assertEqual(7, self.calls)

    def test_never_again(self):
        self.config(db_max_retries=0, group='database')
        self.assertRaises(exceptions.DatabaseUnavailable,
                          self.failing(db_exc.DBDeadlock(), 9), 'v')
        self.assertEqual(1, self.calls)

    def test_retries_end_at_the_limit(self):
        self.config(db_max_retries=2, group='database')
        self.assertRaises(exceptions.DatabaseUnavailable,
                          self.failing(db_exc.DBDeadlock(), 9), 'v')
        self.assertEqual(3, self.calls)
