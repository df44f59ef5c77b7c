"""Each program says in one line why it cannot start, and its status tells."""

import os
import subprocess

import fixtures
from oslotest import base

from tests.fixtures import programs

# Program, the arguments that it needs, its status when it cannot.
_PROGRAMS = (('glance-api', (), 1), ('glance-registry', (), 1),
             ('glance-conductor', (), 1), ('glance-standalone', (), 1),
             ('glance-manage', ('db', 'check'), 1),
             ('glance-status', ('upgrade', 'check'), 255),
             ('glance-scrubber', (), 1), ('glance-cache-pruner', (), 1))
_IMAGE = '71c675ab-d94f-49cd-a114-e12490b328d9'


class TestStartErrors(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        # No file of the machine is found.
        self.useFixture(fixtures.EnvironmentVariable('HOME', self.folder))

    def write(self, text):
        path = os.path.join(self.folder, 'a.conf')
        with open(path, 'w') as file:
            file.write(text)
        return path

    def refused(self, name, *arguments, status=1):
        """:returns: the line in which it says why"""
        done = subprocess.run(
            [programs.executable(name), *arguments], text=True,
            capture_output=True, timeout=300, stdin=subprocess.DEVNULL)
        output = done.stdout + done.stderr
        self.assertEqual(status, done.returncode, output)
        self.assertNotIn('Traceback', output)
        line = output.strip().split('\n')[-1]
        self.assertIn(name + ': ', line, output)
        return line

    def each_refused(self, path, *words):
        for name, arguments, status in _PROGRAMS:
            line = self.refused(name, '--config-file', path, *arguments,
                                status=status)
            for word in words:
                self.assertIn(word, line)

    def test_a_file_that_is_missing(self):
        path = os.path.join(self.folder, 'none.conf')
        self.each_refused(path, path)

    def test_a_value_that_cannot_be_used(self):
        path = self.write('[work]\nlease = 0.5x\n')
        self.each_refused(path, '[work] lease', path)

    def test_no_file_of_options(self):
        self.each_refused(self.write('what?\n'), 'what?')

    def test_a_log_that_cannot_be_written(self):
        path = self.write('[DEFAULT]\nlog_file = /proc/none/a.log\n')
        self.each_refused(path, '/proc/none')

    def test_no_database(self):
        path = self.write('')
        for name, *arguments in (('glance-scrubber',),
                                 ('glance-scrubber', '--restore', _IMAGE),
                                 ('glance-manage', 'db', 'sync')):
            self.assertIn('[database] connection is not set', self.refused(
                name, '--config-file', path, *arguments))

    def test_standalone_refuses_arguments_it_cannot_use(self):
        self.write('')
        for argument, value in (
                ('--port', '99999'), ('--port', 'http'),
                ('--state-dir', '/proc/none'), ('--host', 'none.invalid'),
                ('--state-dir', os.path.join(self.folder, 'a.conf', 'x'))):
            self.refused('glance-standalone', argument, value,
                         status=2 if argument == '--port' else 1)
