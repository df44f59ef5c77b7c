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

    def make(self, kind='clone', limits=None):
        """A task that makes an image, which is importing then."""
        self.image_id = IMAGE['id']
        task = {'id': 't1', 'type': kind, 'owner': 'owner', 'image_id': None,
                'request_id': 'r', 'user_id': 'u', 'input': {}}
        self.tasks.create(self.owner, task=task, plan={
            'kind': kind, 'input': {'stores': ['a', 'b']}})
        unit = self.claim()
        self.imports.create_image(self.admin, **self.held(unit), image=IMAGE,
                                  limits=limits)
        return unit


class TestImage(TestCase):

    def test_limits(self):
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

    def test_copy(self):
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
