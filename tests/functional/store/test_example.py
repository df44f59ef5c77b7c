"""The example of a store driver, installed as a package of somebody else."""

import os
import subprocess
import sys

import fixtures
from oslotest import base

import tests
from tests.fixtures import programs

ROOT = os.path.dirname(os.path.dirname(tests.__file__))


class ExampleTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        installed = os.path.join(self.folder, 'installed')
        # The tree of the example stays as it is: pip builds beside it.
        copy = os.path.join(self.folder, 'sqlite_store')
        os.mkdir(copy)
        for name in ('pyproject.toml', 'sqlite_store.py'):
            with open(os.path.join(ROOT, 'doc/examples/sqlite_store',
                                   name)) as source:
                with open(os.path.join(copy, name), 'w') as target:
                    target.write(source.read())
        self.run_python('-m', 'pip', 'install', '--quiet', '--no-deps',
                        '--no-build-isolation', '--no-index', '--target',
                        installed, copy)
        self.useFixture(fixtures.EnvironmentVariable(
            'PYTHONPATH', os.pathsep.join([ROOT, installed])))
        self.path = os.path.join(self.folder, 'images')

    def run_python(self, *args):
        done = subprocess.run(
            [sys.executable, '-W', 'ignore', *args], cwd=ROOT, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(0, done.returncode, done.stdout)
        return done.stdout

    def test_it_passes_the_suite_from_outside_the_tree(self):
        output = self.run_python('-m', 'tests.functional.store', 'sqlite',
                                 'sqlite_store_path=' + self.path)
        self.assertRegex(output, r'Ran [0-9]{2} tests(.|\n)*OK')

    def test_the_service_has_it_by_its_entry_point(self):
        config = programs.write_config(
            os.path.join(self.folder, 'glance.conf'), {
                'DEFAULT': {'enabled_backends': 'small:sqlite'},
                'glance_store': {'default_backend': 'small'},
                'small': {'sqlite_store_path': self.path}})
        output = self.run_python('-m', 'glance.cmd.manage', '--config-file',
                                 config, 'stores', 'check')
        self.assertIn('small (sqlite)', output)
        self.assertIn('delete', output)
