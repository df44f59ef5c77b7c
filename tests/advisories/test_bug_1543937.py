"""Bugs 1543937, 1803643: a purge failed on many rows or on foreign keys."""

import datetime

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import purge
from glance.db import schema
from tests.advisories import base

TABLES = (schema.image_properties, schema.image_tags, schema.image_members,
          schema.image_locations)
COUNT = 7


class TestPurge(base.TestCase):

    def setUp(self):
        super().setUp()
        for _number in range(COUNT):
            image_id = self.active(tags=['t'], a='b')
            self.service.call('POST', self.path(image_id, '/members'),
                              {'member': base.STRANGER})
            self.service.call('DELETE', self.path(image_id))
        long_ago = timeutils.utcnow() - datetime.timedelta(days=40)
        with engine.writer() as connection:
            for table in (*TABLES, schema.images):
                connection.execute(sa.update(table).values(
                    deleted_at=long_ago))
        self.patch(purge, '_CHUNK', 2)

    def rows(self, table):
        with engine.reader() as connection:
            return connection.scalar(
                sa.select(sa.func.count()).select_from(table))

    def test_in_pieces_and_again(self):
        for _time in range(2):
            purge.purge(30, -1)
            self.assertEqual([0] * len(TABLES), list(map(self.rows, TABLES)))
            self.assertEqual(COUNT, self.rows(schema.images))
        for left in (COUNT - 3, COUNT - 6, 0, 0):
            purge.purge_images(30, 3)
            self.assertEqual(left, self.rows(schema.images))

    def test_images_wait_for_what_belongs_to_them(self):
        purge.purge_images(30, -1)
        self.assertEqual(COUNT, self.rows(schema.images))
