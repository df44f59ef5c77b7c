"""The index names tests that are there."""

import pathlib
import unittest

from oslotest import base
import yaml

FOLDER = pathlib.Path(__file__).parent


class TestIndex(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.index = yaml.safe_load((FOLDER / 'index.yaml').read_text())

    def test_all_are_there(self):
        self.assertEqual(set(range(1, 26)), set(self.index))
        for number, entry in self.index.items():
            self.assertTrue(entry['about'], number)
            self.assertTrue(entry['tests'], number)
            self.assertEqual({'about', 'tests'}, set(entry))

    def test_names_are_names_of_tests(self):
        loader = unittest.defaultTestLoader
        for number, entry in self.index.items():
            for name in entry['tests']:
                full = name if name.startswith('tests.') else (
                    'tests.defects.' + name)
                found = loader.loadTestsFromName(full)
                self.assertGreater(found.countTestCases(), 0, number)
                self.assertEqual([], loader.errors, full)

    def test_each_module_is_named(self):
        named = {name.partition('.')[0] for entry in self.index.values()
                 for name in entry['tests']}
        there = {path.stem for path in FOLDER.glob('test_*.py')}
        self.assertEqual(set(), there - named - {'test_index'})
