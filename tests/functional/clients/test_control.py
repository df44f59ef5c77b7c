"""glance-control with a real API, and glance-status beside it."""

import json
import os
import signal
import subprocess
import time

from oslotest import base

from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import workspace


class TestControl(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.port = ports.free_port()
        self.url = 'http://127.0.0.1:%d/' % self.port
        self.config = self.write(self.port)
        self.pid_file = self.work.join('run', 'glance-api.pid')

    def write(self, port):
        return programs.write_config(self.work.join('glance-api.conf'), {
            'DEFAULT': {'bind_host': '127.0.0.1', 'bind_port': port},
            'database': {'connection': 'sqlite:///' + self.work.join('db')}})

    def control(self, *arguments, status=0):
        """:returns: what it prints"""
        done = subprocess.run(
            [programs.executable('glance-control'), '--pid-file',
             self.work.join('run', '$server.pid'), *arguments],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=60)
        self.assertEqual(status, done.returncode, done.stdout)
        return done.stdout

    def start(self, *options):
        self.addCleanup(self.kill)
        self.control(*options, 'api', 'start', self.config)
        self.wait_for(lambda: programs.answers(self.url))

    def kill(self):
        """What a failed test leaves behind."""
        try:
            os.killpg(self.pid(), signal.SIGKILL)
        except (OSError, ValueError):
            pass

    def pid(self):
        with open(self.pid_file) as file:
            return int(file.read())

    def wait_for(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_each_action_does_what_it_says(self):
        self.assertIn('stopped', self.control('api', 'status', status=3))
        self.start()
        pid = self.pid()
        self.assertIn('(pid %d) is running' % pid,
                      self.control('glance-api', 'status'))
        self.assertIn('running already',
                      self.control('api', 'start', self.config))
        self.control('api', 'reload')
        self.assertIn('is running', self.control('api', 'status'))
        self.control('api', 'restart', self.config)
        self.assertNotEqual(pid, self.pid())
        self.wait_for(lambda: programs.answers(self.url))
        self.assertIn('Stopping', self.control('all', 'stop'))
        self.assertFalse(programs.answers(self.url))
        self.assertFalse(os.path.exists(self.pid_file))

    def test_a_killed_program_is_respawned(self):
        self.start('--respawn')
        children = subprocess.run(
            ['ps', '-o', 'pid=', '--ppid', str(self.pid())], text=True,
            capture_output=True).stdout.split()
        os.kill(int(children[0]), signal.SIGKILL)
        self.wait_for(lambda: not programs.answers(self.url))
        self.wait_for(lambda: programs.answers(self.url))
        self.control('api', 'stop')
        self.assertFalse(programs.answers(self.url))

    def test_what_cannot_be_done_fails(self):
        self.control('scrubber', 'reload', status=1)
        self.control('api', 'reload', status=1)
        self.control('--respawn', '--await-child', '1', 'api', 'start',
                     status=1)
        self.control('api', 'nonsense', status=2)
        # Without a bus nobody would call it, and it says so.
        self.assertIn('has ended with 1', self.control(
            '--await-child', '30', 'registry', 'start', self.config,
            status=1))

    def test_stale_file(self):
        """An id that belongs to somebody else is left alone."""
        os.mkdir(self.work.join('run'))
        self.work.write('run/glance-api.pid', str(os.getpid()))
        self.assertIn('stopped', self.control('api', 'stop'))


class TestStatus(base.BaseTestCase):

    def check(self, status, **groups):
        """:returns: {check: its result}"""
        work = self.useFixture(workspace.Workspace())
        default = dict(groups.pop('DEFAULT', {}))
        config = programs.write_config(
            work.join('glance-api.conf'), {'DEFAULT': default, **groups})
        done = subprocess.run(
            [programs.executable('glance-status'), '--config-file', config,
             'upgrade', 'check', '--json'], capture_output=True, text=True)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return {check['check']: check['result']
                for check in json.loads(done.stdout)['checks']}

    def test_a_good_deployment_passes_all_checks(self):
        self.assertEqual({
            'Sheepdog Driver Removal': 0,
            'Policy File JSON to YAML Migration': 0,
            'Config option owner_is_tenant removal': 0,
            'Database': 0, 'Locations of images': 0, 'Message bus': 0},
            self.check(0))

    def test_a_bad_deployment_fails_its_checks(self):
        work = self.useFixture(workspace.Workspace())
        policy = work.write('policy.json', '{}')
        self.assertEqual({
            'Sheepdog Driver Removal': 2,
            'Policy File JSON to YAML Migration': 2,
            'Config option owner_is_tenant removal': 2,
            'Database': 2, 'Locations of images': 1,
            'Message bus': 0}, self.check(
                2, DEFAULT={'enabled_backends': 'a:sheepdog',
                            'owner_is_tenant': False},
                oslo_policy={'policy_file': policy},
                database={'connection': 'sqlite:///' + work.join('db')}))
