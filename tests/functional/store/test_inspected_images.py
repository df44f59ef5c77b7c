"""Images made by the real tool are taken, dangerous ones are not."""

import os
import subprocess

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.store import inspection
from tests.unit.store import test_inspection

_SIZE = 8 << 20
_MADE = {'qcow2': ['-o', 'compat=1.1'], 'vmdk': [], 'vdi': [], 'vhdx': [],
         'raw': []}


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
        for name, args in _MADE.items():
            path = self.make(name, name, *args)
            self.assertEqual(_SIZE, self.inspect(name, path), name)

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
