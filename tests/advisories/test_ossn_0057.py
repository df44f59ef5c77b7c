"""OSSN-0057 and OSSN-0076: endless requests filled the database."""

from unittest import mock

import sqlalchemy as sa

from glance.common import keystone_limits
from glance.db.connect import engine
from glance.db import schema
from tests.advisories import base


def rows(table):
    with engine.reader() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(table))


class TestBounds(base.TestCase):

    options = {'use_keystone_limits': True, 'image_property_quota': 3,
               'image_tag_quota': 3, 'image_member_quota': 3}

    def setUp(self):
        super().setUp()
        patcher = mock.patch.object(
            keystone_limits, 'of_project', autospec=True,
            side_effect=lambda project_id, names: dict.fromkeys(names, 3))
        patcher.start()
        self.addCleanup(patcher.stop)

    def post(self, **values):
        return self.service.call('POST', base.IMAGES, values).status_int

    def test_images_beyond_the_limit_are_refused(self):
        self.assertEqual([201] * 3 + [413] * 3,
                         [self.post() for _number in range(6)])
        self.assertEqual(3, rows(schema.images))

    def test_properties_beyond_the_quota_are_refused(self):
        self.assertEqual(413, self.post(a='1', b='2', c='3', d='4'))
        self.assertEqual(0, rows(schema.images))
        image_id = self.service.create(a='1', b='2', c='3')['id']
        self.assertEqual(413, self.change(image_id, 'add', 'd', '4'))
        self.assertEqual(3, rows(schema.image_properties))

    def test_tags_beyond_the_quota_are_refused(self):
        self.assertEqual(413, self.post(tags=['a', 'b', 'c', 'd']))
        image_id = self.service.create(tags=['a', 'b', 'c'])['id']
        self.assertEqual(413, self.service.call(
            'PUT', self.path(image_id, '/tags/d')).status_int)
        self.assertEqual(413, self.change(image_id, 'replace', 'tags',
                                          ['a', 'b', 'c', 'd']))
        self.assertEqual(3, rows(schema.image_tags))

    def test_members_beyond_the_quota_are_refused(self):
        image_id = self.service.create()['id']
        found = [self.service.call(
            'POST', self.path(image_id, '/members'),
            {'member': 'p%d' % number}).status_int for number in range(5)]
        self.assertEqual([200] * 3 + [413] * 2, found)
        self.assertEqual(3, rows(schema.image_members))
