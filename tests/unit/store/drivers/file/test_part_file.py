"""Whatever happens to a writer, no data is lost, doubled or resurrected."""

import errno
import fcntl
import os
from unittest import mock

import fixtures

from glance.common import exceptions
from glance.store.drivers.file import part_file
from tests.unit.store import base


class PartFileTestCase(base.StoreTestCase):
    """Every story runs with hard links and, in a subclass, without."""

    def part(self, attempt='a1'):
        return part_file.PartFile(self.folder, 'img', attempt)

    def written(self, attempt='a1', data=b'data'):
        """A complete part file that has no public name yet."""
        part = self.part(attempt)
        part.write(base.Source(data), len(data))
        self.addCleanup(part.close)
        return part

    def test_hidden_until_published(self):
        part = self.written()
        self.assertTrue(all(name.startswith('.') for name in self.files()))
        path = part.publish()
        part.settle()
        self.assertEqual([os.path.basename(path)], self.files())
        self.assertEqual(b'data', self.content(os.path.basename(path)))

    def test_discard_before_publishing(self):
        self.written()
        self.part().discard()
        self.assertEqual([], self.files())

    def test_discard_after_publishing(self):
        self.written().publish()
        self.part().discard()
        self.assertEqual([], self.files())

    def test_discard_after_settling_keeps(self):
        path = self.written().publish()
        self.part().settle()
        self.part().discard()
        self.assertEqual([os.path.basename(path)], self.files())

    def test_removed_before_settling_leaves_no_bytes(self):
        part_file.remove(self.written().publish())
        self.assertEqual(0, sum(
            os.path.getsize(os.path.join(self.folder, name))
            for name in self.files()))

    def test_discard_of_nothing(self):
        self.part().discard()
        self.part().discard()
        self.assertEqual([], self.files())

    def test_discard_that_stands_still_before_it_removes(self):
        """Another one waits for it; else the name might be a newer one's."""
        path = self.written().publish()
        refused = []
        unlink = os.unlink

        def still(name):
            self.patch_unlink(unlink)
            if os.path.exists(os.path.join(self.folder, '.img.a1.dead')):
                self.assertRaises(BlockingIOError, self.part().discard)
                refused.append(name)
            unlink(name)
        self.patch_unlink(still)
        self.part().discard()
        self.assertEqual(
            [path] if os.path.basename(path) == 'img' else [], refused)
        self.assertEqual([], self.files())

    def patch_unlink(self, unlink):
        self.useFixture(fixtures.MonkeyPatch('os.unlink', unlink))

    def test_discard_that_stands_still_before_it_looks(self):
        self.written().publish()
        flock = fcntl.flock

        def still(fd, operation):
            self.useFixture(fixtures.MonkeyPatch('fcntl.flock', flock))
            self.part().discard()
            newer = self.written('a2', b'new')
            newer.publish()
            newer.settle()
            flock(fd, operation)
        self.useFixture(fixtures.MonkeyPatch('fcntl.flock', still))
        self.part().discard()
        if self.files():
            self.assertEqual([b'new'], [self.content(name)
                                        for name in self.files()])

    def test_discard_without_locks(self):
        """On some file systems over a network."""
        def refuse(fd, operation):
            raise OSError(errno.ENOLCK, 'no')
        self.useFixture(fixtures.MonkeyPatch('fcntl.flock', refuse))
        self.written().publish()
        self.part().discard()
        self.assertEqual([], self.files())

    def test_zombie_cannot_publish_after_discard(self):
        zombie = self.written()
        self.part().discard()
        self.assertRaises(exceptions.LeaseLost, zombie.publish)
        self.assertEqual([], self.files())

    def test_zombie_cannot_publish_beside_a_newer_attempt(self):
        zombie = self.written('a1', b'old')
        self.part('a1').discard()
        newer = self.written('a2', b'new')
        path = newer.publish()
        newer.settle()
        self.assertRaises(exceptions.LeaseLost, zombie.publish)
        zombie.discard()
        self.assertEqual([os.path.basename(path)], self.files())
        self.assertEqual(b'new', self.content(os.path.basename(path)))

    def test_published_zombie_leaves_the_newer_attempt_alone(self):
        """The old attempt published, and nobody has discarded it yet."""
        old = self.written('a1', b'old')
        old_path = old.publish()
        newer = self.written('a2', b'new')
        path = newer.publish()
        self.assertNotEqual(old_path, path)
        newer.settle()
        old.discard()
        self.assertEqual([os.path.basename(path)], self.files())
        self.assertEqual(b'new', self.content(os.path.basename(path)))

    def test_zombie_publishes_while_it_is_discarded(self):
        """Between looking for the part and removing it."""
        zombie = self.written()
        real, outcome = part_file._inode, []

        def pause(path):
            if not outcome:
                outcome.append(None)
                self.assertRaises(exceptions.LeaseLost, zombie.publish)
            return real(path)
        with mock.patch.object(part_file, '_inode', side_effect=pause):
            self.part().discard()
        self.assertEqual([None], outcome)
        self.assertEqual([], self.files())

    def test_discard_interrupted_half_way_can_be_repeated(self):
        self.written().publish()
        with mock.patch.object(part_file, '_unlink_same',
                               side_effect=KeyboardInterrupt), \
                mock.patch.object(part_file, '_unlink',
                                  side_effect=KeyboardInterrupt):
            self.assertRaises(KeyboardInterrupt, self.part().discard)
        self.part().discard()
        self.assertEqual([], self.files())

    def test_same_attempt_twice(self):
        self.written()
        self.assertRaises(exceptions.Duplicate, self.part().write,
                          base.Source(b'x'), 1)

    def test_reserved_room_is_given_back(self):
        """Room is reserved in large steps, the file ends with its data."""
        with mock.patch.object(part_file, 'SYNC_EVERY', 4096):
            part = self.part()
            self.addCleanup(part.close)
            part.write(base.Source(b'x' * 5000), 100000)
        name = os.path.basename(part.publish())
        self.assertEqual(b'x' * 5000, self.content(name))

    def test_a_published_file_has_its_mode(self):
        path = self.written().publish(0o640)
        self.assertEqual(0o640, os.stat(path).st_mode & 0o777)


class WithoutLinksTestCase(PartFileTestCase):
    """A file system that knows no hard links."""

    def setUp(self):
        super().setUp()

        def refuse(source, target):
            os.stat(source)
            raise OSError(errno.EPERM, 'no hard links here')
        self.useFixture(fixtures.MonkeyPatch('os.link', refuse))

    def test_name_holds_the_attempt(self):
        self.assertEqual('img.a1', os.path.basename(self.written().publish()))
