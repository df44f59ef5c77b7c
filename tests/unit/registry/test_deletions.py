"""Images deleted with delay come back whole, or go; and who owns data."""

import datetime
import time

from oslo_utils import timeutils

from glance.common import exceptions
from glance.db.connect import engine
from glance.db.durable import work as units
from glance.db.images import locations
from glance.db import own_schema
from glance.db import schema
from glance.registry.endpoints import deletions
from tests.unit.registry import base

images = schema.images
work = own_schema.work


class DeletionsTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(delayed_delete=True, scrub_time=3600)
        self.deletions = deletions.DeletionsEndpoint()
        self.image_id = self.create(properties={'a': 'b', 'gone': 'x'},
                                    tags=['t'])['id']
        self.upload(self.image_id)
        self.members.create(self.owner, image_id=self.image_id,
                            member_id='friend', limit=10)

    def delete(self):
        self.images.delete(self.owner, image_id=self.image_id)
        self.events()

    def restore(self):
        self.deletions.restore(self.admin, image_id=self.image_id)

    def change(self, table, **columns):
        with engine.writer() as conn:
            conn.execute(table.update(), columns)

    def waiting(self):
        """Kinds of work that wait, with whether they can be claimed."""
        time.sleep(0.002)
        with engine.reader() as conn:
            now = conn.scalar(units.types.now_ms().select())
            return [(row.kind, row.lease_until_ms < now)
                    for row in conn.execute(work.select())]

    def status(self):
        with engine.reader() as conn:
            return conn.scalar(images.select().with_only_columns(
                images.c.status).where(images.c.id == self.image_id))

    def age(self, seconds):
        self.change(images, deleted_at=timeutils.utcnow()
                    - datetime.timedelta(seconds=seconds))


class RestoreTest(DeletionsTestCase):

    def test_a_restored_image_is_as_it_was(self):
        before = self.get(self.owner, self.image_id)
        self.delete()
        self.restore()
        after = self.get(self.owner, self.image_id)
        self.assertEqual(dict(before, updated_at=None),
                         dict(after, updated_at=None))
        self.assertIsNotNone(self.get(
            self.stranger.__class__(project_id='friend'), self.image_id))
        self.assertEqual([], self.waiting())
        self.assertEqual(['image.update', 'image.status'], self.events())
        self.assertEqual(
            {self.image_id: {'is_known': True, 'is_image': True,
                             'is_busy': False, 'urls': ['file:///images/x'],
                             'object': None}},
            self.deletions.owners(self.admin, ids=[self.image_id]))

    def test_what_was_removed_before_stays_away(self):
        self.images.update(self.owner, image_id=self.image_id, changes={
            'remove_properties': ['gone']})
        properties = schema.image_properties
        with engine.writer() as conn:
            conn.execute(properties.update().where(
                properties.c.name == 'gone'), {
                    'deleted_at': datetime.datetime(2020, 1, 1)})
        self.delete()
        self.restore()
        self.assertEqual({'a': 'b'}, self.get(
            self.owner, self.image_id)['properties'])

    def test_not_waiting(self):
        self.assertRaises(exceptions.ImageNotFound, self.restore)
        self.config.config(delayed_delete=False)
        self.delete()
        self.assertRaises(exceptions.ImageNotFound, self.restore)

    def test_too_late(self):
        self.delete()
        self.run_out_leases()
        self.work.claim(self.admin, worker='w', limit=1)
        self.assertRaises(exceptions.Conflict, self.restore)
        self.assertEqual('pending_delete', self.status())

    def test_a_part_is_gone(self):
        with engine.writer() as conn:
            locations.create(conn, self.image_id, 'file:///y', {})
        self.delete()
        self.run_out_leases()
        unit, = self.work.claim(self.admin, worker='w', limit=1)
        self.work.data_deleted(self.admin, work_id=unit['id'],
                               attempt=unit['attempt'],
                               image_id=self.image_id)
        self.assertRaises(exceptions.Conflict, self.restore)
        self.assertEqual('pending_delete', self.status())

    def test_deleted_by_another_release(self):
        self.delete()
        with engine.writer() as conn:
            conn.execute(work.delete())
        self.restore()
        self.assertEqual('active', self.status())

    def test_the_removal_comes_too_late(self):
        self.delete()
        self.restore()
        self.run_out_leases()
        self.assertEqual([], self.work.claim(self.admin, worker='w',
                                             limit=1))


class DueTest(DeletionsTestCase):

    def begin(self):
        return self.deletions.begin_due(self.admin, limit=10)

    def due(self):
        return [image['id'] for image in
                self.deletions.list_due(self.admin, limit=10)]

    def test_in_time(self):
        self.delete()
        self.assertEqual(([], 0), (self.due(), self.begin()))
        self.assertEqual([('delete_data', False)], self.waiting())

    def test_a_shorter_time_counts(self):
        self.delete()
        self.age(60)
        self.config.config(scrub_time=30)
        self.assertEqual([self.image_id], self.due())
        self.assertEqual(1, self.begin())
        self.assertEqual([('delete_data', True)], self.waiting())
        self.assertEqual(0, self.begin())

    def test_deleted_by_another_release(self):
        self.delete()
        self.age(4000)
        with engine.writer() as conn:
            conn.execute(work.delete())
        self.assertEqual(1, self.begin())
        unit, = self.work.claim(self.admin, worker='w', limit=5)
        self.assertEqual('file:///images/x', unit['input']['url'])
        self.assertEqual(0, self.begin())

    def test_without_data(self):
        self.delete()
        self.age(4000)
        with engine.writer() as conn:
            conn.execute(work.delete())
            conn.execute(schema.image_locations.delete())
        self.assertEqual(1, self.begin())
        self.assertEqual('deleted', self.status())


class OwnersTest(DeletionsTestCase):

    def owner_of(self, one):
        return self.deletions.owners(self.admin, ids=[one, 'x'])[one]

    def test_a_live_image_owns_its_urls(self):
        self.assertEqual({'is_known': True, 'is_image': True,
                          'is_busy': False, 'urls': ['file:///images/x'],
                          'object': None},
                         self.owner_of(self.image_id))

    def test_to_be_restored(self):
        self.delete()
        found = self.owner_of(self.image_id)
        self.assertEqual((True, ['file:///images/x']),
                         (found['is_busy'], found['urls']))

    def test_a_deleted_image_owns_no_urls(self):
        self.config.config(delayed_delete=False)
        self.delete()
        with engine.writer() as conn:
            conn.execute(work.delete())
        self.assertEqual({'is_known': True, 'is_image': True,
                          'is_busy': False, 'urls': [], 'object': None},
                         self.owner_of(self.image_id))

    def test_an_unknown_id_owns_nothing(self):
        self.assertEqual({'is_known': False, 'is_image': False,
                          'is_busy': False, 'urls': [], 'object': None},
                         self.owner_of('y'))

    def test_tasks_and_work_are_known_as_well(self):
        with engine.writer() as conn:
            conn.execute(schema.tasks.insert().values(
                id='task', type='export', status='success', owner='o'))
            conn.execute(work.insert().values(
                id='busy', kind='export', image_id=self.image_id,
                state='running', input='{}', attempt=1, created_ms=1,
                lease_until_ms=1))
        self.assertEqual((True, False), (self.owner_of('task')['is_known'],
                                         self.owner_of('task')['is_image']))
        self.assertTrue(self.owner_of('busy')['is_busy'])
