"""A folder that cannot be had at start, such as a mount, may come later."""

import os

import fixtures

from glance.common import exceptions
from glance.store.drivers.file import filesystem
from tests.unit.store import base


class AwayTestCase(base.StoreTestCase):

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())
        # Where the folder should be there is a file.
        os.rmdir(self.folder)
        with open(self.folder, 'w'):
            pass
        self.store = filesystem.Driver('fast', base.values(
            os.path.join(self.folder, 'below')))

    def come_back(self):
        os.unlink(self.folder)

    def write(self):
        return self.store.write('i', 'a', base.Source(b'data')).url

    def test_the_problem_is_told_without_the_path(self):
        self.assertIn('a folder cannot be made', self.store.problem)
        self.assertEqual({'problem': self.store.problem},
                         self.store.details())
        self.assertIn('Store fast cannot be used as it is', self.log.output)
        self.assertNotIn(self.folder, self.log.output + self.store.problem)

    def test_everything_is_unavailable_and_not_lost(self):
        for call in (self.store.check, self.write):
            self.assertRaises(exceptions.StoreUnavailable, call)

    def test_a_write_finds_it_when_it_is_back(self):
        self.come_back()
        self.assertEqual(b'data', self.read(self.write()))
        self.assertEqual({}, self.store.details())

    def test_a_look_finds_it_when_it_is_back(self):
        self.come_back()
        self.store.check()
        self.assertIsNone(self.store.problem)
