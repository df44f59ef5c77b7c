"""One `glance-manage db sync` brings any release's database to the present.
"""

import datetime

from oslotest import base
import sqlalchemy as sa
import testscenarios

from glance.db.connect import engine
from glance.db import own_schema
from tests.fixtures import database_shape
from tests.native.upgrades import manage
from tests.native.upgrades import old_databases

_NEW = {*own_schema.metadata.tables, 'glance_own_version',
        'alembic_version', 'node_reference', 'cached_images'}
_GONE = {'artifacts', 'artifact_blobs', 'artifact_blob_locations',
         'artifact_dependencies', 'artifact_properties', 'artifact_tags'}


class TestOldDatabases(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [(name, {'name': name}) for name in old_databases.names()]

    def setUp(self):
        super().setUp()
        self.old = self.useFixture(old_databases.OldDatabase(self.name))
        self.manifest = self.old.manifest
        self.manage = self.useFixture(manage.Manage(self.old.url))
        self.database = sa.create_engine(
            engine.database_url(self.old.url), poolclass=sa.NullPool)

    def test_sync_keeps_every_fact(self):
        status, output, errors = self.manage.run('db', 'sync')
        self.assertEqual(0, status, errors)
        self.assertIn('2024_1_contract01', output)
        with self.database.connect() as connection:
            self._check_rows(connection)
            self._check_shape(connection)
            self._check_insert(connection)

    def _check_rows(self, connection):
        wanted = self.manifest['wanted']
        facts = [probe for probe in self.manifest['probes']
                 if not probe.get('informational')]
        self.assertEqual({}, old_databases.broken_facts(connection, facts))
        self.assertEqual(wanted['visibility'],
                         old_databases.visibilities(connection))
        before = {**self.manifest['counts'], **wanted['counts']}
        after = old_databases.counts(connection)
        self.assertEqual(set(), after.keys() & _GONE)
        self.assertEqual(
            {table: rows for table, rows in before.items()
             if table not in _GONE},
            {table: rows for table, rows in after.items()
             if table not in _NEW - before.keys()})

    def _check_shape(self, connection):
        tolerated = self.manifest['wanted'].get('tolerated', {})
        dialect = connection.dialect.name
        wanted = _comparable(database_shape.agreed(dialect))
        found = _comparable(database_shape.reflected(connection))
        for table in tolerated.get('unique_constraints', ()):
            del wanted[table]['unique'], found[table]['unique']
        self.assertEqual([], database_shape.differences(wanted, found))

    def _check_insert(self, connection):
        """New images can be made: no trigger or old column is in the way."""
        images = sa.Table('images', sa.MetaData(), autoload_with=connection)
        connection.execute(images.insert(), {
            'id': 'new', 'status': 'queued', 'deleted': False,
            'created_at': datetime.datetime(2026, 1, 2), 'min_disk': 0,
            'min_ram': 0})
        self.assertEqual('shared', connection.scalar(
            sa.select(images.c.visibility).where(images.c.id == 'new')))


def _comparable(shape):
    """Without what old databases may have otherwise: names of foreign keys,
    check constraints, the character set of converted tables, our indexes;
    and SQLite makes no difference between its two names of integers.
    """
    shape = database_shape.without(shape, 'checks', 'options')
    for table in shape.values():
        table['columns'] = {
            name: ('INTEGER' if kind == 'BIGINT' else kind, *others)
            for name, (kind, *others) in table['columns'].items()}
        table['foreign_keys'] = {','.join(columns): target for columns, target
                                 in table['foreign_keys'].values()}
        table['indexes'] = {name: facts for name, facts
                            in table['indexes'].items()
                            if not name.startswith('ix_own_')}
    return shape
