"""The index and the modules agree."""

import ast
import pathlib
import unittest

from oslotest import base
import yaml

FOLDER = pathlib.Path(__file__).parent
KINDS = {'test', 'not_applicable'}
# They need libraries that other environments lack.
STORES = 'tests.stores.'


def _is_written(name):
    """Whether there is a test of this name, which cannot be loaded here."""
    module, case, method = name.removeprefix(STORES).split('.')
    source = (FOLDER.parent / 'stores' / (module + '.py')).read_text()
    return any(isinstance(found, ast.FunctionDef) and found.name == method
               for node in ast.parse(source).body
               if isinstance(node, ast.ClassDef) and node.name == case
               for found in node.body)


class TestIndex(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.index = yaml.safe_load((FOLDER / 'index.yaml').read_text())

    def test_each_entry_says_what_it_is_and_one_thing_more(self):
        for name, entry in self.index.items():
            self.assertEqual(1, len(KINDS & set(entry)), name)
            self.assertEqual(set(), set(entry) - KINDS - {'about'}, name)
            self.assertTrue(all(entry.values()), name)

    def names(self):
        """Names of tests, of which most are modules here."""
        for entry in self.index.values():
            found = entry.get('test', [])
            yield from [found] if isinstance(found, str) else found

    def test_each_module_is_named(self):
        there = {path.stem for path in FOLDER.glob('test_*.py')}
        self.assertEqual(set(), there - {'test_index'} - set(self.names()))

    def test_names_are_names_of_tests(self):
        loader = unittest.defaultTestLoader
        for name in self.names():
            if name.startswith(STORES):
                self.assertTrue(_is_written(name), name)
                continue
            full = name if name.startswith('tests.') else (
                'tests.advisories.' + name)
            found = loader.loadTestsFromName(full)
            self.assertGreater(found.countTestCases(), 0, name)
            self.assertEqual([], loader.errors, name)

    def test_all_are_there(self):
        # So that none goes by accident.
        self.assertEqual(77, len(self.index))
