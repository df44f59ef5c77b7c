"""Quotas: what is counted, who is charged, and that they hold."""

import threading

from glance.common import exceptions
from glance.conf import CONF
from glance.db.connect import engine
from glance.db import own_schema
from glance.registry.endpoints import quotas
from tests.unit.registry import base

DATA = {'size': 3, 'virtual_size': None, 'checksum': 'c' * 32,
        'os_hash_algo': 'sha512', 'os_hash_value': 'h' * 128,
        'url': 'file:///images/x', 'metadata': {'store': 'file'}}


class QuotaTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.quotas = quotas.QuotasEndpoint()

    def used(self, project_id='owner'):
        usage = self.quotas.usage(self.admin, project_id=project_id)
        return [usage[name] for name in (
            'image_size_total', 'image_stage_total', 'image_count_total',
            'image_count_uploading')]

    def begin(self, image_id, size, **limits):
        return self.uploads.begin(
            self.owner, image_id=image_id, store_id='file', is_multi=True,
            size=size, limits=limits)

    def finish(self, image_id, begun, size, limits=None):
        self.uploads.finish(
            self.owner, image_id=image_id, upload_id=begun['id'], attempt=1,
            data=dict(DATA, size=size), limits=limits)

    def fail(self, image_id, begun):
        self.uploads.fail(self.owner, image_id=image_id,
                          upload_id=begun['id'], attempt=1, reason='broken')

    def renew(self, image_id, begun, received, **limits):
        self.uploads.renew(self.owner, image_id=image_id,
                           upload_id=begun['id'], attempt=1,
                           held={'store_bytes': received}, limits=limits)


class UsageTest(QuotaTestCase):

    def test_a_project_without_images_uses_nothing(self):
        self.assertEqual([0, 0, 0, 0], self.used())

    def test_an_upload_is_charged_from_its_begin_to_the_removal(self):
        image_id = self.create()['id']
        self.assertEqual([0, 0, 1, 0], self.used())
        begun = self.begin(image_id, 5)
        self.assertEqual([5, 0, 1, 1], self.used())
        self.finish(image_id, begun, 5)
        self.assertEqual([5, 0, 1, 0], self.used())
        self.images.delete(self.owner, image_id=image_id)
        self.assertEqual([5, 0, 0, 0], self.used())
        unit, = self.work.claim(self.admin, worker='w', limit=9)
        self.work.data_deleted(self.admin, work_id=unit['id'], attempt=1,
                               image_id=image_id)
        self.assertEqual([0, 0, 0, 0], self.used())

    def test_a_failed_upload_is_not_charged(self):
        image_id = self.create()['id']
        self.fail(image_id, self.begin(image_id, 5))
        self.assertEqual([0, 0, 1, 0], self.used())

    def test_an_image_deleted_during_its_upload(self):
        image_id = self.create()['id']
        begun = self.begin(image_id, 5)
        self.images.delete(self.owner, image_id=image_id)
        self.assertEqual([5, 0, 0, 0], self.used())
        self.fail(image_id, begun)
        self.assertEqual([0, 0, 0, 0], self.used())

    def test_data_kept_for_a_delayed_deletion_is_free(self):
        self.config.config(delayed_delete=True)
        image_id = self.create()['id']
        self.finish(image_id, self.begin(image_id, 5), 5)
        self.images.delete(self.owner, image_id=image_id)
        self.assertEqual([0, 0, 0, 0], self.used())

    def test_others_are_not_charged(self):
        self.begin(self.create()['id'], 5)
        self.assertEqual([0, 0, 0, 0], self.used('stranger'))

    def test_size_counts_for_each_location(self):
        image_id = self.create()['id']
        self.finish(image_id, self.begin(image_id, 5), 5)
        with engine.writer() as conn:
            from glance.db.images import locations
            locations.create(conn, image_id, 'file:///copy', {})
        self.assertEqual(10, self.used()[0])


class LimitTest(QuotaTestCase):

    def test_no_image_is_made_beyond_the_limit(self):
        self.create()
        image = {'owner': 'owner'}
        self.assertRaises(
            exceptions.LimitExceeded, self.images.create, self.owner,
            image=image, limits={'image_count_total': 1})
        self.assertEqual(1, self.used()[2])

    def test_who_acts_does_not_matter(self):
        image_id = self.create(owner='other')['id']
        self.assertRaises(exceptions.LimitExceeded, self.begin, image_id, 5,
                          image_size_total=4)
        self.assertEqual('queued', self.get(self.admin, image_id)['status'])

    def test_the_limit_itself_is_allowed(self):
        self.begin(self.create()['id'], 5, image_size_total=10)
        self.begin(self.create()['id'], 5, image_size_total=10)
        self.assertRaises(exceptions.LimitExceeded, self.begin,
                          self.create()['id'], 1, image_size_total=10)

    def test_room_is_what_the_limit_leaves(self):
        begun = self.begin(self.create()['id'], None, image_size_total=10)
        self.assertEqual(10, begun['room'])
        begun = self.begin(self.create()['id'], 4, image_size_total=10)
        self.assertEqual(6, begun['room'])
        self.assertIsNone(self.begin(self.create()['id'], 5)['room'])

    def test_uploads_at_a_time(self):
        first = self.create()['id']
        begun = self.begin(first, 1, image_count_uploading=1)
        second = self.create()['id']
        self.assertRaises(exceptions.LimitExceeded, self.begin, second, 1,
                          image_count_uploading=1)
        self.finish(first, begun, 1)
        self.begin(second, 1, image_count_uploading=1)

    def test_bytes_that_nobody_announced(self):
        image_id = self.create()['id']
        begun = self.begin(image_id, None, image_size_total=10)
        self.renew(image_id, begun, 7, image_size_total=10)
        self.assertEqual(7, self.used()[0])
        self.assertRaises(exceptions.LimitExceeded, self.begin,
                          self.create()['id'], 4, image_size_total=10)
        self.assertRaises(exceptions.LimitExceeded, self.renew, image_id,
                          begun, 11, image_size_total=10)
        self.assertRaises(exceptions.LimitExceeded, self.finish, image_id,
                          begun, 11, {'image_size_total': 10})
        self.assertEqual(7, self.used()[0])
        self.finish(image_id, begun, 10, {'image_size_total': 10})
        self.assertEqual(10, self.used()[0])

    def test_bytes_of_work_on_its_way(self):
        image_id = self.create()['id']
        begun = self.begin(image_id, None)

        def advance(held, **limits):
            self.work.advance(self.admin, work_id=begun['id'], attempt=1,
                              progress={}, held=held, limits=limits)
        for held, name in (({'store_bytes': 7}, 'image_size_total'),
                           ({'stage_bytes': 7}, 'image_stage_total')):
            advance(held, **{name: 7})
            self.assertRaises(exceptions.LimitExceeded, advance, held,
                              **{name: 6})
        advance(None, image_size_total=6, image_stage_total=6)
        self.assertEqual([7, 7, 1, 1], self.used())

    def test_staged_bytes(self):
        image_id = self.create()['id']
        begun = self.begin(image_id, None)
        self.assertRaises(
            exceptions.LimitExceeded, self.uploads.renew, self.owner,
            image_id=image_id, upload_id=begun['id'], attempt=1,
            held={'stage_bytes': 7}, limits={'image_stage_total': 6})

    def test_room_that_is_about_to_be(self):
        image_id = self.create()['id']
        self.finish(image_id, self.begin(image_id, 5), 5)
        self.images.delete(self.owner, image_id=image_id)
        other = self.create()['id']
        self.assertRaises(exceptions.SpaceBeingFreed, self.begin, other, 6,
                          image_size_total=10)
        error = self.assertRaises(exceptions.LimitExceeded, self.begin,
                                  other, 11, image_size_total=10)
        self.assertIs(exceptions.LimitExceeded, type(error))

    def test_nobody_is_charged_for_an_image_without_owner(self):
        self.begin(self.create(owner=None)['id'], 5, image_size_total=1)

    def test_no_statement_is_spent_without_limits(self):
        image_id = self.create()['id']
        with self.database.statements() as statements:
            self.begin(image_id, 5)
        self.assertEqual([], [one for one in statements
                              if own_schema.project_locks.name in one])


class LockTest(QuotaTestCase):
    """The row of a project, which one change after the other holds."""

    def taken(self):
        with engine.reader() as conn:
            return [tuple(row) for row in conn.execute(
                own_schema.project_locks.select())]

    def test_each_limited_change_takes_the_row_of_its_project(self):
        limits = {'image_size_total': 10}
        for number in (1, 2, 3):
            self.begin(self.create()['id'], 1, **limits)
            self.assertEqual([('owner', number)], self.taken())


class ConcurrencyTest(QuotaTestCase):
    """What several registries at once may grant together."""

    users = 32

    def setUp(self):
        super().setUp()
        self.config.config(max_pool_size=self.users + 2, max_overflow=0,
                           group='database')
        self.ids = [self.create()['id'] for _number in range(self.users)]
        engine.configure()
        self.assertEqual(self.users + 2, CONF.database.max_pool_size)

    def together(self, function):
        """:returns: {True: how many were granted, False: refused}"""
        start, outcomes = threading.Barrier(self.users), []

        def run(image_id):
            start.wait()
            try:
                function(image_id)
            except exceptions.LimitExceeded:
                outcomes.append(False)
            else:
                outcomes.append(True)

        threads = [threading.Thread(target=run, args=[image_id])
                   for image_id in self.ids]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {granted: outcomes.count(granted)
                for granted in (True, False)}

    def test_bytes_granted_together_stay_within_the_limit(self):
        self.assertEqual(
            {True: 10, False: 22}, self.together(
                lambda image_id: self.begin(image_id, 100,
                                            image_size_total=1099)))
        self.assertEqual(1000, self.used()[0])

    def test_images_made_together_stay_within_the_limit(self):
        def create(image_id):
            image = dict(self.get(self.owner, image_id), id=image_id[::-1])
            self.images.create(self.owner, image={
                name: image[name] for name in (
                    'id', 'name', 'visibility', 'owner', 'disk_format',
                    'container_format', 'min_disk', 'min_ram', 'protected',
                    'os_hidden', 'properties', 'tags')},
                limits={'image_count_total': 42})
        self.assertEqual({True: 10, False: 22}, self.together(create))
        self.assertEqual(42, self.used()[2])
