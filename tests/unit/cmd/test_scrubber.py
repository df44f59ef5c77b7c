"""What glance-scrubber makes of its arguments."""

import os
import subprocess
import sys

from oslotest import base


class TestArguments(base.BaseTestCase):

    def run_(self, *arguments):
        return subprocess.run(
            [sys.executable, '-m', 'glance.cmd.scrubber', *arguments],
            env=dict(os.environ, PYTHONPATH=os.getcwd()), text=True,
            capture_output=True)

    def test_restore_goes_alone(self):
        for option in ('-D', '--dry-run', '--leftovers'):
            done = self.run_('--restore', 'some-image', option)
            self.assertEqual(1, done.returncode, option)
            self.assertIn('goes with no other option', done.stderr)
            break
