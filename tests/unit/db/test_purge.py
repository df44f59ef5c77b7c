import datetime

from oslo_utils import timeutils
from oslotest import base
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import own_schema
from glance.db import purge
from glance.db import schema
from tests.fixtures import database


class TestPurge(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(database.Database())

    def add(self, table, days=None, **values):
        """A row that was deleted that many days ago."""
        gone = {}
        if days is not None:
            at = timeutils.utcnow() - datetime.timedelta(days=days, minutes=1)
            gone = {'deleted': True, 'deleted_at': at}
        with engine.writer() as connection:
            connection.execute(table.insert(), {**values, **gone})

    def add_image(self, image_id, days=None):
        self.add(schema.images, days, id=image_id, status='active')

    def add_tag(self, value, days=None):
        self.add(schema.image_tags, days, image_id='i', value=value)

    def add_task(self, task_id, days=None):
        self.add(schema.tasks, days, id=task_id, type='import', owner='o',
                 status='success')
        self.add(schema.task_info, task_id=task_id)

    def left(self, column):
        with engine.reader() as connection:
            return sorted(connection.scalars(sa.select(column)))

    def test_only_rows_deleted_long_ago(self):
        self.add_image('i')
        self.add_tag('live')
        self.add_tag('young', days=4)
        self.add_tag('old', days=5)
        removed = purge.purge(5, 100)
        self.assertEqual(1, removed['image_tags'])
        self.assertEqual(['live', 'young'],
                         self.left(schema.image_tags.c.value))

    def test_tasks_go_after_their_information(self):
        self.add_task('live')
        self.add_task('old', days=5)
        removed = purge.purge(5, 100)
        self.assertEqual(['task_info', 'tasks'],
                         [list(removed)[0], list(removed)[-1]])
        self.assertEqual(['live'], self.left(schema.tasks.c.id))
        self.assertEqual(['live'], self.left(schema.task_info.c.task_id))

    def test_limit_is_for_each_table(self):
        self.add_image('i')
        for number in range(3):
            self.add_tag('t%d' % number, days=5)
            self.add_task('k%d' % number, days=5)
        removed = purge.purge(5, 2)
        self.assertEqual((2, 2, 2), (removed['image_tags'],
                                     removed['tasks'], removed['task_info']))

    def test_without_a_limit_all_old_rows_go(self):
        self.add_image('i')
        for number in range(3):
            self.add_tag('t%d' % number, days=5)
        self.patch_chunk(2)
        self.assertEqual(3, purge.purge(5, -1)['image_tags'])

    def patch_chunk(self, size):
        original = purge._CHUNK
        self.addCleanup(setattr, purge, '_CHUNK', original)
        purge._CHUNK = size

    def test_images_stay(self):
        self.add_image('i', days=9)
        self.assertNotIn('images', purge.purge(5, -1))
        self.assertEqual(['i'], self.left(schema.images.c.id))

    def test_images_go_in_the_order_of_their_ids(self):
        """Two that purge at once then wait, and do not lock each other."""
        for image_id in 'cab':
            self.add_image(image_id, days=9)
        purge.purge_images(5, 2)
        self.assertEqual(['c'], self.left(schema.images.c.id))

    def test_images_without_other_rows_go(self):
        self.add_image('free', days=9)
        self.add_image('i', days=9)
        self.add_image('live')
        self.add_tag('t', days=9)
        self.assertEqual({'images': 1}, purge.purge_images(5, -1))
        self.assertEqual(['i', 'live'], self.left(schema.images.c.id))
        self.assertEqual(['free'], self.left(own_schema.purged_images.c.id))

    def test_ids_that_others_took_again(self):
        for _time in range(2):
            self.add_image('i', days=9)
            self.assertEqual({'images': 1}, purge.purge_images(5, -1))
        self.assertEqual(['i'], self.left(own_schema.purged_images.c.id))
