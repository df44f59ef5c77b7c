"""Images made by the real tool are taken, dangerous ones are not."""

import json
import os
import subprocess

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.store.checks import inspection
from tests.unit.store.checks import test_inspection

_SIZE = 8 << 20
# What qemu-img makes: (disk format, its name there, options).
_MADE = [
    ('raw', 'raw', ''), ('vdi', 'vdi', ''), ('vdi', 'vdi', 'static=on'),
    ('vhdx', 'vhdx', ''), ('vhdx', 'vhdx', 'subformat=fixed'),
    ('vhd', 'vpc', ''), ('vhd', 'vpc', 'force_size=on'),
    ('vhd', 'vpc', 'subformat=fixed'),
    ('vhd', 'vpc', 'subformat=fixed,force_size=on'),
    ('vmdk', 'vmdk', ''), ('vmdk', 'vmdk', 'subformat=monolithicSparse'),
    ('vmdk', 'vmdk', 'adapter_type=lsilogic'),
    ('qcow2', 'qcow2', 'compat=0.10'), ('qcow2', 'qcow2', 'compat=1.1'),
    ('qcow2', 'qcow2', 'extended_l2=on,cluster_size=128k'),
    ('qcow2', 'qcow2', 'cluster_size=2M'),
    ('qcow2', 'qcow2', 'lazy_refcounts=on'),
    ('qcow2', 'qcow2', 'compression_type=zstd'),
    ('qcow2', 'qcow2', 'preallocation=metadata')]
# What is refused, and a word that says what it is.
_REFUSED = [
    ('vmdk', 'vmdk', 'subformat=monolithicFlat', 'descriptor'),
    ('vmdk', 'vmdk', 'subformat=twoGbMaxExtentSparse', 'descriptor'),
    ('vmdk', 'vmdk', 'subformat=twoGbMaxExtentFlat', 'descriptor'),
    ('qcow2', 'qed', '', 'qed'), ('raw', 'qed', '', 'qed'),
    ('qcow2', 'raw', '', 'raw'), ('vhd', 'raw', '', 'raw'),
    ('vmdk', 'qcow2', '', 'qcow2'), ('raw', 'parallels', '', None)]
# Disks as other tools make them: a raw image may hold any of them.
_FILE_SYSTEMS = [
    ['mke2fs', '-q', '-F', '-t', 'ext2'], ['mke2fs', '-q', '-F', '-t', 'ext4'],
    ['mkfs.fat', '-F', '12'], ['mkfs.fat', '-F', '16', '-s', '1'],
    ['mkfs.fat'],
    ['mkfs.ntfs', '-q', '-F', '-s', '512', '-p', '0', '-H', '255', '-S',
     '63']]


def _given(options):
    return ['-o', options] if options else []


class InspectedImagesTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path

    def make(self, name, image_format, *args, size=str(_SIZE)):
        path = os.path.join(self.folder, name)
        subprocess.run(['qemu-img', 'create', '-q', '-f', image_format, *args,
                        path, size], check=True, cwd=self.folder)
        return path

    def inspect(self, claim, path):
        inspector = inspection.Inspector(claim, test_inspection.options())
        with open(path, 'rb') as source:
            while data := source.read(256 << 10):
                inspector.feed(memoryview(data))
        inspector.finish()
        return inspector.virtual_size

    def test_made_by_the_tool(self):
        for claim, name, options in _MADE:
            path = self.make('made', name, *_given(options))
            told = json.loads(subprocess.run(
                ['qemu-img', 'info', '-f', name, '--output', 'json', path],
                check=True, capture_output=True).stdout)
            self.assertEqual(told['virtual-size'], self.inspect(claim, path),
                             (name, options))

    def test_other_formats_and_split_disks_are_refused(self):
        for claim, name, options, word in _REFUSED:
            path = self.make('made', name, *_given(options))
            if word is None:
                self.inspect(claim, path)
                continue
            error = self.assertRaises(exceptions.ContentRejected,
                                      self.inspect, claim, path)
            self.assertIn(word, error.message, (name, options))

    def test_file_systems_and_boot_sectors(self):
        for command in _FILE_SYSTEMS:
            path = self.make('disk', 'raw')
            subprocess.run([*command, path], check=True, capture_output=True,
                           env=dict(os.environ, PATH=os.environ['PATH']
                                    + ':/usr/sbin:/sbin'))
            self.assertEqual(_SIZE, self.inspect('raw', path), command)
            # The disk of a fixed VHD may hold it just as well.
            vhd = os.path.join(self.folder, 'disk.vhd')
            subprocess.run(
                ['qemu-img', 'convert', '-f', 'raw', '-O', 'vpc', '-o',
                 'subformat=fixed,force_size=on', path, vhd], check=True)
            self.assertEqual(_SIZE, self.inspect('vhd', vhd), command)

    def test_stream_optimized(self):
        source = self.make('source', 'raw')
        path = os.path.join(self.folder, 'stream')
        subprocess.run(['qemu-img', 'convert', '-f', 'raw', '-O', 'vmdk',
                        '-o', 'subformat=streamOptimized', source, path],
                       check=True)
        self.assertEqual(_SIZE, self.inspect('vmdk', path))

    def test_backing_file(self):
        path = self.make('child', 'qcow2', '-u', '-b', '/etc/passwd', '-F',
                         'raw')
        for claim in ('qcow2', 'raw'):
            self.assertRaises(exceptions.ContentRejected, self.inspect,
                              claim, path)

    def test_data_file(self):
        path = self.make('child', 'qcow2', '-o',
                         'data_file=%s/data,data_file_raw=on' % self.folder)
        for claim in ('qcow2', 'raw'):
            self.assertRaises(exceptions.ContentRejected, self.inspect,
                              claim, path)

    def test_vmdk_that_names_files(self):
        for kind in ('monolithicFlat', 'twoGbMaxExtentSparse'):
            path = self.make(kind, 'vmdk', '-o', 'subformat=' + kind)
            for claim in ('vmdk', 'raw'):
                self.assertRaises(exceptions.ContentRejected, self.inspect,
                                  claim, path)
