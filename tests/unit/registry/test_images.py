"""Image records: created, read, changed, deleted."""

import datetime
import json
import threading

import sqlalchemy as sa

from glance.common import concurrency
from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import purge
from glance.db import schema
from glance.db import types
from glance.registry.endpoints import work
from tests.unit.registry import base


class CreateAndReadTest(base.RegistryTestCase):

    def test_a_created_image_reads_back_whole(self):
        created = self.create(properties={'a': '1', 'b': ''},
                              tags=['z', 'a', 'z'])
        image = self.get(self.owner, created['id'])
        self.assertEqual(created, image)
        self.assertEqual('queued', image['status'])
        self.assertEqual({'a': '1', 'b': ''}, image['properties'])
        self.assertEqual(['a', 'z'], image['tags'])
        self.assertEqual([], image['locations'])
        self.assertIs(False, image['protected'])
        self.assertRegex(image['created_at'],
                         r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')

    def test_one_statement_reads_one_image(self):
        image_id = self.create(properties={'a': '1'}, tags=['t'])['id']
        with self.database.statements() as statements:
            self.get(self.owner, image_id)
        self.assertEqual(1, len(statements), statements)

    def test_an_id_in_use_is_refused(self):
        image_id = self.create()['id']
        self.assertRaises(exceptions.Duplicate, self.create, id=image_id)

    def test_an_id_stays_taken_after_deletion(self):
        image_id = self.create()['id']
        self.images.delete(self.owner, image_id=image_id)
        self.assertRaises(exceptions.Duplicate, self.create, id=image_id)
        self.assertIsNone(self.get(self.admin, image_id))

    def test_who_sees_what_by_id(self):
        seen = {}
        for visibility in ('private', 'shared', 'community', 'public'):
            image_id = self.create(visibility=visibility)['id']
            seen[visibility] = [
                self.get(ctxt, image_id) is not None
                for ctxt in (self.owner, self.stranger, self.admin)]
        self.assertEqual({'private': [True, False, True],
                          'shared': [True, False, True],
                          'community': [True, True, True],
                          'public': [True, True, True]}, seen)

    def test_a_member_sees_a_shared_image_and_is_named(self):
        image_id = self.create()['id']
        self.members.create(self.owner, image_id=image_id,
                            member_id='stranger', limit=-1)
        self.assertEqual('stranger',
                         self.get(self.stranger, image_id)['member'])
        self.assertIsNone(self.get(self.owner, image_id)['member'])

    def test_a_member_of_what_is_not_shared_any_more(self):
        image_id = self.create()['id']
        self.members.create(self.owner, image_id=image_id,
                            member_id='stranger', limit=-1)
        for visibility, is_seen in (('private', False), ('shared', True)):
            self.images.update(self.owner, image_id=image_id, changes={
                'attributes': {'visibility': visibility}})
            self.assertIs(is_seen,
                          self.get(self.stranger, image_id) is not None)


class PurgedTest(base.RegistryTestCase):

    def deleted(self):
        """An image deleted long ago, of which only its own row is left."""
        image_id = self.create()['id']
        self.images.delete(self.owner, image_id=image_id)
        with engine.writer() as conn:
            conn.execute(sa.update(schema.images).values(
                deleted_at=datetime.datetime(2001, 1, 1)))
        return image_id

    def attempt(self, image_id):
        try:
            self.create(id=image_id)
        except exceptions.Duplicate:
            return 'refused'
        return 'taken'

    def test_the_id_stays_taken(self):
        image_id = self.deleted()
        self.assertEqual({'images': 1}, purge.purge_images(1, -1))
        self.assertEqual('refused', self.attempt(image_id))
        self.assertIsNone(self.get(self.admin, image_id))

    def test_whoever_waits_for_the_purge_does_not_get_it(self):
        if concurrency.is_green():
            self.skipTest('The rival waits in C, which stops all greenlets.')
        image_id, outcomes = self.deleted(), []
        rival = threading.Thread(target=lambda: outcomes.append(
            self.attempt(image_id)))

        def wake_rival(_connection, clause, *_arguments):
            if clause.is_delete and clause.table is schema.images:
                rival.start()
                rival.join(0.3)

        writer = engine.get_engine()
        sa.event.listen(writer, 'after_execute', wake_rival)
        self.addCleanup(sa.event.remove, writer, 'after_execute', wake_rival)
        purge.purge_images(1, -1)
        rival.join()
        self.assertEqual(['refused'], outcomes)


class UpdateTest(base.RegistryTestCase):

    def update(self, image_id, **changes):
        return self.images.update(self.owner, image_id=image_id,
                                  changes=changes)

    def test_only_what_is_named_changes(self):
        image_id = self.create(properties={'a': '1', 'b': '2'},
                               tags=['t'])['id']
        image = self.update(image_id, attributes={'name': 'other'},
                            set_properties={'c': '3', 'a': '4'},
                            remove_properties=['b'])
        self.assertEqual('other', image['name'])
        self.assertEqual({'a': '4', 'c': '3'}, image['properties'])
        self.assertEqual(['t'], image['tags'])

    def test_a_removed_property_can_come_back(self):
        image_id = self.create(properties={'a': '1'})['id']
        self.update(image_id, remove_properties=['a'])
        image = self.update(image_id, set_properties={'a': '2'})
        self.assertEqual({'a': '2'}, image['properties'])

    def test_conditions_on_properties(self):
        image_id = self.create(properties={'a': '1'})['id']
        self.assertRaises(exceptions.Conflict, self.update, image_id,
                          set_properties={'b': '1'}, must_exist=['b'])
        self.assertRaises(exceptions.Conflict, self.update, image_id,
                          set_properties={'a': '2'}, must_not_exist=['a'])
        self.assertEqual({'a': '1'},
                         self.get(self.owner, image_id)['properties'])

    def test_limit_of_properties_leaves_out_our_own(self):
        image_id = self.create(properties={'os_glance_x': '1'})['id']
        limits = {'properties': 1}
        self.update(image_id, set_properties={'a': '1'}, limits=limits)
        self.assertRaises(exceptions.LimitExceeded, self.update, image_id,
                          set_properties={'b': '1'}, limits=limits)
        self.update(image_id, set_properties={'a': '2'}, limits=limits)

    def test_tags_are_replaced_as_a_whole(self):
        image_id = self.create(tags=['a', 'b'])['id']
        self.assertEqual(['b', 'c'],
                         self.update(image_id, tags=['c', 'b'])['tags'])

    def test_a_change_bound_to_a_status(self):
        image_id = self.create()['id']
        self.update(image_id, attributes={'disk_format': 'iso'},
                    if_status=['queued'])
        self.assertRaises(exceptions.Forbidden, self.update, image_id,
                          attributes={'disk_format': 'raw'},
                          if_status=['importing'])
        self.assertEqual('iso',
                         self.get(self.owner, image_id)['disk_format'])

    def test_unknown_image(self):
        self.assertRaises(exceptions.ImageNotFound, self.update, 'nothing')

    def test_a_repeated_write_acts_once(self):
        image_id = self.create()['id']
        self.owner.call_id = 'a-call'
        changes = {'set_properties': {'a': '1'}, 'must_not_exist': ['a']}
        first = self.images.update(self.owner, image_id=image_id,
                                   changes=changes)
        self.events()
        again = self.images.update(self.owner, image_id=image_id,
                                   changes=changes)
        self.assertEqual(first, again)
        self.assertEqual([], self.events())

    def test_a_write_that_nobody_waits_for_has_no_effect(self):
        image_id = self.create()['id']
        self.events()
        now = self.now_ms()
        for sent_ms in (now - 5000, now + 5000):
            self.owner.call_id = 'a-call-at-%d' % sent_ms
            self.owner.sent_ms, self.owner.valid_ms = sent_ms, 4000
            error = self.assertRaises(
                exceptions.CallOutdated, self.update, image_id,
                attributes={'name': 'late'}, tags=['late'])
            self.assertTrue(now <= error.now_ms <= now + 30000)
        self.assertEqual(('an image', []), tuple(
            self.get(self.owner, image_id)[name] for name in ('name',
                                                              'tags')))
        self.assertEqual([], self.events())
        self.owner.sent_ms, self.owner.valid_ms = self.now_ms(), 60000
        self.update(image_id, attributes={'name': 'in time'})
        self.assertEqual('in time', self.get(self.owner, image_id)['name'])

    def test_a_late_repetition_gets_the_first_answer(self):
        image_id = self.create()['id']
        self.owner.call_id = 'a-call'
        changes = {'attributes': {'name': 'b'}}
        first = self.images.update(self.owner, image_id=image_id,
                                   changes=changes)
        self.owner.sent_ms, self.owner.valid_ms = 1, 1
        self.assertEqual(first, self.images.update(
            self.owner, image_id=image_id, changes=changes))

    def now_ms(self):
        with engine.reader() as conn:
            return conn.scalar(sa.select(types.now_ms()))

    def test_answers_are_forgotten_in_time(self):
        self.owner.call_id = 'an-old-call'
        self.create()
        self.assertEqual(1, self.count_answers())
        self.work.claim(self.admin, worker='w', limit=1)
        self.assertEqual(1, self.count_answers())
        with engine.writer() as conn:
            conn.execute(own_schema.calls.update(), {'created_ms': 0})
        work.WorkEndpoint().claim(self.admin, worker='w', limit=1)
        self.assertEqual(0, self.count_answers())

    def count_answers(self):
        with engine.reader() as conn:
            return len(conn.execute(own_schema.calls.select()).all())

    def test_a_repeated_delete_succeeds(self):
        image_id = self.create()['id']
        self.owner.call_id = 'another-call'
        self.assertIs(False, self.images.delete(self.owner,
                                                image_id=image_id))
        self.assertIs(False, self.images.delete(self.owner,
                                                image_id=image_id))
        self.owner.call_id = 'third-call'
        self.assertRaises(exceptions.ImageNotFound, self.images.delete,
                          self.owner, image_id=image_id)


class TagTest(base.RegistryTestCase):

    def test_add_and_remove(self):
        image_id = self.create()['id']
        self.images.add_tag(self.owner, image_id=image_id, tag='a', limit=1)
        self.images.add_tag(self.owner, image_id=image_id, tag='a', limit=1)
        self.assertRaises(exceptions.LimitExceeded, self.images.add_tag,
                          self.owner, image_id=image_id, tag='b', limit=1)
        self.images.remove_tag(self.owner, image_id=image_id, tag='a')
        self.assertRaises(exceptions.NotFound, self.images.remove_tag,
                          self.owner, image_id=image_id, tag='a')
        self.assertEqual([], self.get(self.owner, image_id)['tags'])


class LifeTest(base.RegistryTestCase):

    def test_events_of_a_whole_life(self):
        image_id = self.create()['id']
        self.upload(image_id)
        image = self.get(self.owner, image_id)
        self.assertEqual('active', image['status'])
        self.assertEqual('file:///images/x', image['locations'][0]['url'])
        self.images.deactivate(self.owner, image_id=image_id)
        self.images.deactivate(self.owner, image_id=image_id)
        self.images.reactivate(self.owner, image_id=image_id)
        self.assertIs(True, self.images.delete(self.owner,
                                               image_id=image_id))
        self.assertEqual(
            ['image.create', 'image.status',
             'image.update', 'image.status', 'image.prepare',
             'image.upload', 'image.activate', 'image.update',
             'image.status',
             'image.update', 'image.status',
             'image.update', 'image.status',
             'image.delete', 'image.status'], self.events())

    def test_the_last_change_is_the_deletion(self):
        for delayed in (False, True):
            self.config.config(delayed_delete=delayed)
            image_id = self.create()['id']
            self.upload(image_id)
            with engine.writer() as conn:
                conn.execute(sa.update(schema.images).values(
                    updated_at=datetime.datetime(2001, 1, 1)))
            self.images.delete(self.owner, image_id=image_id)
            with engine.reader() as conn:
                told = json.loads(conn.scalars(sa.select(
                    own_schema.outbox.c.payload).where(
                        own_schema.outbox.c.event_type == 'image.delete')
                    .order_by(own_schema.outbox.c.seq.desc())).first())
            self.assertEqual(told['deleted_at'], told['updated_at'])
            self.assertNotIn('2001', told['updated_at'])
            self.assertEqual(
                (True, 'pending_delete' if delayed else 'deleted'),
                (told['deleted'], told['status']))

    def test_protected_images_stay(self):
        image_id = self.create(protected=True)['id']
        self.assertRaises(exceptions.Forbidden, self.images.delete,
                          self.owner, image_id=image_id)

    def test_a_queued_image_cannot_be_deactivated(self):
        image_id = self.create()['id']
        self.assertRaises(exceptions.Forbidden, self.images.deactivate,
                          self.owner, image_id=image_id)

    def test_data_of_a_deleted_image_is_work(self):
        image_id = self.create()['id']
        self.upload(image_id)
        location, = self.get(self.owner, image_id)['locations']
        self.images.delete(self.owner, image_id=image_id)
        unit, = self.work.claim(self.admin, worker='w', limit=5)
        self.assertEqual('delete_data', unit['kind'])
        self.assertEqual(
            {'url': 'file:///images/x', 'metadata': {'store': 'file'},
             'location': location['id'], 'delayed': False}, unit['input'])
        self.assertEqual([], self.work.claim(self.admin, worker='w',
                                             limit=5))
        self.work.data_deleted(self.admin, work_id=unit['id'],
                               attempt=unit['attempt'], image_id=image_id)
        self.assertRaises(exceptions.LeaseLost, self.work.data_deleted,
                          self.admin, work_id=unit['id'],
                          attempt=unit['attempt'], image_id=image_id)


class UploadTest(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        self.image_id = self.create()['id']

    def begin(self):
        return self.uploads.begin(self.owner, image_id=self.image_id,
                                  store_id='file', is_multi=True,
                                  size=None)

    def test_one_upload_at_a_time(self):
        self.begin()
        self.assertRaises(exceptions.Conflict, self.begin)

    def test_a_failed_upload_leaves_a_queued_image(self):
        begun = self.begin()
        self.uploads.fail(self.owner, image_id=self.image_id,
                          upload_id=begun['id'], attempt=begun['attempt'],
                          reason='why')
        self.assertEqual('queued',
                         self.get(self.owner, self.image_id)['status'])
        self.begin()

    def test_a_dead_worker_is_fenced_off(self):
        begun = self.begin()
        self.run_out_leases()
        unit, = self.work.claim(self.admin, worker='w', limit=5)
        self.assertEqual((begun['id'], 2), (unit['id'], unit['attempt']))
        self.assertRaises(exceptions.LeaseLost, self.renew, begun)

    def renew(self, begun):
        self.uploads.renew(self.owner, image_id=self.image_id,
                           upload_id=begun['id'], attempt=begun['attempt'])

    def test_an_image_deleted_meanwhile(self):
        begun = self.begin()
        self.images.delete(self.owner, image_id=self.image_id)
        self.assertRaises(exceptions.Gone, self.renew, begun)
        self.uploads.fail(self.owner, image_id=self.image_id,
                          upload_id=begun['id'], attempt=begun['attempt'],
                          reason='gone')
        self.assertEqual([], self.work.claim(self.admin, worker='w',
                                             limit=5))
