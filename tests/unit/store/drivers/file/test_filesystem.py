"""The file store as its callers see it."""

import errno
import json
import os
from unittest import mock

from glance.common import exceptions
from glance.store.drivers.file import filesystem
from tests.unit.store import base


class FilesystemTestCase(base.StoreTestCase):

    def write(self, data=b'data', attempt='a1', size=None, **kwargs):
        return self.store.write('img', attempt, base.Source(data, **kwargs),
                                size)

    def test_round_trip(self):
        written = self.write(b'x' * 300000, size=300000)
        self.assertEqual('file://%s/img' % self.folder, written.url)
        self.assertEqual({'store': 'fast'}, written.metadata)
        self.store.settle('img', 'a1')
        self.assertEqual(['img'], self.files())
        self.assertEqual(b'x' * 300000, self.read(written.url))
        self.assertEqual(300000, self.store.size(written.url))

    def test_store_known_by_type_leaves_no_id(self):
        self.store = filesystem.Driver('file', base.values(self.folder),
                                       named=False)
        self.assertEqual({}, self.write().metadata)

    def test_second_image_of_the_name_gets_its_own(self):
        self.write(b'one')
        self.store.settle('img', 'a1')
        written = self.write(b'two', 'a2')
        self.assertEqual(b'two', self.read(written.url))
        self.assertEqual(b'one', self.content('img'))

    def test_failing_source_leaves_nothing(self):
        error = exceptions.UploadBroken()
        raised = self.assertRaises(exceptions.UploadBroken, self.write,
                                   error=error)
        self.assertIs(error, raised)
        self.assertEqual([], self.files())

    def test_failing_disk_leaves_nothing_and_tells_no_path(self):
        for number, expected in [(errno.ENOSPC, exceptions.StorageFull),
                                 (errno.EDQUOT, exceptions.StorageFull),
                                 (errno.EROFS, exceptions.StoreUnavailable),
                                 (errno.EACCES, exceptions.StoreUnavailable),
                                 (errno.EIO, exceptions.StoreUnavailable),
                                 (errno.ENOENT, exceptions.StoreUnavailable)]:
            error = OSError(number, os.strerror(number), self.folder)
            with mock.patch('os.fsync', side_effect=error):
                raised = self.assertRaises(expected, self.write)
            self.assertNotIn(self.folder, str(raised))
            self.assertEqual([], self.files())

    def test_too_large_for_the_disk(self):
        self.assertRaises(exceptions.StorageFull, self.write, size=1 << 60)
        self.assertEqual([], self.files())

    def test_a_range_ends_with_the_data(self):
        url = self.write(b'0123456789').url
        self.assertEqual(b'345', self.read(url, 3, 3))
        self.assertEqual(b'789', self.read(url, 7))
        self.assertEqual(b'89', self.read(url, 8, 100))
        self.assertEqual(b'', self.read(url, 20))

    def test_reader_knows_its_file_and_length(self):
        reader = self.store.open(self.write(b'0123456789').url, 2, 5)
        self.addCleanup(reader.close)
        self.assertEqual(b'23456', os.pread(reader.fileno(), reader.length,
                                            reader.offset))

    def test_reader_notices_a_shrinking_file(self):
        url = self.write(b'0123456789').url
        reader = self.store.open(url)
        self.addCleanup(reader.close)
        os.truncate(os.path.join(self.folder, 'img'), 4)
        self.assertRaises(exceptions.StoreUnavailable, list, reader)

    def test_nothing_there(self):
        url = 'file://%s/none' % self.folder
        for method in (self.store.open, self.store.size):
            error = self.assertRaises(exceptions.NotFound, method, url)
            self.assertNotIn(self.folder, error.message)
        self.store.delete(url)

    def test_only_regular_files_are_opened(self):
        os.mkfifo(os.path.join(self.folder, 'pipe'))
        for name in ('pipe', 'none', 'x' * 300):
            self.assertRaises(exceptions.NotFound, self.store.open,
                              'file://%s/%s' % (self.folder, name))

    def test_foreign_urls(self):
        for url in ('http://host/x', 'img', 'file:relative', 'file://',
                    'file:///etc/passwd', 'file://%s/.' % self.folder,
                    'file://%s/none/none' % self.folder,
                    'file://%s/a\0b' % self.folder):
            self.assertRaises(exceptions.BadLocation, self.store.open, url)
            self.assertFalse(self.store.owns(url))

    def test_delete_twice(self):
        url = self.write().url
        self.store.settle('img', 'a1')
        self.store.delete(url)
        self.store.delete(url)
        self.assertEqual([], self.files())

    def test_delete_not_allowed(self):
        url = self.write().url
        with mock.patch('os.unlink', side_effect=PermissionError(
                errno.EACCES, 'no', self.folder)):
            self.assertRaises(exceptions.StoreUnavailable, self.store.delete,
                              url)

    def test_old_scheme(self):
        url = self.write().url.replace('file:', 'filesystem:')
        self.assertEqual(b'data', self.read(url))

    def test_urls_outside_its_folder_are_not_owned(self):
        self.assertTrue(self.store.owns('file://%s/x' % self.folder))
        self.assertFalse(self.store.owns('file:///etc/passwd'))

    def test_files_get_the_permissions_of_the_option(self):
        self.store = filesystem.Driver('fast', base.values(
            self.folder, filesystem_store_file_perm=640))
        self.write()
        mode = os.stat(os.path.join(self.folder, 'img')).st_mode
        self.assertEqual(0o640, mode & 0o777)

    def test_thin_provisioning(self):
        self.store = filesystem.Driver('fast', base.values(
            self.folder, filesystem_thin_provisioning=True))
        data = b'a' * 65536 + bytes(1 << 20) + b'b' + bytes(1 << 20)
        self.write(data, size=len(data))
        self.assertEqual(data, self.content('img'))
        used = os.stat(os.path.join(self.folder, 'img')).st_blocks * 512
        self.assertLess(used, 1 << 20)

    def test_mount_point(self):
        path = os.path.join(self.folder, '..', 'mounts.json')
        mount = {'id': 'nfs', 'mountpoint': os.path.dirname(self.folder)}
        with open(path, 'w') as target:
            json.dump(mount, target)
        self.store = filesystem.Driver('fast', base.values(
            self.folder, filesystem_store_metadata_file=path))
        self.assertEqual(dict(mount, store='fast'), self.write().metadata)

    def test_without_its_folder_the_store_is_unavailable(self):
        self.store.check()
        os.rmdir(self.folder)
        self.assertRaises(exceptions.StoreUnavailable, self.store.check)
