"""The chain, and what it makes of an empty SQLite file."""

import contextlib
import gzip
import os
import pathlib

from alembic import script as alembic_script
import fixtures
from oslotest import base
import sqlalchemy as sa

from glance.conf import CONF
from glance.db.connect import engine
from glance.db.durable import work
from glance.db.migrations.upgrade import errors
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import own
from glance.db.migrations.upgrade import phases
from glance.db import own_schema
from tests.fixtures import database
from tests.fixtures import database_shape

_LIBERTY = (pathlib.Path(__file__).parents[2] / 'data' / 'old_databases'
            / 'liberty-11.sqlite.sql.gz')


@contextlib.contextmanager
def _reflected():
    with engine.reader() as connection:
        yield database_shape.reflected(connection)


class TestChain(base.BaseTestCase):

    def test_revisions_are_those_of_the_contract(self):
        script = alembic_script.ScriptDirectory.from_config(
            lineages._config(lineages.UPSTREAM))
        self.assertEqual(
            {one['revision']: (one['down_revision'], one['depends_on'],
                               set(one['own_branch_labels']))
             for one in database_shape.contract()['alembic_revisions']},
            {one.revision: (one.down_revision, one.dependencies,
                            set(one._orig_branch_labels))
             for one in script.walk_revisions()})

    def test_heads_are_those_of_the_contract(self):
        heads = database_shape.contract()['heads']
        for branch in ('expand', 'contract'):
            self.assertEqual(heads[branch],
                             lineages.head(lineages.UPSTREAM, branch))


class TestFreshDatabase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def test_upstream_tables_are_those_of_the_contract(self):
        with _reflected() as found:
            for table in found.values():
                for index in [i for i in table['indexes']
                              if i.startswith('ix_own_')]:
                    del table['indexes'][index]
            self.assertEqual([], database_shape.differences(
                database_shape.agreed('sqlite'), found))

    def test_our_tables_are_those_queries_are_built_from(self):
        other = sa.create_engine('sqlite://')
        own_schema.metadata.create_all(other)
        with other.connect() as connection, _reflected() as found:
            wanted = database_shape.reflected(connection)
            self.assertEqual(set(own_schema.metadata.tables), set(wanted))
            self.assertEqual([], database_shape.differences(wanted, found))

    def test_version_is_one_row(self):
        with engine.reader() as connection:
            self.assertEqual(('2024_1_contract01',), lineages.current(
                connection, lineages.UPSTREAM))
            self.assertIsNone(phases.needed(connection))

    def test_sync_again_changes_nothing(self):
        with _reflected() as before, lock.exclusive() as connection:
            phases.sync(connection)
        with _reflected() as after:
            self.assertEqual(before, after)

    def test_foreign_keys_are_enforced_again(self):
        with lock.exclusive() as connection:
            phases.sync(connection)
        with engine.reader() as connection:
            self.assertEqual(1, connection.exec_driver_sql(
                'PRAGMA foreign_keys').scalar())


class TestFirstRevision(base.BaseTestCase):

    def test_it_is_what_its_release_has_made(self):
        other = sa.create_engine('sqlite://')
        self.addCleanup(other.dispose)
        with (gzip.open(_LIBERTY, 'rt') as dump,
              other.connect() as connection):
            connection.connection.executescript(dump.read())
            wanted = database_shape.reflected(connection)
        del wanted['migrate_version']
        self.useFixture(database.Database())
        path = os.path.join(self.useFixture(fixtures.TempDir()).path, 'db')
        CONF.set_override('connection', 'sqlite:///' + path, 'database')
        engine.configure()
        with lock.exclusive() as connection:
            phases.upgrade(connection, 'liberty')
        with _reflected() as found:
            self.assertEqual({*wanted, 'alembic_version'}, set(found))
            # SQLite keeps nothing else of those that stay as it was.
            wanted = {name: table if name.startswith('artifact') else {
                part: table[part] for part in ('columns', 'indexes')}
                for name, table in wanted.items()}
            self.assertEqual([], database_shape.differences(wanted, found))


class TestRemoveOwn(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def test_leaves_what_upstream_knows(self):
        with lock.exclusive() as connection:
            own.remove(connection)
        with _reflected() as found:
            wanted = database_shape.agreed('sqlite')
            self.assertEqual(set(wanted), set(found))
            self.assertEqual([], database_shape.differences(wanted, found))

    def test_twice_and_back(self):
        for _ in range(2):
            with lock.exclusive() as connection:
                own.remove(connection)
        with lock.exclusive() as connection:
            self.assertEqual('expand', phases.needed(connection))
            phases.sync(connection)
            self.assertIsNone(phases.needed(connection))

    def test_work_that_is_given_up(self):
        with engine.writer() as connection:
            for kind in ('heal_location', 'heal_location', 'delete_data'):
                work.create(connection, kind, 'i', {})
        with lock.exclusive() as connection:
            self.assertRaisesRegex(
                errors.UpgradeError, r'delete_data .1., heal_location .2.',
                own.abandon, connection, 'heal')
            self.assertEqual(2, own.abandon(connection, 'heal_location'))
            self.assertRaisesRegex(errors.UpgradeError, '1 pieces of work',
                                   own.remove, connection)
            self.assertEqual(1, own.abandon(connection, 'delete_data'))
            own.remove(connection)
            self.assertEqual(0, own.abandon(connection, 'heal_location'))

    def test_refuses_while_events_are_unsent(self):
        with engine.writer() as connection:
            connection.execute(own_schema.outbox.insert(), {
                'message_id': 'm', 'event_type': 'image.create',
                'priority': 'INFO', 'payload': '{}', 'created_ms': 1})
        with lock.exclusive() as connection:
            self.assertRaisesRegex(errors.UpgradeError, '1 events',
                                   own.remove, connection)
            own.remove(connection, force=True)
            self.assertEqual('expand', phases.needed(connection))
