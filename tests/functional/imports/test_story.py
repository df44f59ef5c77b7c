"""A real disk on its way: in, converted, copied, out again, and cloned."""

import os
import shutil

from tests.fixtures import images
from tests.functional.imports import base


class TestStory(base.TestCase):

    multi = ('fast', 'cold', 'far')

    def setUp(self):
        super().setUp()
        for name in ('mini.iso', 'mini.qcow2'):
            shutil.copy(images.path(name), self.web.work.join('files', name))

    def done(self, image_id):
        task = self.ended(image_id, 120)
        self.assertEqual('success', task['status'], task['message'])

    def watch(self, image_id):
        """:returns: {step: the percentages seen} of the task until its end"""
        seen = {}

        def has_ended():
            task = self.tasks(image_id)[-1]
            now = task.get('progress') or {}
            if now.get('percent') is not None:
                seen.setdefault(now['step'], []).append(now['percent'])
            return task['status'] in ('success', 'failure')
        self.wait_until(has_ended, 120)
        return seen

    def names(self, start=0):
        """Names of the events from the given one on."""
        return [name for name, _load in self.events()[start:]
                if name != 'image.status']

    def task(self, kind, **given):
        created = self.service.admin('POST', '/v2/tasks', {
            'type': kind, 'input': given})
        self.assertEqual(201, created.status_int, created.text)
        path = '/v2/tasks/' + created.json['id']
        self.wait_until(lambda: self.service.admin('GET', path).json[
            'status'] not in ('pending', 'processing'), 120)
        task = self.service.admin('GET', path).json
        self.assertEqual('success', task['status'], task['message'])
        return task['result']

    def test_an_iso_is_the_same_in_all_stores(self):
        image_id = self.service.create(disk_format='iso')['id']
        self.web_import(image_id, 'steady/mini.iso', stores=['fast', 'cold'])
        seen = self.watch(image_id)
        self.done(image_id)
        self.assertGreater(len(set(seen['fetch'])), 1)
        for percentages in seen.values():
            self.assertEqual(sorted(percentages), percentages)
        self.assertEqual(
            ['image.create', 'task.create', 'image.update',
             'task.processing', 'image.prepare', 'image.upload',
             'image.update', 'image.prepare', 'image.upload',
             'image.activate', 'image.update', 'image.update',
             'task.success', 'task.run'], self.names())
        before = len(self.events())
        image = self.image(image_id)
        self.assertEqual('fast,cold', image['stores'])
        self.assertEqual(images.sha512(images.path('mini.iso')),
                         image['os_hash_value'])
        self.import_(image_id, {'name': 'copy-image'}, admin=True,
                     stores=['far'])
        self.done(image_id)
        self.assertEqual('fast,cold,far', self.image(image_id)['stores'])
        self.assertEqual(
            ['task.create', 'image.update', 'task.processing',
             'image.prepare', 'image.upload', 'image.update', 'image.update',
             'task.success', 'task.run'], self.names(before))
        far = os.path.join(self.service.state, 'far', image_id)
        self.assertEqual(image['os_hash_value'], images.sha512(far))

    def test_a_qcow2_is_converted_exported_and_cloned(self):
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=['image_conversion'])
        image_id = self.service.create(disk_format='qcow2')['id']
        self.web_import(image_id, 'mini.qcow2')
        self.done(image_id)
        image = self.image(image_id)
        # It was made of the ISO.
        size = os.path.getsize(images.path('mini.iso'))
        self.assertEqual('raw', image['disk_format'])
        self.assertGreaterEqual(image['size'], size)
        self.task('export', image_id=image_id, export_to={
            'url': self.web.url + 'put/mini.raw'})
        self.assertEqual(2, self.names().count('task.success'))
        sent = self.web.work.join('put', 'mini.raw')
        self.assertEqual(image['os_hash_value'], images.sha512(sent))
        with open(sent, 'rb') as raw, open(images.path('mini.iso'),
                                           'rb') as iso:
            self.assertEqual(iso.read(), raw.read(size))
        result = self.task('clone', image_id=image_id, stores=['far'],
                           image_properties={'owner': 'p2'})
        clone = self.service.call(
            'GET', '/v2/images/' + result['image_id'], project='p2').json
        for name in ('os_hash_value', 'checksum', 'size'):
            self.assertEqual(image[name], clone[name])
        self.assertEqual(('p2', 'far'), (clone['owner'], clone['stores']))
        self.assertEqual(
            {'image.create', 'image.prepare', 'image.upload',
             'image.activate', 'image.update'},
            {name for name, load in self.events()
             if load.get('id') == clone['id']
             and name.startswith('image.') and name != 'image.status'})
        self.assertEqual(0, self.names().count('task.failure'))
