"""Every flow of steps, killed at every point where it notes something, ends
well.

A first conductor is killed before and after each such note; a second one goes
on. Whatever the point, the outcome is the same as without the kill.
"""

import json
import os
import subprocess

from tests.fixtures import service
from tests.functional.imports import test_sources
from tests.native.killed import base

STORE = ['imports.begin_store', 'imports.finish_store']


class TestKilled(base.TestCase):

    def test_web_download(self):
        def begin():
            image_id = self.new_image()
            self.assertEqual(202, self.web_import(
                image_id, 'cat', stores=['fast', 'cold']).status_int)
            return image_id
        calls = self.kill_everywhere('web-download', begin, self.check_active)
        self.assertEqual(
            ['work.advance fetch'] * 2 + ['work.advance store:fast']
            + STORE + ['work.advance store:cold']
            + STORE + ['work.advance check', 'work.advance remove-staged',
                       'work.advance end', 'tasks.finish'], calls)

    def test_glance_download(self):
        self.service.conf.config(
            enabled_import_methods=['glance-download'])
        other = test_sources.TestOtherRegion.OTHER
        self.web.add(other, base.DATA)
        self.web.add(other + '.json', json.dumps({
            'status': 'active', 'disk_format': 'raw', 'os_distro': 'debian',
            'container_format': 'bare', 'size': len(base.DATA)}).encode())
        catalog = json.dumps([{'type': 'image', 'endpoints': [
            {'region': 'north', 'publicURL': self.web.url}]}])

        def begin():
            image_id = self.new_image(disk_format=None)
            answer = self.import_(
                image_id, {'name': 'glance-download', 'glance_region': 'north',
                           'glance_image_id': other},
                headers={'X-Service-Catalog': catalog, 'X-Auth-Token': 'x'})
            self.assertEqual(202, answer.status_int, answer.text)
            return image_id

        def check(image_id):
            image = self.image(image_id)
            self.assertEqual(('raw', 'debian'),
                             (image['disk_format'], image.get('os_distro')))
            self.check_active(image_id, 'fast')
        self.kill_everywhere('glance-download', begin, check)

    def test_glance_direct(self):
        def begin():
            image_id = self.new_image()
            self.stage(image_id, base.DATA)
            self.import_(image_id, {'name': 'glance-direct'})
            return image_id
        self.kill_everywhere(
            'glance-direct', begin,
            lambda image_id: self.check_active(image_id, 'fast'))

    def test_another_conductor_ends_an_import_with_plugins(self):
        self.service.conf.config(
            group='image_import_opts',
            image_import_plugins=['no_op', 'image_decompression',
                                  'image_conversion'])
        path = os.path.join(self.service.state, 'disk')
        with open(path, 'wb') as file:
            file.write(base.DATA)
            file.truncate(1 << 20)
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2',
                        path, path + '.qcow2'], check=True)
        subprocess.run(['gzip', path + '.qcow2'], check=True)
        with open(path + '.qcow2.gz', 'rb') as file:
            self.web.add('disk', file.read())

        def begin():
            image_id = self.new_image(disk_format='qcow2')
            self.web_import(image_id, 'disk')
            return image_id

        def check(image_id):
            image = self.image(image_id)
            self.assertEqual(('active', 'raw', 1 << 20),
                             (image['status'], image['disk_format'],
                              image['size']), self.tasks(image_id))
            self.assertEqual(base.DATA, self.data(image_id)[:len(base.DATA)])
            self.check_clean()
        self.kill_everywhere('web-download with plugins', begin, check)

    def test_another_conductor_ends_a_copy(self):
        def begin():
            image_id = self.new_image(base.DATA)
            self.import_(image_id, {'name': 'copy-image'}, admin=True,
                         stores=['cold'])
            return image_id
        self.kill_everywhere('copy-image', begin, self.check_active)

    def test_parallel_stores(self):
        self.service.conf.config(group='image_import_opts',
                                 max_parallel_stores=2)

        def begin():
            image_id = self.new_image()
            self.web_import(image_id, 'cat', all_stores=True)
            return image_id

        def check(image_id):
            stores = self.image(image_id)['stores']
            self.assertIn(stores, ('fast,cold', 'cold,fast'))
            self.check_active(image_id, stores)
        self.kill_everywhere('web-download into stores at the same time',
                             begin, check)

    def task(self, kind, **given):
        response = self.service.admin('POST', '/v2/tasks',
                                      {'type': kind, 'input': given})
        self.assertEqual(201, response.status_int, response.text)
        return response.json['id']

    def result(self, task_id):
        task = self.service.admin('GET', '/v2/tasks/' + task_id).json
        self.assertEqual('success', task['status'], task['message'])
        return task['result']

    def test_import_task(self):
        def begin():
            return self.task('import', import_from=self.web.url + 'cat',
                             import_from_format='raw',
                             image_properties={'disk_format': 'raw',
                                               'owner': service.PROJECT})
        self.kill_everywhere(
            'task import', begin, lambda task_id: self.check_active(
                self.result(task_id)['image_id'], 'fast'))

    def test_another_conductor_ends_a_clone(self):
        source = self.new_image(base.DATA)

        def begin():
            return self.task('clone', image_id=source, stores=['cold'],
                             image_properties={'owner': service.PROJECT})
        self.kill_everywhere(
            'task clone', begin, lambda task_id: self.check_active(
                self.result(task_id)['image_id'], 'cold'))

    def test_clone_within_a_store(self):
        source = self.new_image(base.DATA)

        def begin():
            return self.task('clone', image_id=source, stores=['fast'],
                             image_properties={'owner': service.PROJECT})
        self.kill_everywhere(
            'task clone within a store', begin,
            lambda task_id: self.check_active(
                self.result(task_id)['image_id'], 'fast'))

    def test_another_conductor_ends_an_export(self):
        source = self.new_image(base.DATA)

        def begin():
            return self.task('export', image_id=source,
                             export_to={'store': 'cold'})

        def check(task_id):
            name = self.result(task_id)['object']
            self.assertIn(name, self.files('cold'))
            self.assertEqual([], [one for one in self.files('cold')
                                  if one.startswith('.')])
            self.check_clean()
        self.kill_everywhere('task export', begin, check)

    def test_converted_export(self):
        source = self.new_image(base.DATA[:65536])

        def begin():
            return self.task(
                'export', image_id=source, export_format='qcow2',
                export_to={'url': self.web.url + 'put/cat'})

        def check(task_id):
            sent = self.web.sent('cat')
            self.assertEqual(self.result(task_id)['size'], len(sent))
            self.assertEqual(b'QFI\xfb', sent[:4])
            self.check_clean()
        self.kill_everywhere('task export with a conversion', begin, check)


class TestKilledInFailure(base.TestCase):

    # Nobody can make files there.
    cold = '/proc'

    def test_failed_import(self):
        """What was stored already is taken back."""
        def begin():
            image_id = self.new_image()
            self.web_import(image_id, 'cat', stores=['fast', 'cold'])
            return image_id

        def check(image_id):
            task = self.tasks(image_id)[-1]
            self.assertEqual('failure', task['status'])
            image = self.image(image_id)
            self.assertEqual(
                ('queued', '', None),
                (image['status'], image['os_glance_importing_to_stores'],
                 image['size']))
            self.assertNotIn('os_glance_import_task', image)
            self.assertEqual([], self.files('fast'))
            self.check_clean()
        self.kill_everywhere('web-download that fails', begin, check)
