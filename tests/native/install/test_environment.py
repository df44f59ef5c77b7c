"""tools/python.sh: an environment is whole, or it is not there."""

import os
import shutil
import subprocess

import fixtures
from oslotest import base

from tests.native.install import test_serve

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
NOBODY = 65534
# As Debian has it without the package python3-venv.
NO_ENSUREPIP = 'raise ImportError("not installed")\n'
# How the tools call it: bash then ignores `set -e` in the function.
SCRIPT = 'set -e; . ./python.sh; %s || exit 3'


class TestMakeVenv(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(fixtures.TempDir()).path
        for name in ('tools/python.sh', 'setup.cfg', 'requirements.txt'):
            shutil.copy(os.path.join(_ROOT, name), self.work)
        self.made = os.path.join(self.work, 'made')

    def make(self, packages, user=None, **environment):
        """:returns: (exit status, standard error)"""
        return self.run_script('make_venv made ' + packages, user,
                               **environment)

    def run_script(self, call, user=None, **environment):
        done = subprocess.run(
            ['bash', '-c', SCRIPT % call], cwd=self.work, user=user,
            group=user, extra_groups=None if user is None else [],
            env=dict(test_serve.bare_environment(self.work), **environment),
            capture_output=True, text=True)
        return done.returncode, done.stderr

    def test_failed_install_leaves_nothing(self):
        status, told = self.make('./not-there')
        self.assertEqual(3, status)
        self.assertIn('made was not made', told)
        self.assertFalse(os.path.exists(self.made))
        self.assertEqual(3, self.make('./not-there')[0])

    def test_which_python(self):
        old = self.program('python', '[ "$1" = -V ] && echo Python 3.9.2')
        status, told = self.make('pbr', PYTHON=old)
        self.assertEqual(3, status)
        self.assertIn('Python 3.11 or newer is needed', told)
        self.assertIn('is Python 3.9.2.', told)

    def test_failed_packages(self):
        self.program('apt-get', 'exit 100')
        status, told = self.run_script(
            'install_packages one two', PATH=self.work + ':/usr/bin:/bin')
        self.assertEqual(3, status)
        self.assertIn('Not installed: one two', told)

    def test_the_version_of_an_archive_is_that_of_setup_cfg(self):
        """What builds us reads it from the history, which is not there."""
        os.makedirs(os.path.join(self.work, 'made', 'bin'))
        self.program('made/bin/python', 'echo "version $PBR_VERSION" >&2')
        self.assertEqual((0, 'version 1.0.0\n'),
                         self.run_script('pip_install made .'))
        os.mkdir(os.path.join(self.work, '.git'))
        self.assertEqual((0, 'version \n'),
                         self.run_script('pip_install made .'))

    def program(self, name, text):
        """:returns: the path of a shell script"""
        path = os.path.join(self.work, name)
        with open(path, 'w') as script:
            script.write('#!/bin/sh\n%s\n' % text)
        os.chmod(path, 0o755)
        return path

    def test_neither_root_nor_ensurepip(self):
        if not shutil.which('apt-get'):
            self.skipTest('takes pip from the archive of Debian')
        with open(os.path.join(self.work, 'ensurepip.py'), 'w') as module:
            module.write(NO_ENSUREPIP)
        user = NOBODY if os.geteuid() == 0 else None
        if user:
            os.chmod(os.path.dirname(self.work), 0o711)
            os.chown(self.work, user, user)
        self.assertEqual((0, 'Preparing made\n'), self.make(
            'pbr', user, PYTHONPATH=self.work))
        subprocess.run([os.path.join(self.made, 'bin', 'pbr'), '--version'],
                       check=True, capture_output=True)
