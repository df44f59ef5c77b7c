"""What mutants change is told from what nobody tests word by word."""

import ast

from oslotest import base

from tests.mutants import left_out

MODULE = '''
"""What it is for."""
LOG = logging.getLogger(__name__)
NAME = 'GET /v2/images'
OPTION = opt('limit', 5, help='How many.')
RULE = rule('get', 'Show an image.')
SIZE = typing.cast(int, found)


def get(x):
    """Get it."""
    LOG.warning('slow %s', x + 1)
    if x > 1:
        raise Error('too %s' % x, after=2)
'''


class TestIsLeftOut(base.BaseTestCase):

    def check(self, expected, old, new):
        self.assertIn(old, MODULE)
        changed = MODULE.replace(old, new)
        ast.parse(changed)
        self.assertEqual(expected, left_out.is_left_out(MODULE, changed))

    def test_words_for_people_are_left_out(self):
        for old, new in (
                ('What it is for.', 'XX'), ('Get it.', ''),
                ('getLogger(__name__)', 'getLogger(None)'),
                ('cast(int, found)', 'cast(None, found)'),
                ('slow', 'XXslowXX'), ('x + 1', 'x - 1'), ("'slow %s', ", ''),
                ("'How many.'", 'None'), ("'Show an image.'", 'None'),
                ('Show an image.', 'SHOW AN IMAGE.'),
                ('Show an image.', 'show an image.'),
                ('Show an image.', 'XXShow an image.XX'),
                ('too %s', 'TOO %S'), ("'too %s' % x", 'None'),
                ("too %s' % x", "too %s' / x")):
            self.check(True, old, new)

    def test_what_decides_is_not_left_out(self):
        for old, new in (
                ('GET /v2/images', 'get /v2/images'), ('5', '6'),
                ("'get'", "'GET'"), ('x > 1', 'x >= 1'),
                ('after=2', 'after=3'), ('limit', 'LIMIT'),
                ('Error', 'Other')):
            self.check(False, old, new)
