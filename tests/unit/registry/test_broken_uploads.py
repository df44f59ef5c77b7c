"""An image that has lost data takes no empty data any more."""

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import purge
from glance.registry.endpoints import stages
from tests.unit.registry import base

NOTHING = {'size': 0, 'virtual_size': 0, 'checksum': 'c',
           'os_hash_algo': 'sha512', 'os_hash_value': 'h', 'url': 'file:///x',
           'metadata': {}, 'readers': False}


class TestBrokenUploads(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.stages = stages.StagesEndpoint()
        self.image = self.create()['id']

    def begin(self):
        begun = self.uploads.begin(self.owner, image_id=self.image,
                                   store_id='s', is_multi=False, size=None)
        return {'image_id': self.image, 'upload_id': begun['id'],
                'attempt': begun['attempt']}

    def begin_stage(self):
        begun = self.stages.begin(self.owner, image_id=self.image, host='h',
                                  size=None)
        return {'image_id': self.image, 'stage_id': begun['id'],
                'attempt': begun['attempt']}

    def fail(self, **more):
        self.uploads.fail(self.owner, **self.begin(), reason='r', **more)

    def fail_stage(self, **more):
        self.stages.fail(self.owner, **self.begin_stage(), **more)

    def check_refused(self):
        held = self.begin()
        self.assertRaises(exceptions.UploadBroken, self.uploads.finish,
                          self.owner, **held, data=NOTHING)
        # It is still that of the caller, who undoes it.
        self.uploads.fail(self.owner, **held, reason='r', received=False)
        held = self.begin_stage()
        self.assertRaises(exceptions.UploadBroken, self.stages.finish,
                          self.owner, **held, data={
                              'url': 'u', 'attempt': 'a', 'size': 0})
        self.stages.fail(self.owner, **held, received=False)
        self.assertEqual('queued', self.get(self.owner, self.image)['status'])

    def test_after_data_was_lost(self):
        for fail in (self.fail, self.fail_stage, self.fail):
            self.image = self.create()['id']
            fail()
            for _attempt in range(2):
                self.check_refused()

    def test_it_stays_when_a_later_one_brings_nothing(self):
        self.fail()
        self.fail(received=False)
        self.fail_stage(received=False)
        self.check_refused()

    def test_empty_data_of_a_fresh_image(self):
        self.fail(received=False)
        self.fail_stage(received=False)
        self.uploads.finish(self.owner, **self.begin(), data=NOTHING)
        self.assertEqual('active', self.get(self.owner, self.image)['status'])

    def test_data_is_welcome(self):
        self.fail()
        self.uploads.finish(self.owner, **self.begin(),
                            data=dict(NOTHING, size=1))
        self.assertEqual('active', self.get(self.owner, self.image)['status'])

    def test_other_images(self):
        self.fail()
        self.image = self.create()['id']
        self.uploads.finish(self.owner, **self.begin(), data=NOTHING)

    def noted(self):
        with engine.reader() as conn:
            return list(conn.scalars(sa.select(
                own_schema.broken_uploads.c.image_id)))

    def test_nothing_is_left_of_purged_images(self):
        self.fail()
        self.assertEqual([self.image], self.noted())
        held = self.begin()
        self.images.delete(self.owner, image_id=self.image)
        self.uploads.fail(self.owner, **held, reason='r')
        purge.purge_images(-1, -1)
        self.assertEqual([], self.noted())
