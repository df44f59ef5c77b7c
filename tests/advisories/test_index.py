"""The index and the modules agree."""

import importlib
import pathlib
import unittest

from oslotest import base
import yaml

FOLDER = pathlib.Path(__file__).parent
KINDS = {'test', 'waits_for', 'not_applicable'}


class TestIndex(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.index = yaml.safe_load((FOLDER / 'index.yaml').read_text())

    def test_each_entry_says_what_it_is_and_one_thing_more(self):
        for name, entry in self.index.items():
            self.assertEqual(1, len(KINDS & set(entry)), name)
            self.assertEqual(set(), set(entry) - KINDS - {'about'}, name)
            self.assertTrue(all(entry.values()), name)

    def test_each_module_is_named(self):
        named = {entry['test'] for entry in self.index.values()
                 if 'test' in entry}
        there = {path.stem for path in FOLDER.glob('test_*.py')}
        self.assertEqual(there - {'test_index'}, named)

    def test_each_module_has_tests(self):
        for entry in self.index.values():
            if 'test' not in entry:
                continue
            module = importlib.import_module(
                'tests.advisories.' + entry['test'])
            found = unittest.defaultTestLoader.loadTestsFromModule(module)
            self.assertGreater(found.countTestCases(), 0, entry)
            self.assertTrue(module.__doc__, entry)

    def test_all_are_there(self):
        # So that none goes by accident.
        self.assertEqual(77, len(self.index))
