"""What a file store finds in its folders."""

import os

from glance.common import exceptions
from glance.store.drivers.file import folder_list
from glance.store.drivers.file import part_file
from tests.unit.store import base

IMAGE = '12345678-1234-1234-1234-123456789abc'


class TestList(base.StoreTestCase):

    def put(self, name, text='data'):
        path = os.path.join(self.folder, name)
        with open(path, 'w') as file:
            file.write(text)
        return 'file://' + path

    def listed(self):
        return sorted((one.image_id, one.attempt, one.url, one.size)
                      for one in self.store.list())

    def test_whole_files_are_listed_without_an_attempt(self):
        plain, other = self.put(IMAGE), self.put(IMAGE + '.x-1', '')
        self.assertEqual([(IMAGE, None, plain, 4), (IMAGE, None, other, 0)],
                         self.listed())

    def test_what_is_not_ours(self):
        for name in ('README', IMAGE + '.tar.gz', '.' + IMAGE, IMAGE[:-1],
                     '.%s.x.swp' % IMAGE):
            self.put(name)
        os.mkdir(os.path.join(self.folder, IMAGE))
        os.symlink('/etc/passwd', os.path.join(self.folder, IMAGE + '.x'))
        self.assertEqual([], self.listed())

    def test_a_part_is_listed_with_its_attempt(self):
        self.put('.%s.x-1.part' % IMAGE)
        self.assertEqual([(IMAGE, 'x-1', None, 4)], self.listed())

    def test_published_part(self):
        written = self.store.write(IMAGE, 'x-1', base.Source(b'data'))
        self.assertEqual([(IMAGE, 'x-1', written.url, 4)], self.listed())
        self.store.settle(IMAGE, 'x-1')
        self.assertEqual([(IMAGE, None, written.url, 4)], self.listed())

    def test_without_hard_links(self):
        def link(*args):
            raise OSError(1, 'Operation not permitted')
        self.patch(part_file.os, 'link', link)
        written = self.store.write(IMAGE, 'x-1', base.Source(b'data'))
        self.assertEqual([(IMAGE, 'x-1', written.url, 4)], self.listed())

    def test_all_that_is_listed_can_be_dropped(self):
        self.store.write(IMAGE, 'x-1', base.Source(b'data'))
        self.put(IMAGE + '.y')
        for found in self.store.list():
            self.store.drop(found)
        self.assertEqual([], self.files())

    def test_drop_nothing_else(self):
        self.put(IMAGE)
        found, = self.store.list()
        os.unlink(os.path.join(self.folder, IMAGE))
        self.put(IMAGE, 'another')
        self.store.drop(found)
        self.assertEqual([IMAGE], self.files())
        os.unlink(os.path.join(self.folder, IMAGE))
        self.store.drop(found)

    def test_the_same(self):
        url = self.put(IMAGE)
        os.symlink(self.folder, self.folder + '.link')
        self.addCleanup(os.unlink, self.folder + '.link')
        other = 'file://%s.link/%s' % (self.folder, IMAGE)
        self.assertTrue(self.store.is_same(other, url))
        self.assertFalse(self.store.is_same(other + 'x', url))
        self.assertFalse(self.store.is_same('rbd://a/b/c', url))

    def test_without_its_folder_the_store_is_unavailable(self):
        os.rename(self.folder, self.folder + '.away')
        self.addCleanup(os.rename, self.folder + '.away', self.folder)
        self.assertRaises(exceptions.StoreUnavailable, list,
                          self.store.list())

    def test_gone_meanwhile(self):
        self.put(IMAGE)
        entries = list(os.scandir(self.folder))
        os.unlink(entries[0].path)
        self.patch(folder_list.os, 'scandir', lambda path: entries)
        self.assertEqual([], self.listed())
