"""How images are cut into segments of Swift."""

from oslotest import base

from glance.store.drivers.swift import swift_parts

MIB = 1 << 20
GIB = 1 << 30
# A configured segment, and segments of a manifest.
LARGE, MOST = 200 * MIB, 1000


class LengthsTest(base.BaseTestCase):

    def cut(self, size, configured=LARGE):
        return swift_parts.lengths(configured, size, MOST)

    def test_no_larger_than_needed(self):
        self.assertEqual((16 * MIB, 16 * MIB, 4), self.cut(GIB))
        self.assertEqual((5 * MIB, 5 * MIB, 4), self.cut(GIB, 5 * MIB))

    def test_a_manifest_holds_all_segments(self):
        for size in (16 * GIB, 50 * GIB, 190 * GIB):
            self.assertGreaterEqual(self.cut(size).first * MOST, size)

    def test_memory_is_bounded(self):
        for size in (None, 1, GIB, 50 * GIB, 190 * GIB, 9000 * GIB):
            cut = self.cut(size)
            self.assertLessEqual(cut.largest, LARGE)
            self.assertLessEqual(cut.largest * (cut.places + 1), 400 * MIB)

    def test_of_unknown_size_they_grow(self):
        self.assertEqual((16 * MIB, 64 * MIB, 4), self.cut(None))
        self.assertEqual((5 * MIB, 5 * MIB, 4), self.cut(None, 5 * MIB))


class PartTest(base.BaseTestCase):

    def test_it_is_sent_again_as_a_whole(self):
        part = swift_parts._Part(bytearray(b'data'))
        for _number in range(2):
            self.assertEqual((b'data', b''), (part.read(3), part.read(3)))
            part.seek(part.tell())
