"""Imports in the registry: lock, lists of stores, fences, events."""

import datetime
import functools
import json
import threading
from unittest import mock

from oslo_utils import timeutils

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import tasks as task_options
from glance.db.connect import engine
from glance.db.durable import outbox
from glance.db.durable import tasks as task_rows
from glance.db.durable import work as work_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db import own_schema
from glance.db import schema
from glance.db import types
from glance.registry.endpoints import imports
from glance.registry.endpoints import stages
from glance.registry.endpoints import tasks
from tests.unit.registry import base

LOCK = 'os_glance_import_task'
TO_DO = 'os_glance_importing_to_stores'
FAILED = 'os_glance_failed_import'
VALUES = {'size': 3, 'virtual_size': 3, 'checksum': 'c' * 32,
          'os_hash_algo': 'sha512', 'os_hash_value': 'h' * 128}


class TestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        task_options.register_opts(CONF)
        self.imports = imports.ImportsEndpoint()
        self.stages = stages.StagesEndpoint()
        self.tasks = tasks.TasksEndpoint()
        self.image_id = self.create()['id']
        self.events()

    def begin(self, task_id='t1', status='queued', stores=('a', 'b'),
              **more):
        task = {'id': task_id, 'type': 'api_image_import', 'owner': 'owner',
                'image_id': self.image_id, 'request_id': 'r', 'user_id': 'u',
                'input': {'backend': list(stores)}}
        plan = {'kind': 'api_image_import', 'status': status,
                'stores': list(stores), 'is_multi': True,
                'skips_held': False, 'input': {'method': 'web-download'}}
        return self.imports.begin(self.owner, image_id=self.image_id,
                                  task=task, plan=dict(plan, **more))

    def claim(self, **kwargs):
        unit, = self.work.claim(self.admin, worker='w', limit=5, **kwargs)
        return unit

    def image(self):
        return self.get(self.admin, self.image_id)

    def held(self, unit):
        return {'work_id': unit['id'], 'attempt': unit['attempt']}

    def finish_store(self, unit, store='a', values=None, **progress):
        self.imports.finish_store(
            self.admin, **self.held(unit), image_id=self.image_id,
            store_id=store, values=values,
            progress=dict(base.PROGRESS, **progress),
            location={'url': 'file:///' + store,
                      'metadata': {'store': store}})


class TestBegin(TestCase):

    def test_everything_at_once(self):
        task = self.begin()
        self.assertEqual(('pending', None), (task['status'],
                                             task['expires_at']))
        image = self.image()
        self.assertEqual(
            ('importing', 't1', 'a,b', ''),
            (image['status'], image['properties'][LOCK],
             image['properties'][TO_DO], image['properties'][FAILED]))
        self.assertEqual(['task.create', 'image.update', 'image.status'],
                         self.events())
        self.assertEqual('t1', self.claim()['id'])

    def test_an_image_in_another_status_is_refused(self):
        self.assertRaises(exceptions.Conflict, self.begin, status='active')
        self.assertEqual([], self.events())

    def test_one_task_at_a_time(self):
        self.upload(self.image_id)
        copy = {'status': 'active', 'kind': 'copy_image',
                'input': {'method': 'copy-image'}}
        self.events()
        self.begin(stores=['a'], **copy)
        self.assertEqual(['task.create', 'image.update'], self.events())
        self.assertRaises(exceptions.Conflict, self.begin, 't2',
                          stores=['b'], **copy)
        self.tasks.finish(self.admin, **self.held(self.claim()), result={})
        self.begin('t2', stores=['b'], **copy)

    def test_stores_that_hold_it(self):
        self.upload(self.image_id)
        copy = {'status': 'active', 'kind': 'copy_image',
                'input': {'method': 'copy-image'}}
        self.assertRaises(exceptions.BadRequest, self.begin,
                          stores=['a', 'file'], **copy)
        self.assertIsNone(self.begin(stores=['file'], skips_held=True,
                                     **copy))
        self.begin(stores=['a', 'file'], skips_held=True, **copy)
        self.assertEqual(['a'], self.claim()['input']['stores'])


class TestOldLocks(TestCase):
    """Locks that a release without work of ours has left behind."""

    def lock(self, status, minutes, row=True):
        with engine.writer() as conn:
            image_writes.set_properties(
                conn, self.image_id,
                {LOCK: 'old', TO_DO: 'b,z', FAILED: 'y,z'}, {})
            if row:
                task_rows.create(conn, {
                    'id': 'old', 'type': 'api_image_import', 'owner': 'o',
                    'image_id': self.image_id, 'request_id': 'r',
                    'user_id': 'u', 'input': {'backend': ['y', 'z']}})
                conn.execute(schema.tasks.update(), {
                    'status': status, 'updated_at': timeutils.utcnow()
                    - datetime.timedelta(minutes=minutes)})

    def check_held(self, status, minutes):
        self.lock(status, minutes)
        self.assertRaises(exceptions.Conflict, self.begin)

    def check_taken(self, status, minutes):
        self.lock(status, minutes)
        self.begin()
        old = self.tasks.get(self.admin, task_id='old')
        self.assertEqual('failure', old['status'])
        self.assertIn('expired', old['message'])
        properties = self.image()['properties']
        self.assertEqual(('t1', 'a,b', ''), (
            properties[LOCK], properties[TO_DO], properties[FAILED]))

    def test_a_pending_task_holds_its_lock_two_hours(self):
        self.check_held('pending', 119)

    def test_a_running_task_holds_its_lock_an_hour(self):
        self.check_held('processing', 59)

    def test_pending_for_too_long(self):
        self.check_taken('pending', 121)

    def test_processing_for_too_long(self):
        self.check_taken('processing', 61)

    def test_the_lock_of_an_ended_task_is_taken(self):
        self.lock('success', 0)
        self.begin()
        self.assertEqual('success', self.tasks.get(
            self.admin, task_id='old')['status'])

    def test_without_a_task(self):
        self.lock(None, 0, row=False)
        self.begin()
        self.assertEqual('t1', self.image()['properties'][LOCK])


class TestStores(TestCase):

    def test_the_last_one_makes_it_active(self):
        self.begin()
        unit = self.claim()
        self.work.advance(self.admin, **self.held(unit), progress={})
        self.events()
        self.finish_store(unit)
        image = self.image()
        self.assertEqual(('importing', None, 'b'), (
            image['status'], image['size'], image['properties'][TO_DO]))
        self.finish_store(unit, 'b', dict(VALUES, properties={'x': 'y'}))
        image = self.image()
        self.assertEqual(
            ('active', 3, '', 'y'),
            (image['status'], image['size'], image['properties'][TO_DO],
             image['properties']['x']))
        self.tasks.finish(self.admin, **self.held(unit), result={})
        self.assertNotIn(LOCK, self.image()['properties'])
        self.assertEqual(
            ['image.upload', 'image.update', 'image.upload',
             'image.activate', 'image.update', 'image.status',
             'image.update', 'task.success', 'task.run'], self.events())
        task = self.tasks.get(self.owner, task_id='t1')
        self.assertEqual(('success', {}, None), (
            task['status'], task['result'] or {}, task['progress']))
        self.assertGreater(task['expires_at'], task['created_at'])

    def test_one_that_fails(self):
        self.begin()
        unit = self.claim()
        self.imports.fail_store(
            self.admin, **self.held(unit), image_id=self.image_id,
            store_id='b', reason='full', progress={})
        properties = self.image()['properties']
        self.assertEqual(('a', 'b'), (properties[TO_DO],
                                      properties[FAILED]))
        self.assertEqual(('image.upload', 'full'), self.told()[-2])
        self.tasks.fail(self.admin, **self.held(unit), reason='no',
                        failed=['b'])
        image = self.image()
        self.assertEqual(('queued', '', 'b'), (
            image['status'], image['properties'][TO_DO],
            image['properties'][FAILED]))
        self.assertEqual('no', self.tasks.get(
            self.owner, task_id='t1')['message'])

    def test_nothing_is_known_of_what_failed(self):
        self.begin()
        with engine.writer() as conn:
            conn.execute(schema.images.update(), VALUES)
        self.tasks.fail(self.admin, **self.held(self.claim()), reason='no',
                        failed=[])
        image = self.image()
        self.assertEqual(dict.fromkeys(VALUES), {
            name: image[name] for name in VALUES})

    def test_taken_back(self):
        self.begin()
        unit = self.claim()
        self.finish_store(unit)
        self.imports.undo_store(self.admin, **self.held(unit),
                                image_id=self.image_id, url='file:///a',
                                progress={})
        self.assertEqual([], self.image()['locations'])
        rest = self.claim()
        self.assertEqual(('delete_data', 'file:///a', {'store': 'a'}, True), (
            rest['kind'], *(rest['input'][name] for name in (
                'url', 'metadata', 'stays'))))
        self.assertIn('location', rest['input'])

    def test_each_store_that_begins_is_told(self):
        self.begin()
        unit = self.claim()
        self.events()
        for store_id in 'a', None:
            self.imports.begin_store(self.admin, **self.held(unit),
                                     image_id=self.image_id,
                                     store_id=store_id)
            (event_type, payload), = self.told()
            self.assertEqual(
                ('image.prepare', self.image_id, store_id, ['a', 'b'], []),
                (event_type, payload['id'], payload.get('backend'),
                 payload[TO_DO], payload[FAILED]))

    def test_left_to_be_removed(self):
        self.begin()
        self.imports.discard_later(
            self.admin, **self.held(self.claim()), image_id=self.image_id,
            store_id='a', attempts=['t1-store-1'])
        rest = self.claim()
        self.assertEqual(
            ('discard_data', self.image_id,
             {'store': 'a', 'attempts': ['t1-store-1']}),
            (rest['kind'], rest['image_id'], rest['input']))

    def told(self):
        """[(type, payload)] of the events so far, which are gone then."""
        with engine.writer() as conn:
            rows = outbox.head(conn, 100)
            outbox.remove(conn, [row.seq for row in rows])
        return [(row.event_type, json.loads(row.payload)) for row in rows]

    def test_noted_while_it_is_claimed(self):
        """What the holder notes between the look and the claim is seen."""
        self.begin()
        unit, take = self.claim(), work_rows._take
        self.run_out_leases()
        progress = dict(base.PROGRESS, state={'stored': True})

        def note_and_take(conn, *args):
            work_rows.advance(conn, unit['id'], unit['attempt'], None,
                              progress=progress, host='h')
            return take(conn, *args)
        with mock.patch.object(work_rows, '_take', note_and_take):
            claimed = self.claim()
        self.assertEqual((2, 'running', progress, 'h'),
                         (claimed['attempt'], claimed['state'],
                          claimed['progress'], claimed['host']))

    def test_an_older_attempt_is_refused(self):
        self.begin()
        unit = self.claim()
        self.run_out_leases()
        self.claim()
        for method, arguments in (
                (self.work.advance, {'progress': {}}),
                (self.work.hand_back, {'progress': {}, 'reason': '',
                                       'seconds': 1}),
                (self.work.finish, {}),
                (self.imports.begin_store, {'image_id': self.image_id,
                                            'store_id': 'a'}),
                (self.imports.fail_store, {
                    'image_id': self.image_id, 'store_id': 'a',
                    'reason': '', 'progress': {}}),
                (self.tasks.finish, {'result': {}}),
                (self.tasks.fail, {'reason': '', 'failed': []})):
            self.assertRaises(exceptions.LeaseLost, method, self.admin,
                              **self.held(unit), **arguments)
        self.assertRaises(exceptions.LeaseLost, self.finish_store, unit)
        self.assertEqual('importing', self.image()['status'])

    def test_a_deleted_image(self):
        self.begin()
        unit = self.claim()
        self.images.delete(self.owner, image_id=self.image_id)
        self.assertEqual({'cancelled': False, 'gone': True},
                         self.work.advance(self.admin, **self.held(unit),
                                           progress={}))
        self.assertRaises(exceptions.Gone, self.finish_store, unit)
        self.tasks.fail(self.admin, **self.held(unit), reason='gone',
                        failed=[])
        self.assertEqual('failure', self.tasks.get(
            self.admin, task_id='t1')['status'])


class TestTasks(TestCase):

    def test_a_cancelled_task_is_claimed_as_cancelled(self):
        self.begin()
        self.assertRaises(exceptions.NotFound, self.tasks.cancel,
                          self.stranger, task_id='t1')
        self.tasks.cancel(self.owner, task_id='t1')
        unit = self.claim()
        self.assertEqual('cancelled', unit['state'])
        self.assertTrue(self.work.advance(
            self.admin, **self.held(unit),
            progress=base.PROGRESS)['cancelled'])
        self.work.hand_back(self.admin, **self.held(unit),
                            progress=base.PROGRESS, reason='', seconds=-1)
        self.assertEqual('cancelled', self.claim()['state'])

    def test_nothing_is_stored_for_a_cancelled_task(self):
        self.begin()
        unit = self.claim()
        self.tasks.cancel(self.owner, task_id='t1')
        self.assertRaises(exceptions.Gone, self.finish_store, unit)
        self.assertEqual([], self.image()['locations'])

    def test_too_late_to_cancel(self):
        self.begin()
        unit = self.claim()
        self.finish_store(unit, final=True)
        for _time in range(2):
            self.assertRaises(exceptions.Conflict, self.tasks.cancel,
                              self.owner, task_id='t1')
            self.work.hand_back(self.admin, **self.held(unit),
                                progress=base.PROGRESS, reason='', seconds=-1)
            unit = self.claim()
        self.assertEqual('final', unit['state'])

    def test_cancelled_or_stored_but_never_both(self):
        for number in range(6):
            self.image_id = self.create()['id']
            self.begin('t%d' % number)
            unit, = [one for one in self.work.claim(
                self.admin, worker='w', limit=50)
                if one['id'] == 't%d' % number]
            barrier, refused = threading.Barrier(2), []

            def compete(method, *errors, **arguments):
                barrier.wait(30)
                try:
                    method(**arguments)
                except errors:
                    refused.append(method)
            rivals = [
                threading.Thread(target=compete, args=(
                    self.tasks.cancel, exceptions.Conflict), kwargs={
                        'ctxt': self.owner, 'task_id': unit['id']}),
                threading.Thread(target=compete, args=(
                    self.finish_store, exceptions.Gone), kwargs={
                        'unit': unit, 'values': VALUES, 'final': True})]
            for rival in rivals:
                rival.start()
            for rival in rivals:
                rival.join()
            self.assertEqual(1, len(refused))
            self.assertEqual('active' if refused == [self.tasks.cancel]
                             else 'importing', self.image()['status'])

    def test_who_sees_tasks(self):
        self.begin()
        for ctxt, count in ((self.owner, 1), (self.admin, 1),
                            (self.stranger, 0)):
            self.assertEqual(count, len(self.tasks.list_of_image(
                ctxt, image_id=self.image_id)))
            self.assertEqual(count, len(self.tasks.list(ctxt, query={
                'filters': {'type': 'api_image_import'}, 'marker': None,
                'sort_key': 'image_id', 'sort_dir': 'asc', 'limit': 5})))

    def test_pages_by_image_go_on_at_their_marker(self):
        with engine.writer() as conn:
            for number, image_id in enumerate('baNNc'):
                task_rows.create(conn, {
                    'id': str(number), 'type': 'import', 'owner': 'owner',
                    'image_id': None if image_id == 'N' else image_id,
                    'request_id': 'r', 'user_id': 'u', 'input': {}})
        for direction, expected in (('asc', '23104'), ('desc', '40132')):
            found, marker = '', None
            while marker is None or len(found) < 5:
                page = self.tasks.list(self.owner, query={
                    'filters': {'type': 'import'}, 'marker': marker,
                    'sort_key': 'image_id', 'sort_dir': direction,
                    'limit': 2})
                found += ''.join(task['id'] for task in page)
                marker = found[-1]
            self.assertEqual(expected, found)
        self.assertRaises(exceptions.InvalidMarker, self.tasks.list,
                          self.stranger, query={
                              'filters': {}, 'marker': '1', 'limit': 2,
                              'sort_key': 'image_id', 'sort_dir': 'asc'})

    def test_begun_work_waits_for_its_host(self):
        self.begin()
        unit = self.claim()
        self.work.advance(self.admin, **self.held(unit),
                          progress=base.PROGRESS, host='h1')
        self.run_out_leases()
        self.config.config(group='work', host_patience=10 ** 6)
        with engine.writer() as conn:
            conn.execute(own_schema.work.update().values(
                lease_until_ms=types.now_ms() - 1000))
        self.assertEqual([], self.work.claim(
            self.admin, worker='w', limit=5, host='h2'))
        self.assertEqual([], self.work.claim(
            self.admin, worker='w', limit=5, host='h1',
            left_out=['api_image_import']))
        self.assertEqual('h1', self.claim(host='h1')['host'])
        self.run_out_leases()
        self.config.config(group='work', host_patience=0)
        self.assertEqual('h1', self.claim(host='h2')['host'])


class TestStaged(TestCase):

    def stage(self):
        begun = self.stages.begin(self.owner, image_id=self.image_id,
                                  host='h1', size=3)
        self.stages.finish(
            self.owner, image_id=self.image_id, stage_id=begun['id'],
            attempt=1, data={'url': 'file:///s/x', 'attempt': begun['id'],
                             'size': 3})
        return begun

    def test_an_import_gets_staged_data_at_its_host(self):
        self.stage()
        self.assertEqual(('uploading', 3), (self.image()['status'],
                                            self.image()['size']))
        # Nobody works on what waits.
        self.assertEqual([], self.work.claim(self.admin, worker='w',
                                             limit=5, host='h1'))
        self.begin(status='uploading', stores=['a'],
                   input={'method': 'glance-direct'})
        self.assertEqual([], self.work.claim(self.admin, worker='w',
                                             limit=5, host='h2'))
        unit = self.claim(host='h1')
        self.assertEqual('file:///s/x', unit['input']['staged']['url'])

    def test_what_was_said_in_vain_is_forgotten(self):
        """A web server that an import was told of before."""
        with engine.writer() as conn:
            locations.create(conn, self.image_id, 'http://host/x', {})
        self.stage()
        self.assertEqual([], self.image()['locations'])

    def test_not_queued(self):
        self.stage()
        self.assertRaises(exceptions.Conflict, self.stage)
        self.images.delete(self.owner, image_id=self.image_id)
        error = self.assertRaises(exceptions.ImageNotFound, self.stage)
        self.assertIn(self.image_id, str(error))

    def test_a_failed_stage_leaves_a_queued_image(self):
        begun = self.stages.begin(self.owner, image_id=self.image_id,
                                  host='h1', size=3)
        self.assertEqual(1, begun['attempt'])
        self.stages.fail(self.owner, image_id=self.image_id,
                         stage_id=begun['id'], attempt=1)
        self.assertEqual(('queued', None), (self.image()['status'],
                                            self.image()['size']))
        self.assertRaises(exceptions.LeaseLost, self.stages.fail, self.owner,
                          image_id=self.image_id, stage_id=begun['id'],
                          attempt=1)
        self.stage()

    def test_staged_bytes_and_uploads_are_limited(self):
        begin = functools.partial(self.stages.begin, self.owner,
                                  image_id=self.image_id, host='h1', size=3)
        for limits in {'image_stage_total': 2}, {'image_count_uploading': 0}:
            self.assertRaises(exceptions.LimitExceeded, begin, limits=limits)
        begun = begin(limits={'image_stage_total': 5,
                              'image_count_uploading': 1})
        self.assertEqual(2, begun['room'])
        self.assertRaises(
            exceptions.LimitExceeded, self.stages.finish, self.owner,
            image_id=self.image_id, stage_id=begun['id'], attempt=1,
            data={'url': 'file:///s/x', 'attempt': begun['id'], 'size': 6},
            limits={'image_stage_total': 5})

    def test_staged_data_goes_with_a_deleted_image(self):
        begun = self.stage()
        self.assertTrue(self.images.delete(self.owner,
                                           image_id=self.image_id))
        unit = self.claim(host='h1')
        self.assertEqual(('delete_staged', begun['id']),
                         (unit['kind'], unit['input']['attempt']))

    def test_only_ids_of_no_image_are_unknown(self):
        self.stage()
        self.assertEqual(['none'], self.stages.unknown(
            self.admin, image_ids=['none', self.image_id]))
