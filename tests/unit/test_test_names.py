"""The name of a test says what holds; a list of failures is read first."""

import pathlib
import re

from oslotest import base

_TESTS = pathlib.Path(__file__).parents[1]
_ONE_WORD = re.compile(r'^ +def (test_[^_(]+)\(', re.MULTILINE)


def _one_word():
    """:returns: ['file: name of a test']"""
    return ['%s: %s' % (path.relative_to(_TESTS), name)
            for path in sorted(_TESTS.glob('*/**/*.py'))
            for name in _ONE_WORD.findall(path.read_text(encoding='utf-8'))]


class TestNames(base.BaseTestCase):

    def test_no_name_has_one_word(self):
        self.assertEqual([], _one_word())

    def test_what_has_one_word_is_seen(self):
        text = ''.join('    def %s(self):\n' % name for name in (
            'test_all', 'test_all_tags', 'setUp', 'testimony', 'test_404'))
        self.assertEqual(['test_all', 'test_404'], _ONE_WORD.findall(text))
