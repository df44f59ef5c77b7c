"""Lists of tasks, who sees them, and for how long."""

import datetime

from oslo_utils import timeutils

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.conf import tasks as task_options
from glance.db.connect import engine
from glance.db import schema
from glance.registry.endpoints import tasks
from tests.unit.registry import base

QUERY = {'filters': {}, 'sort_key': 'created_at', 'sort_dir': 'asc',
         'marker': None, 'limit': 25}
BRIEF = {'id', 'type', 'status', 'owner', 'image_id', 'request_id',
         'user_id', 'created_at', 'updated_at', 'expires_at', 'deleted',
         'deleted_at'}


class TasksTestCase(base.RegistryTestCase):

    def setUp(self):
        super().setUp()
        task_options.register_opts(CONF)
        self.tasks = tasks.TasksEndpoint()

    def make(self, task_id, minute=0, **columns):
        self.tasks.create(self.owner, task=dict({
            'id': task_id, 'type': 'import', 'owner': 'owner',
            'image_id': None, 'request_id': 'r', 'user_id': 'u',
            'input': {'x': task_id}}), plan={'kind': 'import', 'input': {}})
        self.change(task_id, created_at=datetime.datetime(
            2026, 1, 1, 0, minute), **columns)

    def change(self, task_id, **columns):
        with engine.writer() as conn:
            conn.execute(schema.tasks.update().where(
                schema.tasks.c.id == task_id), columns)

    def listed(self, ctxt=None, **query):
        return ''.join(task['id'] for task in self.tasks.list(
            ctxt or self.owner, query=dict(QUERY, **query)))

    def get_task(self, task_id, ctxt=None):
        return self.tasks.get(ctxt or self.owner, task_id=task_id)

    def end(self, task_id, **outcome):
        (unit,) = [one for one in self.work.claim(
            self.admin, worker='w', limit=9) if one['id'] == task_id]
        self.tasks.finish(self.admin, work_id=task_id,
                          attempt=unit['attempt'], **outcome)


class ListTest(TasksTestCase):

    def setUp(self):
        super().setUp()
        # In one order by time, in another one by image; two have none.
        for number, (name, image_id) in enumerate(
                (('b', 'i2'), ('d', None), ('a', 'i1'), ('c', None),
                 ('e', 'i2'))):
            self.make(name, number, image_id=image_id)

    def test_tasks_are_listed_in_each_order(self):
        self.assertEqual('bdace', self.listed())
        self.assertEqual('ecadb', self.listed(sort_dir='desc'))
        self.assertEqual('abcde', self.listed(sort_key='id'))
        # Those without an image come first.
        self.assertEqual('cdabe', self.listed(sort_key='image_id'))
        self.assertEqual('ebadc', self.listed(sort_key='image_id',
                                              sort_dir='desc'))

    def test_pages_in_all_orders(self):
        for sort_key in 'created_at', 'id', 'image_id', 'status':
            for sort_dir in 'asc', 'desc':
                order = {'sort_key': sort_key, 'sort_dir': sort_dir}
                whole = self.listed(**order)
                for position, marker in enumerate(whole, 1):
                    self.assertEqual(whole[position:], self.listed(
                        marker=marker, **order), order)
                self.assertEqual(whole[1:3], self.listed(
                    marker=whole[0], limit=2, **order))

    def test_what_is_told_of_each(self):
        first = self.tasks.list(self.owner, query=QUERY)[0]
        self.assertEqual(BRIEF, set(first))
        self.assertLessEqual({
            'type': 'import', 'status': 'pending', 'owner': 'owner',
            'image_id': 'i2', 'request_id': 'r', 'user_id': 'u',
            'created_at': '2026-01-01T00:00:00', 'expires_at': None,
            'deleted': False}.items(), first.items())

    def test_each_filter_finds_equal_values(self):
        self.change('a', status='success', type='clone')
        for filters, found in (({'status': 'success'}, 'a'),
                               ({'type': 'import'}, 'bdce'),
                               ({'image_id': 'i2'}, 'be'), ({'id': 'c'}, 'c'),
                               ({'type': 'clone', 'status': 'pending'}, '')):
            self.assertEqual(found, self.listed(filters=filters))

    def test_unknown_markers(self):
        for query in ({'marker': 'x'},
                      {'marker': 'a', 'filters': {'image_id': 'i2'}}):
            self.assertRaises(exceptions.InvalidMarker, self.listed, **query)
        self.change('a', deleted=True)
        self.assertRaises(exceptions.InvalidMarker, self.listed, marker='a')

    def test_who_sees_them(self):
        self.change('a', owner='stranger')
        self.assertEqual('bdce', self.listed())
        self.assertEqual('a', self.listed(self.stranger))
        self.assertEqual('bdace', self.listed(self.admin))
        self.assertEqual('', self.listed(context.BusContext()))
        self.assertRaises(exceptions.InvalidMarker, self.listed, marker='a')
        for ctxt, task_id in ((self.owner, 'a'), (self.stranger, 'b'),
                              (context.BusContext(), 'b')):
            self.assertRaises(exceptions.NotFound, self.get_task, task_id,
                              ctxt)
        self.assertEqual('a', self.get_task('a', self.admin)['id'])

    def test_of_an_image(self):
        def found(ctxt):
            return ''.join(task['id'] for task in self.tasks.list_of_image(
                ctxt, image_id='i2'))
        self.assertEqual('be', found(self.owner))
        self.change('b', owner='stranger')
        self.assertEqual('e', found(self.owner))
        self.assertEqual('be', found(self.admin))
        self.change('e', deleted=True)
        self.assertEqual('b', found(self.admin))


class EndTest(TasksTestCase):

    def setUp(self):
        super().setUp()
        self.make('a')

    def test_a_single_task_is_told_in_full(self):
        task = self.get_task('a')
        self.assertEqual(BRIEF | {'input', 'result', 'message', 'progress'},
                         set(task))
        self.assertEqual(({'x': 'a'}, None, None, None), tuple(
            task[name] for name in ('input', 'result', 'message',
                                    'progress')))

    def test_the_begin_is_told_once_only(self):
        unit, = self.work.claim(self.admin, worker='w', limit=9)
        progress = {'next': 'store', 'step': 'store', 'done': 5, 'total': None,
                    'tries': 0, 'reason': None, 'state': {}}
        self.events()
        for _time in range(2):
            self.work.advance(self.admin, work_id='a',
                              attempt=unit['attempt'],
                              progress=progress)
        self.assertEqual(['task.processing'], self.events())
        task = self.get_task('a')
        self.assertEqual(('processing', progress),
                         (task['status'], task['progress']))
        self.assertGreater(task['updated_at'], task['created_at'])

    def test_success_is_told_and_its_result_is_kept(self):
        for task_id, result in (('a', {'y': 1}), ('b', None)):
            if task_id == 'b':
                self.make('b')
            self.events()
            self.end(task_id, result=result)
            self.assertEqual(['task.success', 'task.run'], self.events())
            task = self.get_task(task_id)
            self.assertEqual(('success', result, None, None), tuple(
                task[name] for name in ('status', 'result', 'message',
                                        'progress')))

    def test_kept_for_a_while(self):
        self.config.config(group='task', task_time_to_live=3)
        self.end('a', result={})
        task = self.get_task('a')
        kept = (datetime.datetime.fromisoformat(task['expires_at'])
                - datetime.datetime.fromisoformat(task['updated_at']))
        self.assertEqual(datetime.timedelta(hours=3), kept)

    def test_expired_tasks_are_hidden_then_deleted(self):
        for name in 'bc':
            self.make(name)
        now = timeutils.utcnow()
        second = datetime.timedelta(seconds=1)
        for name, moment in (('a', now - second), ('b', now - 2 * second),
                             ('c', now + 900 * second)):
            self.change(name, status='success', expires_at=moment)
        # Nobody sees them, expired or not, from then on.
        self.assertEqual('c', self.listed())
        self.assertEqual(1, self.tasks.expire(self.admin, limit=1))
        self.assertEqual(1, self.tasks.expire(self.admin, limit=5))
        self.assertEqual(0, self.tasks.expire(self.admin, limit=5))
        for name in 'ab':
            self.assertRaises(exceptions.NotFound, self.get_task, name)
        self.assertEqual('c', self.get_task('c')['id'])
        with engine.reader() as conn:
            row = conn.execute(schema.tasks.select().where(
                schema.tasks.c.id == 'a')).one()
        self.assertEqual((True, row.updated_at), (row.deleted,
                                                  row.deleted_at))

    def test_a_cancelled_task_ends_as_a_failure(self):
        self.assertRaises(exceptions.NotFound, self.tasks.cancel,
                          self.stranger, task_id='a')
        unit, = self.work.claim(self.admin, worker='w', limit=9)
        self.tasks.cancel(self.owner, task_id='a')
        self.assertTrue(self.work.advance(
            self.admin, work_id='a', attempt=unit['attempt'],
            progress={})['cancelled'])
        self.tasks.fail(self.admin, work_id='a', attempt=unit['attempt'],
                        reason='no', failed=[])
        self.assertEqual(('failure', 'no'), tuple(
            self.get_task('a')[name] for name in ('status', 'message')))
        error = self.assertRaises(exceptions.Conflict, self.tasks.cancel,
                                  self.owner, task_id='a')
        self.assertIn('Task a has ended', str(error))
