"""OSSN-0075: ids of purged images could be taken again by somebody else."""

import datetime

from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import purge
from glance.db import schema
from tests.advisories import base


class TestPurgedIds(base.TestCase):

    def purged(self):
        """Id of an image whose row is gone."""
        image_id = self.active()
        self.service.call('DELETE', self.path(image_id))
        long_ago = timeutils.utcnow() - datetime.timedelta(days=400)
        with engine.writer() as connection:
            for table in (schema.image_locations, schema.image_members,
                          schema.images):
                connection.execute(sa.update(table).values(
                    deleted_at=long_ago))
        purge.purge(30, -1)
        self.assertEqual({'images': 1}, purge.purge_images(180, -1))
        return image_id

    def test_nobody_takes_them(self):
        image_id = self.purged()
        body = {'id': image_id, 'name': 'trusted', 'visibility': 'shared'}
        for call in (self.service.call, self.service.admin):
            answer = call('POST', base.IMAGES, body)
            self.assertEqual(409, answer.status_int, answer.text)
        answer = self.service.admin('GET', self.path(image_id))
        self.assertEqual(404, answer.status_int)
