"""Archives made to take the memory of whoever opens them."""

import io
import os
import pathlib
import struct
import tracemalloc
import types
from unittest import mock
import zipfile

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.conductor.plugins import decompression
from glance.conductor.plugins import headers
from glance.conductor.plugins import unlha
from glance.conf import CONF

MIB = 1 << 20
ARCHIVES = pathlib.Path(__file__).parents[3] / 'data' / 'archives'


def zipped(method, data=b'x', name='a'):
    target = io.BytesIO()
    with zipfile.ZipFile(target, 'w', method) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def with_many_entries(count, zip64):
    """One file, listed many times."""
    archive = zipped(zipfile.ZIP_STORED)
    start = archive.index(b'PK\x01\x02')
    entry = archive[start:archive.index(b'PK\x05\x06')]
    size = len(entry) * count
    end = struct.pack('<4s4H2LH', b'PK\x05\x06', 0, 0, 1, 1,
                      0xffffffff if zip64 else size, start, 0)
    if zip64:
        end = struct.pack(
            '<4sQ2H2L4Q4sLQL', b'PK\x06\x06', 44, 45, 45, 0, 0, 1, 1, size,
            start, b'PK\x06\x07', 0, start + size, 1) + end
    return archive[:start] + entry * count + end


class DecompressionTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.addCleanup(CONF.clear_override, 'image_size_cap')
        CONF.set_override('image_size_cap', 256 * MIB)

    def refused(self, reason, data):
        """With memory for one file, whatever the archive claims to hold."""
        path = os.path.join(self.folder, 'archive')
        with open(path, 'wb') as file:
            file.write(data)
        del data
        staged = types.SimpleNamespace(
            image={'container_format': 'bare'}, path=path, job=mock.Mock(),
            new_path=lambda: path + '.new')
        tracemalloc.start()
        try:
            error = self.assertRaises(exceptions.ContentRejected,
                                      decompression.Plugin().run, staged)
            self.assertLess(tracemalloc.get_traced_memory()[1], 4 * MIB)
        finally:
            tracemalloc.stop()
        self.assertIn(reason, error.message)

    def test_zip_with_many_entries(self):
        for zip64 in (False, True):
            self.refused('exactly one', with_many_entries(100000, zip64))

    def test_zip_with_a_few_entries(self):
        self.refused('exactly one', with_many_entries(2, False))

    def test_zip_with_a_name_that_is_no_text(self):
        self.refused('damaged', zipped(
            zipfile.ZIP_STORED, name='\xe4').replace(b'\xc3\xa4',
                                                     b'\xff\xff'))

    def test_zip_of_other_methods(self):
        data = bytes(16 * MIB)
        for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            self.refused('methods', zipped(method, data))

    def test_lha_with_many_entries(self):
        entries = (ARCHIVES / 'two.lzh').read_bytes()[:-1]
        self.refused('exactly one', entries * (8 * MIB // len(entries)))

    def test_lha_with_endless_header(self):
        """Extensions of the header may follow each other for ever."""
        def archive(count):
            head = struct.pack('<H5sIIIBBHBH', 26, b'-lh0-', 1, 1, 0, 0, 2,
                               0, ord('U'), 4)
            return (head + b'\x01n\x03\x00' + b'\x7f\x03\x00' * count
                    + b'\x7f\x00\x00x\x00')

        def only_file(count):
            path = os.path.join(self.folder, 'archive')
            with open(path, 'wb') as file:
                file.write(archive(count))
            with headers.File(path) as file:
                return unlha.only_file(file)

        self.assertEqual(1, only_file(10).file_size)
        self.assertRaises(ValueError, only_file, 100000)
