"""JSON texts as rows hold them, whole or not."""

import itertools

import fixtures
from oslotest import base

from glance.db import stored

BROKEN = ('', '{', '{"a": ', 'x', '[' * 100000)


class TestStored(base.BaseTestCase):

    numbers = itertools.count(1000)

    def setUp(self):
        super().setUp()
        self.log = self.useFixture(fixtures.FakeLogger())

    def loaded(self, text, kind):
        return stored.loaded(text, kind, 'x of a row', next(self.numbers))

    def test_what_is_right(self):
        for text, kind, value in (
                ('{"a": 1}', dict, {'a': 1}), ('[1]', list, [1]),
                ('{}', dict, {}), (None, dict, {}), (None, list, []),
                # Former releases have written this for nothing.
                ('null', dict, {}), ('null', list, [])):
            self.assertEqual(value, self.loaded(text, kind))
        self.assertEqual('', self.log.output)

    def test_what_is_not(self):
        for text, kind in (('[1]', dict), ('{"a": 1}', list), ('3', dict),
                           *((text, dict) for text in BROKEN)):
            self.assertEqual(kind(), self.loaded(text, kind))
            self.assertIn('The x of a row of row', self.log.output)

    def test_each_row_is_told_of_once(self):
        number = next(self.numbers)
        for _time in range(3):
            stored.loaded('{', dict, 'x', number)
        self.assertEqual(1, self.log.output.count('row %d ' % number))

    def test_of_any_type(self):
        for text, value in (('{"a": 1}', {'a': 1}), ('[1]', [1]), ('3', 3),
                            ('"a"', 'a'), ('null', None), ('', None),
                            (None, None)):
            self.assertEqual(value, stored.any_loaded(
                text, 'x', next(self.numbers)))
        self.assertEqual('', self.log.output)
        for text in BROKEN[1:]:
            self.assertIsNone(stored.any_loaded(text, 'any', 7))
        self.assertIn('The any of row 7 is not valid', self.log.output)
