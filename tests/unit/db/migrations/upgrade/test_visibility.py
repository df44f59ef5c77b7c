from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db.migrations.upgrade import lineages
from glance.db.migrations.upgrade import lock
from glance.db.migrations.upgrade import phases
from glance.db.migrations.upgrade import visibility
from tests.fixtures import database

_TIME = '2016-01-02 03:04:05'


class TestConversion(base.BaseTestCase):
    """On a database expanded by an older release, with rows of both kinds."""

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())
        with lock.exclusive() as connection:
            for table in sa.inspect(connection).get_table_names():
                connection.execute(sa.DDL('DROP TABLE %s' % table))
            lineages.upgrade(connection, lineages.UPSTREAM,
                             'ocata_expand01')

    def add(self, image_id, is_public, members=(), known=None, deleted=False):
        """`members`: the deleted marks of its member rows."""
        with engine.writer() as connection:
            connection.execute(sa.text(
                'INSERT INTO images (id, status, is_public, visibility, '
                'created_at, deleted, min_disk, min_ram) VALUES '
                "(:id, 'active', :public, :known, :time, :deleted, 0, 0)"),
                {'id': image_id, 'public': is_public, 'known': known,
                 'time': _TIME, 'deleted': deleted})
            for number, gone in enumerate(members):
                connection.execute(sa.text(
                    'INSERT INTO image_members (image_id, member, can_share, '
                    'created_at, deleted) VALUES '
                    '(:id, :member, 0, :time, :gone)'),
                    {'id': image_id, 'member': 'm%d' % number, 'gone': gone,
                     'time': _TIME})

    def converted(self):
        with lock.exclusive() as connection:
            phases.sync(connection)
        with engine.reader() as connection:
            return dict(connection.execute(sa.text(
                'SELECT id, visibility FROM images')).all())

    def test_visibility_follows_is_public_and_members(self):
        self.add('public', True)
        self.add('public with member', True, [False])
        self.add('private', False)
        self.add('private, member gone', False, [True])
        self.add('shared', False, [True, False])
        self.add('shared, deleted', False, [False], deleted=True)
        self.add('neither', None)
        self.assertEqual({
            'public': 'public', 'public with member': 'public',
            'private': 'private', 'private, member gone': 'private',
            'shared': 'shared', 'shared, deleted': 'shared',
            'neither': 'private'}, self.converted())

    def test_known_visibility_stays(self):
        self.add('shared', False, known='shared')
        self.add('community', None, known='community')
        self.add('private', False, [False], known='private')
        self.assertEqual({'shared': 'shared', 'community': 'community',
                          'private': 'private'}, self.converted())

    def test_is_public_lost_in_a_failed_upgrade(self):
        self.add('shared', True, [False])
        self.add('unknown', True)
        with lock.exclusive() as connection:
            connection.execute(sa.DDL('DROP INDEX ix_images_is_public'))
            connection.execute(sa.DDL(
                'ALTER TABLE images RENAME COLUMN is_public TO other'))
        self.assertEqual({'shared': 'shared', 'unknown': 'private'},
                         self.converted())

    def test_converted_rows_are_pending_no_more(self):
        self.add('one', True)
        with engine.writer() as connection:
            self.assertEqual(1, visibility.pending(connection))
            self.assertEqual(1, visibility.convert(connection))
            self.assertEqual(0, visibility.pending(connection))
