"""Which tests are run, and which of them are said to have failed."""

import types
import unittest

import fixtures
from oslotest import base
import testscenarios

from tests.mutants import trial


def _cases():
    """Classes that the loader of this module's tests does not see."""
    class Scenarios(testscenarios.WithScenarios, unittest.TestCase):
        scenarios = [('one', {'number': 1}), ('two', {'number': 2})]

        def test_the_number_is_one(self):
            self.assertEqual(1, self.number)

    class Plain(unittest.TestCase):

        def test_nothing_goes_wrong(self):
            pass

    return Scenarios, Plain


class TestNotPassed(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.loaded = unittest.TestSuite(
            unittest.TestLoader().loadTestsFromTestCase(case)
            for case in _cases())
        self.one, self.two, self.plain = [
            test.id() for test in trial.each(self.loaded)]
        module = types.SimpleNamespace(
            load_tests=lambda *_: self.loaded, __name__='x')
        self.useFixture(fixtures.MonkeyPatch(
            'tests.mutants.trial.importlib.import_module',
            lambda _name: module))

    def not_passed(self, *names):
        return trial.not_passed([('x', name) for name in names])

    def test_each_scenario_is_a_test(self):
        self.assertEqual([], self.not_passed(self.one, self.plain))
        self.assertEqual([self.two],
                         self.not_passed(self.one, self.plain, self.two))

    def test_what_is_not_there_has_not_passed(self):
        self.assertEqual(['x.gone'], self.not_passed(self.plain, 'x.gone'))

    def test_all_pass(self):
        self.assertTrue(trial._all_pass([('x', self.one), ('x', self.plain)]))
        self.assertFalse(trial._all_pass([('x', self.two), ('x', self.plain)]))
