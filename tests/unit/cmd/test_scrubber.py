"""What glance-scrubber makes of its arguments."""

import os
import subprocess
import sys

from oslotest import base


class TestArguments(base.BaseTestCase):

    def test_restore_goes_alone(self):
        done = subprocess.run(
            [sys.executable, '-m', 'glance.cmd.scrubber', '--restore',
             'some-image', '-D'],
            env=dict(os.environ, PYTHONPATH=os.getcwd()), text=True,
            capture_output=True)
        self.assertEqual(1, done.returncode)
        self.assertIn('goes with no other option', done.stderr)
