"""The name of a test says what holds; a list of failures is read first."""

import collections
import pathlib
import re

from oslotest import base

_TESTS = pathlib.Path(__file__).parents[1]
_ONE_WORD = re.compile(r'^ +def (test_[^_(]+)\(', re.MULTILINE)

# Names of one word that there still are. It only gets less: who renames some
# may put the new number here, and other folders have none.
_MOST = {'advisories': 33, 'contract': 13, 'defects': 1, 'functional': 227,
         'native': 25, 'stores': 16}


def _one_word():
    """:returns: {folder below tests: ['file: name of a test']}"""
    found = collections.defaultdict(list)
    for path in sorted(_TESTS.glob('*/**/*.py')):
        inside = path.relative_to(_TESTS)
        found[inside.parts[0]] += [
            '%s: %s' % (inside, name)
            for name in _ONE_WORD.findall(path.read_text(encoding='utf-8'))]
    return found


class TestNames(base.BaseTestCase):

    def test_no_new_name_has_one_word(self):
        self.assertEqual({}, {
            folder: names for folder, names in _one_word().items()
            if len(names) > _MOST.get(folder, 0)})

    def test_what_has_one_word_is_seen(self):
        text = ''.join('    def %s(self):\n' % name for name in (
            'test_all', 'test_all_tags', 'setUp', 'testimony', 'test_404'))
        self.assertEqual(['test_all', 'test_404'], _ONE_WORD.findall(text))
