"""What goes wrong once the image has its data does not take it away."""

import os

from glance.common import exceptions
from glance.conductor.steps import fetch
from glance.conductor.steps import store
from glance.store.drivers.file import filesystem
from tests.functional.imports import base

DATA = os.urandom(100000)


class TestAfterActive(base.TestCase):

    def setUp(self):
        super().setUp()
        self.web.add('cat', DATA)

    def run_task(self, kind, **given):
        answer = self.service.admin('POST', '/v2/tasks', {
            'type': kind, 'input': given})
        self.assertEqual(201, answer.status_int, answer.text)
        path = '/v2/tasks/' + answer.json['id']
        self.wait_until(lambda: self.service.admin('GET', path).json['status']
                        in ('success', 'failure'))
        return self.service.admin('GET', path).json

    def check_active(self, task, reason, stores='fast'):
        self.assertEqual('success', task['status'], task['message'])
        self.assertIn(reason, task['message'])
        self.assertEqual({'image_id': task['image_id']}, task['result'])
        image = self.image(task['image_id'])
        self.assertEqual(('active', stores), (image['status'],
                                              image['stores']))
        self.assertNotIn('os_glance_import_task', image)
        self.assertIs(True, DATA == self.service.admin(
            'GET', '/v2/images/%s/file' % image['id']).body)
        self.assertEqual([], self.work())

    def break_clean_up(self):
        def fail(step, job):
            raise exceptions.StoreUnavailable('The area is away.')
        self.patch(fetch.RemoveStaged, 'execute', fail)

    def test_import_task(self):
        self.break_clean_up()
        task = self.run_task(
            'import', import_from=self.web.url + 'cat',
            import_from_format='raw',
            image_properties={'protected': True, 'disk_format': 'raw'})
        self.check_active(task, 'The area is away.')

    def test_import_of_an_image(self):
        self.break_clean_up()
        image_id = self.service.create()['id']
        self.web_import(image_id, 'cat')
        self.check_active(self.ended(image_id), 'The area is away.')

    def test_clone_to_a_further_store(self):
        source = self.service.create()['id']
        self.service.upload(source, DATA)
        write = store.Clone._write

        def fail(step, job, target, *more):
            if target.id == 'cold':
                raise ValueError('unexpected')
            return write(step, job, target, *more)
        self.patch(store.Clone, '_write', fail)
        task = self.run_task('clone', image_id=source,
                             stores=['fast', 'cold'],
                             all_stores_must_succeed=False)
        self.check_active(task, 'unexpected condition')
        self.assertEqual([], self.files('cold'))

    def break_settling(self, times):
        """The store is away right after the data was recorded."""
        settle, failed = filesystem.Driver.settle, []

        def fail(driver, image_id, attempt):
            if len(failed) < times:
                failed.append(attempt)
                raise exceptions.StoreUnavailable('The store is away.')
            return settle(driver, image_id, attempt)
        self.patch(filesystem.Driver, 'settle', fail)

    def test_store_goes_away(self):
        for tries in (1, 2):
            self.service.conf.config(group='work', max_tries=tries)
            image_id = self.service.create()['id']
            self.break_settling(tries)
            self.web_import(image_id, 'cat')
            self.check_active(self.ended(image_id), 'The store is away.')
        # No hidden names are left.
        self.assertEqual(2, len(self.files('fast')))

    def test_store_goes_away_from_a_copy(self):
        image_id = self.service.create()['id']
        self.service.upload(image_id, DATA)
        self.service.conf.config(group='work', max_tries=1)
        self.break_settling(1)
        self.import_(image_id, {'name': 'copy-image'}, admin=True,
                     stores=['cold'])
        self.assertEqual('failure', self.ended(image_id)['status'])
        self.assertEqual('fast', self.image(image_id)['stores'])
        self.wait_until(lambda: self.files('cold') == [])
