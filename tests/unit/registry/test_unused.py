"""Images that nobody uses have sums, too, and which of all are counted."""

import datetime
import uuid

import fixtures
from oslo_utils import timeutils
import sqlalchemy as sa

from glance.db.connect import engine
from glance.db import health
from glance.db.images import image_writes
from glance.db import own_schema
from glance.db import schema
from glance.db.usage import unused
from tests.unit.registry import base
from tests.unit.registry import test_usage


class UnusedTest(test_usage.UsageTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(group='usage', enabled=True)

    def fold(self):
        """:returns: how many images got a sum, each time until none did"""
        found = []
        while count := self.usage.fold(self.admin, limit=10):
            found.append(count)
        return found

    def until(self):
        with engine.reader() as conn:
            return conn.scalars(sa.select(
                own_schema.usage_filled.c.until)).all()

    def age(self, image_id, **delta):
        with engine.writer() as conn:
            conn.execute(schema.images.update().where(
                schema.images.c.id == image_id), {
                    'created_at': timeutils.utcnow()
                    - datetime.timedelta(**delta)})

    def test_each_image_gets_one(self):
        images = [self.create()['id'] for _image in range(3)]
        self.merge(self.say(image=images[0]))
        self.assertEqual([2], self.fold())
        self.assertEqual({images[0]: 1, images[1]: 0, images[2]: 0},
                         self.counts())
        for image_id, is_used in zip(images, (True, False, False)):
            image = self.get(self.admin, image_id)
            self.assertEqual(is_used, image['os_last_used_at'] is not None)

    def test_some_at_a_time(self):
        self.useFixture(fixtures.MonkeyPatch(
            'glance.db.usage.unused._BATCH', 2))
        for _image in range(5):
            self.create()
        self.usage.fold(self.admin, limit=10)
        # Nothing is said of images before all have one.
        self.assertEqual([], self.until())
        self.assertEqual([2, 1], self.fold())
        self.assertEqual(1, len(self.until()))

    def test_a_second_run_says_how_far_it_came(self):
        self.fold()
        first, = self.until()
        self.fold()
        second, = self.until()
        self.assertGreaterEqual(second, first)
        self.assertLess(second, timeutils.utcnow())

    def test_lists_look_at_newer_images_only(self):
        self.fold()
        self.age(self.create(name='before')['id'], hours=3)
        self.create(name='after')
        with engine.reader() as conn:
            found = conn.scalars(sa.select(schema.images.c.name).where(
                unused.are_unknown())).all()
        self.assertEqual(['after'], found)

    def test_a_use_is_added_to_what_there_is(self):
        image_id = self.create()['id']
        self.fold()
        self.merge(self.say(image=image_id), self.say(2, image=image_id))
        self.assertEqual({image_id: 2}, self.counts())

    def test_those_of_deleted_images_go(self):
        deleted, kept = (self.create()['id'] for _image in range(2))
        used = self.create()['id']
        self.merge(self.say(image=used))
        self.fold()
        self.images.delete(self.owner, image_id=used)
        self.images.delete(self.owner, image_id=deleted)
        with engine.writer() as conn:
            image_writes.delete(conn, kept, 'pending_delete')
        self.assertEqual([], self.fold())
        self.assertEqual({used: 1, kept: 0}, self.counts())


class CapitalsTest(test_usage.UsageTestCase):
    """An image of a former release has capital letters in its id, and those
    who use it say small ones.
    """

    def setUp(self):
        super().setUp()
        self.config.config(group='usage', enabled=True)
        self.image = str(uuid.uuid4()).upper()
        self.create(id=self.image, name='old')

    def use(self):
        self.merge(self.say(image=self.image.lower()))

    def check(self):
        image = self.get(self.admin, self.image)
        self.assertEqual(1, image['os_usage_count'])
        self.assertIsNotNone(image['os_last_used_at'])
        self.assertEqual(['old'], self.images_with(1))
        self.assertEqual([], self.images_with(0))
        for form in (self.image, self.image.lower()):
            page = self.list(form)
            self.assertEqual((1, 1), (page['total'], len(page['uses'])))

    def images_with(self, count):
        return base.RegistryTestCase.list(
            self, self.admin, filters=[['os_usage_count', 'eq', count]])

    def test_its_uses_are_shown(self):
        self.use()
        self.check()
        self.usage.fold(self.admin, limit=10)
        self.check()

    def test_its_uses_are_shown_when_it_had_none(self):
        self.usage.fold(self.admin, limit=10)
        self.use()
        self.check()
        self.assertEqual({self.image: 1}, self.counts())

    def test_a_second_use_is_added(self):
        self.use()
        self.merge(self.say(2, image=self.image.lower()))
        self.assertEqual({self.image: 2}, self.counts())


class GaugesTest(test_usage.UsageTestCase):

    def test_deleted_images_are_not_counted(self):
        images = [self.create()['id'] for _image in range(3)]
        for number, image_id in enumerate(images):
            self.merge(*(self.say(10 * number + one, image=image_id)
                         for one in range(number + 1)))
        self.merge(self.say(99, image=str(uuid.uuid4())))
        self.images.delete(self.owner, image_id=images[1])
        with engine.reader() as conn:
            self.assertEqual((2, 4), health.count_uses(conn))
