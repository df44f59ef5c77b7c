"""What plugins leave alone, and what they must not hide."""

import gzip
import io
import os
import tarfile

from glance.conductor.steps import plugins as steps
from glance.conf import CONF
from tests.functional.imports import test_plugins
from tests.functional.store import made_files

DATA = os.urandom(30000)
CONTAINERS = ('aki', 'ari', 'ami', 'ova', 'ovf', 'docker', 'compressed')
BOOT_FILES = ('aki', 'ari', 'ami')


def tar(data):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode='w') as archive:
        entry = tarfile.TarInfo('disk.vmdk')
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()


class TestCase(test_plugins.TestCase):

    def check_unchanged(self, data, disk_format, container_format):
        image, task = self.imported(data, disk_format=disk_format,
                                    container_format=container_format)
        self.assertEqual(
            ('success', disk_format, container_format, len(data)),
            (task['status'], image['disk_format'], image['container_format'],
             image['size']), (container_format, task['message']))
        self.assertIs(True, data == self.data(image['id']), container_format)


class TestContainers(TestCase):
    """Data that is no bare disk passes unchanged, and is not refused."""

    plugins = ('image_decompression', 'image_conversion')

    def test_disks_inside(self):
        data = self.disk('qcow2')
        for disk_format, output in (('qcow2', 'raw'), ('raw', 'qcow2')):
            self.service.conf.config(group='image_conversion',
                                     output_format=output)
            for container in CONTAINERS:
                self.check_unchanged(data, disk_format, container)

    def test_archives_pass_unchanged(self):
        data = self.disk('vmdk', '-o', 'subformat=streamOptimized')
        self.check_unchanged(tar(data), 'vmdk', 'ova')
        self.check_unchanged(gzip.compress(tar(data)), 'vmdk', 'ova')

    def test_compressed_by_nature(self):
        for container in CONTAINERS:
            self.check_unchanged(
                gzip.compress(DATA),
                container if container in BOOT_FILES else 'raw', container)
        for disk_format in BOOT_FILES:
            self.check_unchanged(gzip.compress(DATA), disk_format, 'bare')


class Foreign:
    """A plugin of somebody else's that makes a raw disk of everything."""

    def run(self, staged):
        with open(staged.new_path(), 'wb') as target:
            target.write(DATA)
        staged.replace(disk_format='raw')


class TestContradictions(TestCase):
    """The declared format counts, whatever a plugin would make of the data."""

    def outcome(self, data, disk_format, method):
        """:returns: status of the task, and of the image"""
        image_id = self.service.create(disk_format=disk_format)['id']
        if method == 'glance-direct':
            self.stage(image_id, data)
            self.import_(image_id, {'name': method})
        else:
            self.web.add('disk', data)
            self.web_import(image_id, 'disk')
        task = self.ended(image_id)
        self.assertEqual([], self.staged_files())
        image = self.image(image_id)
        return task['status'], image['status'], image['disk_format']

    def check_fails(self, data, disk_format, plugins=(), output='raw'):
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=list(plugins))
        self.service.conf.config(group='image_conversion',
                                 output_format=output)
        for method in CONF.enabled_import_methods[:2]:
            self.assertEqual(
                ('failure', 'queued', disk_format),
                self.outcome(data, disk_format, method),
                (method, disk_format, plugins, output))
        self.assertEqual([], self.service.stored_files())

    def test_other_formats_as_raw(self):
        """A disk that is to be converted is raw, or was said to be else."""
        for tool_format, options in (
                ('qcow2', ()), ('vdi', ()), ('vhdx', ()),
                ('vmdk', ('-o', 'subformat=streamOptimized'))):
            data = self.disk(tool_format, *options)
            for output in ('raw', 'qcow2', 'vmdk'):
                self.check_fails(data, 'raw', ('image_conversion',), output)

    def test_with_any_plugins(self):
        data = self.disk('qcow2')
        for plugins in ((), ('no_op',), ('inject_image_metadata',),
                        ('image_decompression',), ('image_conversion',),
                        ('image_decompression', 'image_conversion'),
                        ('image_conversion', 'image_decompression')):
            for disk_format in ('vmdk', 'iso'):
                self.check_fails(data, disk_format, plugins)
            self.check_fails(DATA, 'qcow2', plugins)

    def test_with_plugins_of_others(self):
        self.patch(steps.Plugin, '_load', lambda step: Foreign())
        data = self.disk('qcow2')
        for disk_format in ('raw', 'vmdk'):
            self.check_fails(data, disk_format, ('no_op',))
        self.assertEqual(('success', 'active', 'raw'),
                         self.outcome(data, 'qcow2', 'web-download'))

    def test_after_unpacking(self):
        data = gzip.compress(self.disk('qcow2'))
        both = ('image_decompression', 'image_conversion')
        self.check_fails(data, 'raw', both)
        for plugins in (both, both[:1]):
            self.check_fails(data, 'vmdk', plugins)
        for plugins, made in ((both, 'raw'), (both[:1], 'qcow2')):
            self.service.conf.config(group='image_import_opts',
                                     image_import_plugins=list(plugins))
            self.assertEqual(('success', 'active', made),
                             self.outcome(data, 'qcow2', 'web-download'))

    def test_what_raw_disks_hold(self):
        """Partitions and encryption say nothing against raw."""
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=['image_conversion'])
        for data in (made_files.luks(1 << 20), gzip.compress(DATA), DATA, b''):
            self.assertEqual(('success', 'active', 'raw'),
                             self.outcome(data, 'raw', 'web-download'))


class TestTasks(TestCase):
    """Conversions that tasks of administrators ask for."""

    def run_task(self, kind, **given):
        response = self.service.admin('POST', '/v2/tasks',
                                      {'type': kind, 'input': given})
        self.assertEqual(201, response.status_int, response.text)

        def task():
            return self.service.admin('GET', response.location).json
        self.wait_until(lambda: task()['status'] in ('success', 'failure'))
        return task()

    def run_import(self, data, output, **properties):
        self.service.conf.config(group='taskflow_executor',
                                 conversion_format=output)
        self.web.add('disk', data)
        return self.run_task(
            'import', import_from=self.web.url + 'disk',
            import_from_format=properties['disk_format'],
            image_properties=properties)

    def test_data_in_containers_is_not_converted(self):
        data = self.disk('qcow2')
        for container in CONTAINERS:
            task = self.run_import(data, 'raw', disk_format='qcow2',
                                   container_format=container)
            self.assertEqual('success', task['status'], task['message'])
            image = self.image(task['result']['image_id'])
            self.assertEqual(('qcow2', container, len(data)), (
                image['disk_format'], image['container_format'],
                image['size']))

    def test_an_import_of_another_format_fails(self):
        data = self.disk('qcow2')
        for disk_format in ('raw', 'vmdk', 'iso'):
            for output in ('raw', 'qcow2'):
                task = self.run_import(data, output, disk_format=disk_format,
                                       container_format='bare')
                self.assertEqual('failure', task['status'])
                self.assertIn('says that it is ' + disk_format,
                              task['message'])
        self.assertEqual([], self.service.stored_files())

    def test_an_export_of_another_format_fails(self):
        image_id = self.service.create(disk_format='raw')['id']
        self.service.upload(image_id, self.disk('qcow2'))
        task = self.run_task(
            'export', image_id=image_id, export_format='vmdk',
            export_to={'url': self.web.url + 'put/disk'})
        self.assertEqual('failure', task['status'])
        self.assertIn('says that it is raw', task['message'])
