"""Tests of the files of a cache: what many processes do at once."""

import os

import fixtures
from oslotest import base

from glance.cache import files

ID = 'c0ffee00-1234'


class TestFiles(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        # What one process has in hand, and another.
        self.files = files.Files(self.folder)
        self.others = files.Files(self.folder)

    def begin(self, data=b''):
        part = self.files.begin(ID)
        self.addCleanup(self.close, part)
        os.write(part.fd, data)
        return part

    @staticmethod
    def close(part):
        try:
            part.close()
        except OSError:
            pass

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def check_nothing(self):
        self.assertEqual({}, self.files.list())
        self.assertEqual([], os.listdir(self.path('incomplete')))

    def test_a_file_is_there_only_when_finished(self):
        part = self.begin(b'abc')
        self.assertEqual({}, self.others.list())
        self.assertIsNone(self.others.open(ID, 3))
        self.assertTrue(part.finish())
        part.close()
        self.assertEqual({ID: 3}, self.others.list())
        self.assertIsNone(self.others.open(ID, 4))
        fd = self.others.open(ID, 3)
        self.addCleanup(os.close, fd)
        self.assertEqual(b'abc', os.read(fd, 9))
        self.assertEqual([], os.listdir(self.path('incomplete')))

    def test_one_at_a_time(self):
        part = self.begin()
        self.assertIsNone(self.others.begin(ID))
        part.discard()
        part.close()
        again = self.others.begin(ID)
        self.assertIsNotNone(again)
        again.discard()
        again.close()
        self.check_nothing()

    def test_a_growing_file_is_followed_until_its_end(self):
        self.assertIsNone(self.others.follow(ID))
        part = self.begin(b'ab')
        fd = self.others.follow(ID)
        self.addCleanup(os.close, fd)
        self.assertTrue(files.is_growing(fd))
        os.write(part.fd, b'c')
        self.assertEqual(b'abc', os.read(fd, 9))
        part.finish()
        part.close()
        self.assertFalse(files.is_growing(fd))
        self.assertIsNone(self.others.follow(ID))

    def test_what_a_killed_writer_left_is_begun_anew(self):
        """Closing the descriptor is what the system does then."""
        part = self.begin(b'half')
        os.close(part.fd)
        self.assertIsNone(self.others.follow(ID))
        again = self.others.begin(ID)
        self.assertEqual(0, os.fstat(again.fd).st_size)
        again.discard()
        again.close()
        self.check_nothing()

    def test_removed_on_the_way(self):
        part = self.begin(b'abc')
        self.assertFalse(self.others.remove(ID))
        self.assertFalse(part.finish())
        part.discard()
        part.close()
        self.check_nothing()

    def test_removed_and_begun_anew(self):
        """The first one must not give its name to the file of the second."""
        first = self.begin(b'abc')
        self.others.remove(ID)
        second = self.others.begin(ID)
        self.assertFalse(first.finish())
        first.discard()
        first.close()
        self.assertTrue(second.finish())
        second.close()
        self.assertEqual({ID: 0}, self.files.list())

    def stand_still(self, remove):
        """Another one begins anew before the whole file gets its name.

        :returns: whether it got it
        """
        part, others = self.begin(b'abc'), []
        is_same = files._is_same

        def still(path, fd):
            answer = is_same(path, fd)
            if not others:
                remove()
                others.append(self.others.begin(ID))
            return answer
        self.useFixture(fixtures.MonkeyPatch('glance.cache.files._is_same',
                                             still))
        done = part.finish()
        part.close()
        # The growing file of the other one is not the image.
        os.write(others[0].fd, b'abcd')
        self.assertEqual({ID: 3} if done else {}, self.files.list())
        self.assertTrue(others[0].finish())
        others[0].close()
        self.assertEqual({ID: 4}, self.files.list())
        self.assertEqual([], os.listdir(self.path('incomplete')))
        return done

    def test_standing_still_until_it_is_abandoned(self):
        self.assertIs(False, self.stand_still(lambda: self.others.clean(-1)))

    def test_standing_still_until_it_is_removed(self):
        self.assertIs(True, self.stand_still(lambda: self.others.remove(ID)))

    def test_killed_before_the_last_name(self):
        part = self.begin(b'abc')
        os.link(self.path('incomplete', ID), part._hidden)
        os.close(part.fd)
        self.others.clean(1000)
        self.check_nothing()

    def test_abandoned_and_old_parts_are_removed(self):
        part = self.begin(b'abc')
        with open(self.path('incomplete', 'left'), 'wb'):
            pass
        self.assertEqual(1, self.others.clean(3600))
        self.assertEqual([ID], os.listdir(self.path('incomplete')))
        os.utime(self.path('incomplete', ID), (0, 0))
        self.assertEqual(1, self.others.clean(3600))
        self.assertFalse(part.finish())

    def test_other_names(self):
        for name in ('invalid', 'queue'):
            os.mkdir(self.path(name))
        for name in ('cache.db', '.keeper', 'a b', 'x' * 37):
            with open(self.path(name), 'wb'):
                pass
        os.symlink('/etc/passwd', self.path('link'))
        self.assertEqual({}, self.files.list())
        self.assertIsNone(self.files.open('link', 5))
