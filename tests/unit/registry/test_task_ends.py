"""Tasks that make an image: what it needs, and how they end."""

from glance.common import exceptions
from glance.db.connect import engine
from glance.db import own_schema
from glance.db import schema
from tests.unit.registry import test_imports

VALUES = test_imports.VALUES
IMAGE = {'id': '5' * 36, 'name': 'new', 'visibility': 'shared',
         'owner': 'owner', 'disk_format': 'raw', 'container_format': 'bare',
         'min_disk': 0, 'min_ram': 0, 'protected': True, 'os_hidden': False,
         'properties': {}, 'tags': []}


class TestCase(test_imports.TestCase):

    def make(self, kind='clone', limits=None, **given):
        """A task that makes an image, which is importing then."""
        self.image_id = IMAGE['id']
        task = {'id': 't1', 'type': kind, 'owner': 'owner', 'image_id': None,
                'request_id': 'r', 'user_id': 'u', 'input': {}}
        self.tasks.create(self.owner, task=task, plan={
            'kind': kind, 'input': dict({'stores': ['a', 'b']}, **given)})
        unit = self.claim()
        self.imports.create_image(self.admin, **self.held(unit), image=IMAGE,
                                  limits=limits)
        return unit


class TestImage(TestCase):

    def test_the_image_may_be_the_last_within_limits(self):
        """There is one image of the project, and nothing on its way."""
        self.make(limits={'image_count_total': 2,
                          'image_count_uploading': 1})

    def test_no_room(self):
        for limits in ({'image_count_total': 1},
                       {'image_count_uploading': 0}):
            self.assertRaises(exceptions.LimitExceeded, self.make,
                              limits=limits)
            self.assertIsNone(self.image())
            with engine.writer() as conn:
                conn.execute(schema.task_info.delete())
                conn.execute(schema.tasks.delete())
                conn.execute(own_schema.work.delete())

    def test_the_task_and_its_image_are_told(self):
        self.make()
        self.assertEqual(
            ['task.create', 'image.create', 'image.status', 'image.update',
             'image.status'], self.events())


class TestCreate(TestCase):

    def create_task(self, project_id='owner', **limits):
        task = {'id': 't1', 'type': 'clone', 'owner': 'owner',
                'image_id': None, 'request_id': 'r', 'user_id': 'u',
                'input': {}}
        plan = {'kind': 'clone', 'input': {}, 'project_id': project_id,
                'store_bytes': 5, 'stage_bytes': 2, 'host': 'here'}
        return self.tasks.create(self.owner, task=task, plan=plan,
                                 limits=limits)

    def test_no_room(self):
        """There is one image of the project."""
        for limits in ({'image_count_total': 1}, {'image_size_total': 4},
                       {'image_count_uploading': 0}):
            self.assertRaises(exceptions.LimitExceeded, self.create_task,
                              **limits)
            self.assertRaises(exceptions.NotFound, self.tasks.get,
                              self.owner, task_id='t1')

    def test_a_task_with_room_is_charged_and_claimed(self):
        self.create_task(image_count_total=2, image_size_total=5,
                         image_count_uploading=1)
        self.assertEqual([], self.work.claim(self.admin, worker='w', limit=5,
                                             host='there'))
        unit = self.claim(host='here')
        self.assertEqual(('t1', 'clone'), (unit['id'], unit['kind']))
        with engine.reader() as conn:
            row = conn.execute(own_schema.work.select()).one()
        self.assertEqual(('owner', 5, 2), (row.project_id, row.store_bytes,
                                           row.stage_bytes))

    def test_who_is_charged(self):
        self.create_task('other', image_count_total=1)


class TestFailed(TestCase):

    def fail(self, unit):
        self.tasks.fail(self.admin, **self.held(unit), reason='no',
                        failed=['b'])
        return self.tasks.get(self.owner, task_id='t1')

    def check_success(self, unit):
        task = self.fail(unit)
        self.assertEqual(('success', {'image_id': self.image_id}),
                         (task['status'], task['result']))
        self.assertIn('no', task['message'])
        image = self.image()
        self.assertEqual('active', image['status'])
        self.assertNotIn(test_imports.LOCK, image['properties'])
        self.assertEqual(['task.success', 'task.run'], self.events()[-2:])

    def test_image_on_its_way(self):
        self.assertEqual('failure', self.fail(self.make())['status'])
        self.assertIsNone(self.image())

    def test_active_image(self):
        unit = self.make()
        self.finish_store(unit, values=VALUES)
        self.check_success(unit)

    def test_image_that_was_there(self):
        self.begin()
        unit = self.claim()
        self.finish_store(unit, values=VALUES)
        self.check_success(unit)
        self.assertEqual('b', self.image()['properties'][
            test_imports.FAILED])

    def test_deactivated_meanwhile(self):
        unit = self.make()
        self.finish_store(unit, values=VALUES)
        self.images.deactivate(self.admin, image_id=self.image_id)
        self.assertEqual('success', self.fail(unit)['status'])
        self.assertEqual('deactivated', self.image()['status'])

    def test_web_server_that_was_told_of_in_vain(self):
        """Clients look for it at the queued image."""
        for url, stays in (('http://host/x', True), ('https://host/x', True),
                           ('file:///x', False)):
            self.image_id = self.create()['id']
            self.begin('t-' + url, kind='location_import', input={
                'method': 'location', 'url': url,
                'metadata': {'store': 'web'}})
            unit = self.claim()
            self.tasks.fail(self.admin, **self.held(unit), reason='no',
                            failed=[])
            image = self.image()
            self.assertEqual(
                ('queued', [(url, {'store': 'web'})] if stays else []),
                (image['status'], [(one['url'], one['metadata'])
                                   for one in image['locations']]))

    def test_a_failed_copy_leaves_the_image_active(self):
        self.upload(self.image_id)
        self.begin(status='active', kind='copy_image',
                   input={'method': 'copy-image'})
        self.assertEqual('failure', self.fail(self.claim())['status'])
        self.assertEqual('active', self.image()['status'])

    def test_deleted_image(self):
        self.begin()
        unit = self.claim()
        self.finish_store(unit, values=VALUES)
        self.images.delete(self.owner, image_id=self.image_id)
        self.assertEqual('failure', self.fail(unit)['status'])
        self.assertRaises(exceptions.LeaseLost, self.fail, unit)
