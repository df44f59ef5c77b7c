"""OSSN-0048: an assert decided, and was gone under `python -O`.

Unit tests and functional tests also run under `python -O`; here is why they
can.
"""

import ast
import pathlib

from oslotest import base

import glance


class TestNoAssert(base.BaseTestCase):

    def test_nothing_rests_on_an_assert(self):
        found, files = [], 0
        for path in pathlib.Path(glance.__file__).parent.rglob('*.py'):
            files += 1
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Assert) or (
                        isinstance(node, ast.Name)
                        and node.id == '__debug__'):
                    found.append('%s:%d' % (path, node.lineno))
        self.assertEqual([], found)
        self.assertGreater(files, 100)
