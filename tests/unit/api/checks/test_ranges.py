"""Tests of ranges."""

from oslotest import base

from glance.api.checks import ranges
from glance.common import exceptions


class TestRanges(base.BaseTestCase):

    def check(self, expected, text, header='Range', size=10):
        self.assertEqual(expected, ranges.parse({header: text}, size))

    def refuse(self, text, header='Range', size=10):
        error = self.assertRaises(exceptions.RangeNotSatisfiable,
                                  ranges.parse, {header: text}, size)
        self.assertEqual(size, error.size)

    def test_without_a_range_all_is_meant(self):
        self.assertIsNone(ranges.parse({}, 10))

    def test_a_range_ends_with_the_data(self):
        self.check((0, 1), 'bytes=0-0')
        self.check((3, 7), 'bytes=3-')
        self.check((3, 7), 'bytes=3-99')
        self.check((7, 3), 'bytes=-3')
        self.check((0, 10), 'bytes=-99')

    def test_content_range(self):
        self.check((2, 3), 'bytes 2-4/10', 'Content-Range')
        self.check((2, 3), 'bytes 2-4/*', 'Content-Range')
        self.refuse('bytes=2-4', 'Content-Range')

    def test_range_comes_first(self):
        self.assertEqual((1, 1), ranges.parse(
            {'Range': 'bytes=1-1', 'Content-Range': 'bytes 2-4/10'}, 10))

    def test_bad_and_empty_ranges_are_refused(self):
        for text in ('bytes=--5', 'bytes=5', 'bytes=', 'bytes=-', 'bytes=a-b',
                     '0-4', 'lines=0-4', 'bytes=4-2', 'bytes=10-', 'bytes=-0',
                     'bytes=10-12', 'bytes=%s-' % ('9' * 30), 'bytes=+1-2',
                     'bytes=\u0661-\u0662', ''):
            self.refuse(text)
        self.refuse('bytes=0-', size=0)
        self.refuse('bytes=-1', size=0)

    def test_several_ranges_at_once_are_refused(self):
        self.assertRaises(exceptions.BadRequest, ranges.parse,
                          {'Range': 'bytes=0-1,3-4'}, 10)
