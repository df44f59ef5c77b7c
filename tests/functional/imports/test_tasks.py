"""Tasks made by hand: import, clone, export; and what users see of tasks."""

import io
import os
import subprocess

from glance.common import fetching
from glance.conductor.steps import sources
from tests.functional.imports import base

DATA = os.urandom(300000)


class TestTasks(base.TestCase):

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='taskflow_executor',
                                 conversion_format=None)

    def create(self, kind, **given):
        return self.service.admin('POST', '/v2/tasks',
                                  {'type': kind, 'input': given})

    def run_task(self, kind, **given):
        response = self.create(kind, **given)
        self.assertEqual(201, response.status_int, response.text)
        self.assertEqual('http://localhost/v2/tasks/' + response.json['id'],
                         response.location)
        return self.wait_for(response.json['id'])

    def wait_for(self, task_id):
        def look():
            return self.service.admin('GET', '/v2/tasks/' + task_id).json
        self.wait_until(lambda: look()['status'] in ('success', 'failure'))
        return look()

    def active(self, data=DATA, **values):
        image = self.service.create(**values)
        response = self.service.upload(image['id'], data)
        self.assertEqual(204, response.status_int)
        return self.image(image['id'])

    def test_an_import_makes_an_active_image(self):
        self.web.add('cat', DATA)
        task = self.run_task('import', import_from=self.web.url + 'cat',
                             import_from_format='raw',
                             image_properties={'name': 'cat',
                                               'disk_format': 'raw'})
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual({'image_id': task['image_id']}, task['result'])
        image = self.image(task['image_id'])
        self.assertEqual(('cat', 'active', 'bare'), (
            image['name'], image['status'], image['container_format']))
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())

    def test_import_fails(self):
        task = self.run_task('import', import_from=self.web.url + 'none',
                             import_from_format='raw', image_properties={})
        self.assertEqual('failure', task['status'])
        self.assertIn('could not be read', task['message'])
        self.assertEqual([], self.service.admin(
            'GET', '/v2/images').json['images'])

    def test_a_clone_has_the_data_and_properties(self):
        source = self.active(name='cat', os_distro='debian', tags=['a'])
        task = self.run_task('clone', image_id=source['id'],
                             stores=['cold', 'fast'],
                             image_properties={'name': 'copy'})
        self.assertEqual('success', task['status'], task['message'])
        image = self.image(task['result']['image_id'])
        for name in ('checksum', 'os_hash_value', 'size', 'virtual_size',
                     'disk_format', 'os_distro', 'tags'):
            self.assertEqual(source[name], image[name], name)
        self.assertEqual(('copy', 'p0', 'active', 'cold,fast'),
                         (image['name'], image['owner'], image['status'],
                          image['stores']))
        response = self.service.admin(
            'GET', '/v2/images/%s/file?prefer=cold' % image['id'])
        self.assertEqual(DATA, response.body)

    def test_clone_within_a_store(self):
        """The file system copies; nothing goes through the service."""
        source = self.active()
        task = self.run_task('clone', image_id=source['id'],
                             stores=['fast'])
        self.assertEqual('success', task['status'], task['message'])
        image = self.image(task['result']['image_id'])
        self.assertEqual(source['os_hash_value'], image['os_hash_value'])
        self.assertEqual(DATA, self.service.admin(
            'GET', '/v2/images/%s/file' % image['id']).body)
        self.service.call('DELETE', '/v2/images/' + source['id'])
        self.wait_until(lambda: self.files('fast') == [image['id']])

    def test_clone_of_damaged_data(self):
        source = self.active()
        path = os.path.join(self.service.state, 'fast', source['id'])
        with open(path, 'r+b') as file:
            file.write(b'different')
        task = self.run_task('clone', image_id=source['id'],
                             stores=['cold'])
        self.assertEqual('failure', task['status'])
        self.assertIn('differs', task['message'])
        self.assertEqual([], self.files('cold'))
        self.assertEqual([source['id']], [image['id'] for image in (
            self.service.admin('GET', '/v2/images?visibility=all')
            .json['images'])])

    def test_export_to_the_web(self):
        source = self.active()
        task = self.run_task('export', image_id=source['id'], export_to={
            'url': self.web.url + 'put/cat.raw'})
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(DATA, self.web.sent('cat.raw'))
        self.assertEqual(source['os_hash_value'],
                         task['result']['os_hash_value'])

    def test_export_of_unknown_length(self):
        """Not every web server says how much it will give."""
        open_ = sources.open

        def without_length(job, image):
            found = open_(job, image)
            found.length = None
            return found
        self.patch(sources, 'open', without_length)
        self.test_export_to_the_web()
        fetching.send(self.web.url + 'put/all', io.BytesIO(DATA), None)
        self.assertEqual(DATA, self.web.sent('all'))

    def test_export_converted(self):
        path = os.path.join(self.service.state, 'q')
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', path,
                        '1M'], check=True)
        subprocess.run(['qemu-io', '-c', 'write -P 7 0 512k', path],
                       check=True, stdout=subprocess.DEVNULL)
        with open(path, 'rb') as file:
            source = self.active(file.read(), disk_format='qcow2')
        task = self.run_task('export', image_id=source['id'],
                             export_format='raw', export_to={
                                 'url': self.web.url + 'put/cat.raw'})
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(b'\7' * (512 << 10) + bytes(512 << 10),
                         self.web.sent('cat.raw'))
        self.assertEqual([], self.staged_files())

    def test_export_to_a_store(self):
        source = self.active()
        task = self.run_task('export', image_id=source['id'],
                             export_to={'store': 'cold'})
        self.assertEqual('success', task['status'], task['message'])
        name = task['result']['object']
        self.assertEqual([name], self.files('cold'))
        with open(os.path.join(self.service.state, 'cold', name), 'rb') as f:
            self.assertEqual(DATA, f.read())
        self.assertEqual('fast', self.image(source['id'])['stores'])

    def test_input_that_cannot_be_used_makes_none(self):
        source = self.active()
        queued = self.service.create()
        for status, kind, given in (
                (400, 'api_image_import', {}),
                (400, 'location_import', {}),
                (400, 'import', {}),
                (400, 'import', {'import_from': 'file:///etc/passwd',
                                 'import_from_format': 'raw',
                                 'image_properties': {}}),
                (400, 'import', {'import_from': 'http://[::1]/',
                                 'import_from_format': 'raw',
                                 'image_properties': {}}),
                (400, 'clone', {'image_id': 'x'}),
                (404, 'clone', {'image_id': '0' * 8 + '-0000-0000-0000-'
                                + '0' * 12}),
                (409, 'clone', {'image_id': queued['id']}),
                (409, 'clone', {'image_id': source['id'],
                                'stores': ['nowhere']}),
                (400, 'export', {'image_id': source['id']}),
                (400, 'export', {'image_id': source['id'],
                                 'export_to': {'url': 'http://0.0.0.0/'}}),
                (409, 'export', {'image_id': source['id'], 'export_to': {
                    'store': 'os_glance_staging_store'}})):
            response = self.create(kind, **given)
            self.assertEqual(status, response.status_int,
                             (kind, given, response.text))
        self.assertEqual([], self.service.admin('GET', '/v2/tasks')
                         .json['tasks'])

    def test_they_are_for_administrators(self):
        for verb, path in (('GET', ''), ('POST', ''), ('GET', '/x'),
                           ('DELETE', '/x')):
            response = self.service.call(verb, '/v2/tasks' + path, {})
            self.assertEqual(403, response.status_int, (verb, path))
        response = self.service.admin('DELETE', '/v2/tasks/x')
        self.assertEqual((405, 'GET'),
                         (response.status_int, response.headers['Allow']))
        self.assertEqual(404, self.service.admin(
            'GET', '/v2/tasks/x').status_int)

    def test_a_list_is_filtered_and_paged(self):
        ids = [self.run_task('import', import_from=self.web.url + 'none',
                             import_from_format='raw',
                             image_properties={})['id']
               for _number in range(3)]
        found = []
        path = '/v2/tasks?limit=2&status=failure&sort_dir=asc'
        while path:
            page = self.service.admin('GET', path).json
            found += [task['id'] for task in page['tasks']]
            path = page.get('next')
        self.assertEqual(sorted(ids), sorted(found))
        self.assertEqual([], self.service.admin(
            'GET', '/v2/tasks?status=success').json['tasks'])
        for query in ('limit=a', 'limit=-1', 'marker=x', 'status=x',
                      'type=x', 'sort_key=x', 'sort_dir=x'):
            response = self.service.admin('GET', '/v2/tasks?' + query)
            self.assertEqual(400, response.status_int, query)


class TestRunning(base.TestCase):
    """A task that takes a while: two seconds at the least."""

    def setUp(self):
        super().setUp()
        self.web.add('cat', os.urandom(1 << 20))
        self.image_id = self.service.create()['id']
        self.web_import(self.image_id, 'slow/cat')
        self.wait_until(lambda: (self.percent() or 0) > 0)
        self.task_id = self.tasks(self.image_id)[0]['id']

    def percent(self):
        return self.tasks(self.image_id)[0].get('progress', {}).get(
            'percent')

    def act(self, verb, **kwargs):
        return self.service.call(
            'POST', '/v2/tasks/%s/actions/%s' % (self.task_id, verb),
            **kwargs)

    def test_progress_rises(self):
        """Each step begins anew."""
        seen = {}

        def is_done():
            task = self.tasks(self.image_id)[0]
            found = task.get('progress', {})
            if found.get('percent') is not None:
                seen.setdefault(found['step'], []).append(found['percent'])
            return task['status'] == 'success'
        self.wait_until(is_done)
        self.assertGreater(len({one for percents in seen.values()
                                for one in percents}), 1)
        for percents in seen.values():
            self.assertEqual(sorted(percents), percents)
        self.assertNotIn('progress', self.tasks(self.image_id)[0])

    def test_cancel_and_retry(self):
        self.assertEqual(404, self.act('cancel', project='p2').status_int)
        response = self.act('cancel')
        self.assertEqual(202, response.status_int, response.text)
        task = self.ended(self.image_id)
        self.assertEqual(('failure', 'The task was cancelled.'),
                         (task['status'], task['message']))
        image = self.image(self.image_id)
        self.assertEqual('queued', image['status'])
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())
        self.assertEqual(409, self.act('cancel').status_int)
        response = self.act('retry')
        self.assertEqual(202, response.status_int, response.text)
        self.assertEqual('success', self.ended(self.image_id)['status'])
        self.assertEqual('active', self.image(self.image_id)['status'])

    def test_image_is_deleted(self):
        response = self.service.call('DELETE',
                                     '/v2/images/' + self.image_id)
        self.assertEqual(204, response.status_int)
        self.wait_until(lambda: not self.work())
        self.assertEqual([], self.service.stored_files())
        task = self.service.admin('GET', '/v2/tasks/' + self.task_id).json
        self.assertEqual(('failure', 'The image was deleted.'),
                         (task['status'], task['message']))

    def test_other_requests_meanwhile(self):
        self.assertEqual(409, self.web_import(self.image_id, 'cat')
                         .status_int)
        self.assertEqual(409, self.service.upload(self.image_id, b'x')
                         .status_int)
        self.assertEqual(409, self.stage(self.image_id, b'x').status_int)
