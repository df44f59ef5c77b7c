"""What plugins do with imported data."""

import gzip
import io
import os
import pathlib
import subprocess
import zipfile

import fixtures

from glance.api.v2 import imports
from glance.conductor.plugins import unlha
from tests.functional.imports import base

DATA = os.urandom(300000)
SIZE = 1 << 20
ARCHIVES = pathlib.Path(__file__).parents[2] / 'data' / 'archives'


def lha(name):
    return (ARCHIVES / (name + '.lzh')).read_bytes()


class TestCase(base.TestCase):

    multi = False
    plugins = ()

    def setUp(self):
        super().setUp()
        self.service.conf.config(group='image_import_opts',
                                 image_import_plugins=list(self.plugins))

    def imported(self, data, **values):
        """:returns: the image and its task"""
        image_id = self.service.create(**values)['id']
        self.web.add('disk', data)
        self.assertEqual(202, self.web_import(image_id, 'disk').status_int)
        task = self.ended(image_id)
        self.assertEqual([], self.staged_files())
        self.assertEqual([], self.work())
        return self.image(image_id), task

    def check_fails(self, reason, data, **values):
        image, task = self.imported(data, **values)
        self.assertEqual(('failure', 'queued', None),
                         (task['status'], image['status'], image['size']))
        self.assertIn(reason, task['message'])
        self.assertEqual([], self.service.stored_files())

    def disk(self, tool_format, *options):
        """A disk of 1 MiB with some data in the named format."""
        path = os.path.join(self.service.state, 'disk')
        with open(path, 'wb') as file:
            file.write(DATA)
            file.truncate(SIZE)
        made = path + '.' + tool_format
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O',
                        tool_format, *options, path, made], check=True)
        os.unlink(path)
        try:
            with open(made, 'rb') as file:
                return file.read()
        finally:
            os.unlink(made)


class TestConversion(TestCase):

    plugins = ('image_conversion',)

    def test_each_disk_format_becomes_raw(self):
        for disk_format, tool_format, options in (
                ('qcow2', 'qcow2', ()), ('vdi', 'vdi', ()),
                ('vhd', 'vpc', ('-o', 'force_size=on')),
                ('vhdx', 'vhdx', ()),
                ('vmdk', 'vmdk', ('-o', 'subformat=streamOptimized'))):
            image, task = self.imported(self.disk(tool_format, *options),
                                        disk_format=disk_format)
            self.assertEqual('success', task['status'],
                             (disk_format, task['message']))
            self.assertEqual(('raw', 'bare', SIZE, SIZE), (
                image['disk_format'], image['container_format'],
                image['size'], image['virtual_size']), disk_format)
            self.assertEqual(DATA, self.data(image['id'])[:len(DATA)])

    def test_to_qcow2(self):
        self.service.conf.config(group='image_conversion',
                                 output_format='qcow2')
        image, task = self.imported(DATA[:65536], disk_format='raw')
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(('qcow2', 65536),
                         (image['disk_format'], image['virtual_size']))
        self.assertEqual(b'QFI\xfb', self.data(image['id'])[:4])

    def test_left_alone(self):
        for disk_format in ('raw', 'aki'):
            image, task = self.imported(DATA, disk_format=disk_format)
            self.assertEqual(('success', disk_format),
                             (task['status'], image['disk_format']))
            self.assertEqual(DATA, self.data(image['id']))

    def test_staged_data(self):
        data = self.disk('qcow2')
        image_id = self.service.create(disk_format='qcow2')['id']
        self.stage(image_id, data)
        self.import_(image_id, {'name': 'glance-direct'})
        task = self.ended(image_id)
        self.assertEqual('success', task['status'], task['message'])
        image = self.image(image_id)
        self.assertEqual(('raw', SIZE), (image['disk_format'],
                                         image['size']))
        self.assertEqual([], self.staged_files())

    def test_other_content(self):
        self.check_fails('(raw)', DATA, disk_format='qcow2')
        self.service.conf.config(group='image_format',
                                 require_image_format_match=False)
        self.check_fails('(raw)', DATA, disk_format='qcow2')

    def test_files_of_the_host(self):
        folder = self.service.state
        for name, options in (
                ('backing', ['-b', '/etc/passwd', '-F', 'raw']),
                ('data', ['-o', 'data_file=%s/other' % folder])):
            path = os.path.join(folder, name)
            subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2',
                            *options, path, '1M'], check=True)
            with open(path, 'rb') as file:
                data = file.read()
            for left in (path, os.path.join(folder, 'other')):
                if os.path.exists(left):
                    os.unlink(left)
            self.check_fails('safety checks', data, disk_format='qcow2')

    def test_an_encrypted_disk_fails(self):
        # Keys of the other format are stretched, which measures the machine.
        data = self.disk(
            'qcow2', '--object', 'secret,id=key,data=secret', '-o',
            'encrypt.format=aes,encrypt.key-secret=key')
        self.check_fails('encrypted', data, disk_format='qcow2')

    def test_vmdk_of_another_kind(self):
        self.check_fails('safety checks', self.disk(
            'vmdk', '-o', 'subformat=monolithicSparse').replace(
                b'monolithicSparse', b'monolithicFlat  '),
            disk_format='vmdk')

    def test_too_large_when_converted(self):
        self.service.conf.config(image_size_cap=SIZE - 1)
        self.check_fails('would be larger', self.disk('qcow2'),
                         disk_format='qcow2')

    def test_limits_of_the_program(self):
        data = self.disk('qcow2')
        for name, value, reason in (
                ('tool_memory', 1 << 26, 'has failed'),
                ('tool_timeout', 1, 'took too long')):
            with self.greedy(name, value):
                self.check_fails(reason, data, disk_format='qcow2')

    def greedy(self, name, value):
        """One option of [conductor], and a program that takes all it can."""
        script = self.useFixture(fixtures.TempDir()).path
        with open(os.path.join(script, 'qemu-img'), 'w') as file:
            file.write(GREEDY)
        os.chmod(os.path.join(script, 'qemu-img'), 0o755)
        return _Options(self, name, value, script)


GREEDY = """#!/bin/sh
case $1 in convert) exec python3 -c '
import time
x = bytearray(1 << 27)
time.sleep(20)
';; *) exec /usr/bin/qemu-img "$@";; esac
"""


class _Options:

    def __init__(self, test, name, value, folder):
        self._test, self._name, self._value = test, name, value
        self._folder = folder

    def __enter__(self):
        conf = self._test.service.conf
        conf.config(group='conductor', **{self._name: self._value})
        self._path = os.environ['PATH']
        os.environ['PATH'] = self._folder + ':' + self._path

    def __exit__(self, *exc_info):
        os.environ['PATH'] = self._path
        self._test.service.conf.conf.clear_override(self._name,
                                                    group='conductor')


class TestDecompression(TestCase):

    plugins = ('image_decompression',)

    def zipped(self, *names):
        target = io.BytesIO()
        with zipfile.ZipFile(target, 'w', zipfile.ZIP_DEFLATED) as archive:
            for name in names:
                archive.writestr(name, DATA)
        return target.getvalue()

    def test_gzip_and_zip_are_unpacked(self):
        for data in (gzip.compress(DATA), self.zipped('a'), DATA):
            image, task = self.imported(data)
            self.assertEqual('success', task['status'], task['message'])
            self.assertEqual(len(DATA), image['size'])
            self.assertEqual(DATA, self.data(image['id']))

    def test_lha_is_unpacked(self):
        unpacked = b''.join(b'line %d\n' % number for number in range(3000))
        for name in ('lh0', 'lh7'):
            image, task = self.imported(lha(name))
            self.assertEqual('success', task['status'], task['message'])
            self.assertEqual(unpacked, self.data(image['id']))

    def test_damaged_lha(self):
        data = lha('lh5')
        self.check_fails('damaged', data[:3000])
        self.check_fails('damaged', b'ab-lh5-' + DATA)
        self.check_fails('damaged', data[:2999] + b'?' + data[3000:])
        self.check_fails('exactly one', lha('two'))

    def test_large_lha(self):
        self.service.conf.config(image_size_cap=20000)
        self.check_fails('larger than', lha('lh5'))

    def test_lha_without_its_library(self):
        self.patch(unlha, 'is_there', False)
        self.check_fails('lhafile', lha('lh5'))

    def test_kept_compressed(self):
        data = gzip.compress(DATA)
        image, task = self.imported(data, container_format='compressed')
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(data, self.data(image['id']))

    def test_damaged_and_ambiguous_archives_fail(self):
        self.check_fails('damaged', gzip.compress(DATA)[:-50000])
        self.check_fails('damaged', b'\x1f\x8b\x08' + DATA)
        self.check_fails('damaged', b'PK\x03\x04' + DATA)
        self.check_fails('exactly one', self.zipped('a', 'b'))

    def test_little_that_becomes_much(self):
        self.service.conf.config(image_size_cap=1 << 20)
        self.check_fails('larger than', gzip.compress(bytes(8 << 20)))


class TestInjection(TestCase):

    plugins = ('inject_image_metadata',)

    def setUp(self):
        super().setUp()
        self.service.conf.config(
            group='inject_metadata_properties',
            inject={'seen': 'yes', 'os_glance_x': 'no'})

    def test_properties_come_beside_those_given(self):
        image, _task = self.imported(DATA, mine='too')
        self.assertEqual(('yes', 'too'), (image['seen'], image['mine']))
        self.assertNotIn('os_glance_x', image)

    def test_ignored_roles(self):
        self.service.conf.config(group='inject_metadata_properties',
                                 ignore_user_roles=['Member'])
        image, task = self.imported(DATA)
        self.assertEqual('success', task['status'])
        self.assertNotIn('seen', image)


class TestOrder(TestCase):

    plugins = ('inject_image_metadata', 'image_decompression',
               'image_conversion')

    def test_data_is_unpacked_before_it_is_converted(self):
        self.service.conf.config(group='inject_metadata_properties',
                                 inject={'seen': 'yes'})
        path = os.path.join(self.service.state, 'disk')
        subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', path,
                        '1M'], check=True)
        with open(path, 'rb') as file:
            data = gzip.compress(file.read())
        os.unlink(path)
        image, task = self.imported(data, disk_format='qcow2')
        self.assertEqual('success', task['status'], task['message'])
        self.assertEqual(('raw', SIZE, 'yes'), (
            image['disk_format'], image['size'], image['seen']))


def with_plugin(plan, name):
    """As the API of another release, or of a host with more plugins."""
    def changed(*args):
        made = plan(*args)
        return dict(made, input=dict(made['input'], plugins=[name]))
    return changed


class TestUnknown(TestCase):

    def test_unknown_to_the_conductor(self):
        self.useFixture(fixtures.MockPatchObject(imports, '_plan', with_plugin(
            imports._plan, 'unknown')))
        self.check_fails('no import plugin', DATA)
