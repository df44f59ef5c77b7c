"""Which tests have to notice a mutant."""

import pathlib
import types

import fixtures
from oslotest import base

from tests.mutants import covering
from tests.mutants import trial


class TestChosen(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.tests = covering.Tests.__new__(covering.Tests)
        self.tests._tests = {name: ['module', seconds] for name, seconds in (
            ('slow', 5), ('quick', 1), ('near', 2), ('far', 3))}
        self.tests._by_line = {'file': {
            1: [''], 2: ['', 'slow'], 3: ['slow'], 4: ['slow', 'quick'],
            5: ['near']}}

    def check(self, lines, *expected):
        found, _seconds = self.tests.chosen(types.SimpleNamespace(
            path='file', lines=lines))
        self.assertEqual([('module', name) for name in expected], found)

    def test_those_that_run_the_lines(self):
        self.check([4], 'quick', 'slow')
        self.check([3, 4], 'quick', 'slow')

    def test_what_runs_once_has_its_effect_in_all(self):
        self.check([1], 'quick', 'near', 'slow', 'far')
        self.check([2], 'slow', 'quick', 'near', 'far')
        self.check([3], 'slow', 'quick', 'near', 'far')

    def test_lines_that_no_test_runs(self):
        self.check([6])

    def test_how_long_they_take(self):
        self.assertEqual(6, self.tests.chosen(types.SimpleNamespace(
            path='file', lines=[4]))[1])


class TestUnchanged(base.BaseTestCase):

    def run_apart(self, end):
        """In this process, and with another end."""
        self.useFixture(fixtures.MonkeyPatch(
            'tests.mutants.trial.run_apart',
            lambda folder, function, seconds: (function(), end)[1]))

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def test_all_pass(self):
        self.run_apart(trial.SURVIVED)
        self.assertEqual({'a': 1}, covering._unchanged(
            self.folder, lambda: ({'a': 1}, [])))

    def test_those_that_fail_are_named(self):
        self.run_apart(trial.FAILED)
        error = self.assertRaises(SystemExit, covering._unchanged,
                                  self.folder, lambda: (None, ['a.b', 'c.d']))
        self.assertIn('no mutant counts (failed):\na.b\nc.d', str(error))
