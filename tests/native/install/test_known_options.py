"""All programs share their files: none takes another's options for typos."""

import pathlib
import socket
import subprocess

import fixtures
from oslotest import base

from tests.contract import options
from tests.fixtures import programs

# Program, the arguments that it needs. All of them end soon: the port is
# taken, the database is not there, or there is nothing to do.
_PROGRAMS = (('glance-api',), ('glance-registry',), ('glance-conductor',),
             ('glance-standalone', '--state-dir', '{folder}/state'),
             ('glance-manage', 'db', 'version'),
             ('glance-status', 'upgrade', 'check'),
             ('glance-scrubber', '--dry-run'), ('glance-cache-cleaner',),
             ('glance-cache-pruner',), ('glance-cache-prefetcher',))


class TestKnownOptions(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        # No file of the machine is found.
        self.useFixture(fixtures.EnvironmentVariable('HOME', self.folder))
        taken = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(taken.close)
        self.path = pathlib.Path(self.folder, 'glance.conf')
        self.count = options.write_all(self.path)
        self.own = programs.write_config(
            pathlib.Path(self.folder, 'own.conf'), {'DEFAULT': {
                'bind_host': '127.0.0.1', 'bind_port': taken.getsockname()[1],
                'transport_url': 'local://', 'image_cache_dir': ''}})

    def told(self, name, *arguments):
        """:returns: the lines about single options of the file"""
        done = subprocess.run(
            [programs.executable(name), '--config-file', self.path,
             '--config-file', self.own,
             *(one.format(folder=self.folder) for one in arguments)],
            text=True, capture_output=True, timeout=300,
            stdin=subprocess.DEVNULL)
        output = done.stdout + done.stderr
        lines = [line for line in output.splitlines()
                 if str(self.path) in line]
        # They have been looked at.
        self.assertIn('has no effect', ' '.join(lines), output)
        return lines

    def test_every_program(self):
        self.assertLess(150, self.count)
        for program in _PROGRAMS:
            unknown = [line for line in self.told(*program)
                       if 'unknown' in line]
            self.assertEqual([], unknown, program[0])

    def test_a_typo(self):
        with self.path.open('a') as file:
            file.write('[work]\nleese = 1\n')
        self.assertIn('is lease meant?', ' '.join(
            self.told('glance-status', 'upgrade', 'check')))
