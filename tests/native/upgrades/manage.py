"""The real glance-manage, as a process of its own."""

import os
import subprocess
import sys

import fixtures


class Manage(fixtures.Fixture):
    """Runs `glance-manage` on one database."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def _setUp(self):
        folder = self.useFixture(fixtures.TempDir()).path
        self._config = os.path.join(folder, 'glance-api.conf')
        with open(self._config, 'w') as file:
            file.write('[database]\nconnection = %s\n' % self.url)

    def start(self, *arguments, **kwargs):
        """A running process, output in pipes."""
        return subprocess.Popen(
            [sys.executable, '-m', 'glance.cmd.manage', '--config-file',
             self._config, *arguments], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **kwargs)

    def run(self, *arguments):
        """(exit status, standard output, standard error)"""
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=300)
        return process.returncode, output, errors
