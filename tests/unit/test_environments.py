"""What tox and DevStack are told fits what they do."""

import configparser
import pathlib
import re

from oslotest import base

_ROOT = pathlib.Path(__file__).parents[2]


def _read(name):
    parser = configparser.RawConfigParser()
    parser.read(_ROOT / name)
    return parser


class TestTox(base.BaseTestCase):

    def test_each_python_that_is_supported_has_an_environment(self):
        tox = _read('tox.ini')
        # Else tox refuses pyNNN where python3 is another one.
        self.assertEqual('true', tox['tox']['ignore_base_python_conflict'])
        versions = re.findall(r'Python :: 3\.(\d+)',
                              _read('setup.cfg')['metadata']['classifier'])
        self.assertIn('11', versions)
        for version in versions:
            self.assertIn('py3' + version, tox['testenv']['description'])

    def test_what_has_no_name_of_its_own_runs_the_unit_tests(self):
        lines = _read('tox.ini')['testenv']['setenv'].split('\n')
        paths = [line for line in lines if 'TEST_PATH =' in line]
        self.assertEqual('TEST_PATH = ./tests/unit', paths[0])


class TestStestr(base.BaseTestCase):

    def test_what_a_class_starts_is_started_once(self):
        """Each worker that has tests of a class starts it."""
        together = _read('.stestr.conf')['DEFAULT']['group_regex']
        folders = {path.parent.relative_to(_ROOT)
                   for path in (_ROOT / 'tests').glob('**/*.py')
                   if '\n    def setUpClass(' in path.read_text()}
        self.assertLessEqual(3, len(folders))
        self.assertEqual([], [str(folder) for folder in folders
                              if not re.match(together, '.'.join(
                                  (*folder.parts, 'test_a', 'TestB')))])


class TestDevstack(base.BaseTestCase):

    def test_the_branch_is_told(self):
        # DevStack takes `master` otherwise.
        told = [line for path in (*_ROOT.glob('*.rst'),
                                  *_ROOT.glob('devstack/*'),
                                  *_ROOT.glob('doc/source/**/*.rst'))
                for line in re.findall(r'enable_plugin glance[^`\n]*',
                                       path.read_text())]
        self.assertLessEqual(2, len(told))
        for line in told:
            self.assertRegex(line, r'glance (<.*>|\S+) main$')
