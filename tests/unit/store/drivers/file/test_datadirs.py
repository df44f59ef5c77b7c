"""Several folders for one file store."""

import os
from unittest import mock

import fixtures
from oslotest import base

from glance.common import exceptions
from glance.store.drivers.file import datadirs


class DatadirsTestCase(base.BaseTestCase):

    def test_folders_are_sorted_by_priority(self):
        self.assertEqual(
            [('/b', 20, '/b'), ('/c', 5, '/c/'), ('/a', 0, '/a')],
            datadirs.parse(None, ['/a', '/b:20', ' /c/ : 5']))

    def test_default_folder_gives_way_to_a_list(self):
        found = datadirs.parse('/var/lib/glance/images', ['/a'])
        self.assertEqual([('/a', 0, '/a')], found)

    def test_contradictory_options_are_refused(self):
        for folder, folders in [('/x', ['/a']), (None, None), ('', []),
                                (None, ['/a', '/a:2']), (None, ['a']),
                                (None, [':3']), (None, ['/a:high'])]:
            self.assertRaises(ValueError, datadirs.parse, folder, folders)

    def test_a_mode_is_written_in_octal_digits(self):
        self.assertEqual(0o640, datadirs.parse_mode(640))
        self.assertIsNone(datadirs.parse_mode(0))
        for number in (40, 999):
            self.assertRaises(ValueError, datadirs.parse_mode, number)

    def _choose(self, size, **room):
        folders = datadirs.parse(None, ['/a:1', '/b:1', '/c:0'])
        with mock.patch.object(datadirs, 'free',
                               lambda path: room[path[1:]]):
            return datadirs.choose(folders, size)

    def test_best_priority_with_room(self):
        self.assertEqual('/b', self._choose(10, a=20, b=30, c=99))
        self.assertEqual('/a', self._choose(10, a=20, b=5, c=99))
        self.assertEqual('/c', self._choose(50, a=20, b=5, c=99))

    def test_no_room_anywhere(self):
        self.assertRaises(exceptions.StorageFull, self._choose, 100, a=20,
                          b=5, c=99)
        self.assertRaises(exceptions.StorageFull, self._choose, 0, a=0, b=0,
                          c=0)

    def test_readers_may_enter(self):
        path = os.path.join(self.useFixture(fixtures.TempDir()).path, 'x')
        os.mkdir(path, 0o700)
        datadirs.prepare(path, 0o644)
        self.assertEqual(0o711, os.stat(path).st_mode & 0o777)
