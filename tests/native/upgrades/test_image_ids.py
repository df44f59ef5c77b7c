"""A database of before own_10, with uses: ids are compared by index, and none
of what was known is lost.
"""

import datetime
import uuid

from oslotest import base
import sqlalchemy as sa
import testscenarios

from glance.db.connect import engine
from glance.db.migrations.upgrade import legacy
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import own
from glance.db.migrations.upgrade import phases
from glance.db.migrations.upgrade import visibility
from glance.db import own_schema
from glance.db import schema
from tests.native.upgrades import environment
from tests.native.upgrades import old_databases

SMALL = str(uuid.uuid4())
CAPITAL = str(uuid.uuid4()).upper()
GONE = str(uuid.uuid4())
_NAMED = {'ix_own_images_by_name', 'ix_own_images_owner_name',
          'ix_own_images_visibility_name', 'ix_own_images_owner_visibility'}
_WRITTEN = sa.text(
    'SELECT character_set_name, collation_name FROM information_schema.columns'
    ' WHERE table_schema = database() AND table_name = :table'
    ' AND column_name = :column')


def _image(image_id):
    now = datetime.datetime(2024, 1, 1)
    return {'id': image_id, 'status': 'active', 'owner': 'p', 'name': 'n',
            'created_at': now, 'updated_at': now, 'deleted': False}


class _Before(testscenarios.WithScenarios, base.BaseTestCase):

    def go_to_09(self):
        with lock.exclusive() as connection:
            legacy.adopt(connection)
            lineages.upgrade(connection, lineages.UPSTREAM, 'expand@head')
            lineages.upgrade(connection, lineages.OWN, 'own_09')
            visibility.drop_triggers(connection)
            visibility.convert(connection)
            lineages.upgrade(connection, lineages.UPSTREAM, 'contract@head')
            connection.execute(schema.images.insert(),
                               [_image(SMALL), _image(CAPITAL)])
            connection.execute(own_schema.image_usage.insert(), [
                {'image_id': image_id, 'use_count': count,
                 'last_used_ms': count * 1000} for image_id, count in (
                     (SMALL, 1), (CAPITAL.lower(), 2), (GONE, 3), ('', 0))])

    def check(self):
        self.go_to_09()
        with lock.exclusive() as connection:
            self.assertEqual('expand', phases.needed(connection))
            phases.sync(connection)
        self.check_rows()
        with lock.exclusive() as connection:
            self.check_shape(connection)
            # As after an upgrade that was cut off.
            lineages.stamp(connection, lineages.OWN, 'own_09')
            phases.sync(connection)
        self.check_rows()
        with lock.exclusive() as connection:
            own.remove(connection)
            self.assertEqual(set(), _NAMED & self.indexes(connection))
            phases.sync(connection)
            self.check_shape(connection)

    def indexes(self, connection):
        return {one['name'] for one in sa.inspect(
            connection).get_indexes('images')}

    def check_shape(self, connection):
        found = self.indexes(connection)
        self.assertEqual(_NAMED, _NAMED & found)
        self.assertNotIn('ix_own_images_name', found)
        if connection.dialect.name == 'mysql':
            wanted = self.written(connection, 'images', 'id')
            for table in ('image_usage', 'work', 'cache_queue'):
                self.assertEqual(wanted, self.written(
                    connection, table, 'image_id'), table)

    def written(self, connection, table, column):
        return connection.execute(_WRITTEN, {
            'table': table, 'column': column}).one()

    def check_rows(self):
        totals, images = own_schema.image_usage, schema.images
        with engine.reader() as connection:
            self.assertIsNone(phases.needed(connection))
            self.assertEqual(
                {SMALL: 1, CAPITAL: 2}, dict(connection.execute(
                    sa.select(images.c.id, totals.c.use_count).join(
                        totals, totals.c.image_id == images.c.id)).all()))
            self.assertEqual(4, connection.scalar(
                sa.select(sa.func.count()).select_from(totals)))


class TestImageIdsOfOldDatabases(_Before):

    scenarios = [(name, {'name': name}) for name in (
        'liberty-11.mariadb', 'liberty-11.postgresql', 'liberty-11.sqlite',
        'train-19-utf8mb4.mariadb')]

    def test_uses_are_kept(self):
        self.useFixture(environment.OldService(self.name))
        self.check()


class TestImageIdsOfNewDatabases(_Before):

    scenarios = [(name, {'engine': name}) for name in old_databases.ENGINES]

    def test_uses_are_kept(self):
        database = self.useFixture(old_databases.EmptyDatabase(self.engine))
        self.useFixture(environment.Configured(database.url))
        self.check()
