"""tools/serve.sh: from a clone to a running service by one command."""

import os
import subprocess
import sys
import time

import fixtures
from oslotest import base

from tests.fixtures import clients
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
# That long nothing takes, on however busy a machine or slow a network: it
# installs packages.
SECONDS = 900


def bare_environment(home):
    """What a new user of this host has, and how to reach packages."""
    network = {name: value for name, value in os.environ.items()
               if name.startswith('PIP_') or name.lower().endswith('_proxy')}
    return dict(network, HOME=home, PATH='%s/bin:/usr/bin:/bin'
                % sys.base_prefix)


class TestServe(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(fixtures.TempDir()).path
        self.home = self.useFixture(fixtures.TempDir()).path

    def test_printed_commands_work(self):
        begun = time.monotonic()
        clone = os.path.join(self.work, 'clone')
        subprocess.run(['git', 'clone', '--quiet', _ROOT, clone], check=True)
        with open(os.path.join(self.work, 'named.conf'), 'w') as config:
            config.write('[glance_store]\n'
                         'filesystem_store_datadir = %s/named\n' % self.work)
        server = self.serve(clone, '--state-dir', 'state', '--config-file',
                            'named.conf')
        seconds = time.monotonic() - begun
        print('From clone to the first answer: %d s' % seconds)
        self.try_out(server.output())
        self.check_files(clone)
        server.stop()
        self.assertEqual(0, server.returncode)

    def serve(self, clone, *arguments):
        port = ports.free_port()
        url = 'http://127.0.0.1:%d/' % port
        command = ['env', '-i'] + [
            '%s=%s' % pair for pair in bare_environment(self.home).items()]
        return self.useFixture(processes.Process(
            command + [os.path.join(clone, 'tools', 'serve.sh'), '--port',
                       port, *arguments], cwd=self.work, timeout=SECONDS,
            log=os.path.join(self.work, 'log'),
            ready=lambda: programs.answers(url)))

    def try_out(self, output):
        """What is printed to try, without the installation of clients."""
        commands = [line for line in output.splitlines()
                    if line.startswith('    ') and 'pip install' not in line]
        self.assertIn('openstack image list', '\n'.join(commands))
        path = os.path.join(clients.directory(), 'bin')
        subprocess.run(
            ['bash', '-e', '-c', '\n'.join(commands)], cwd=self.work,
            env=dict(os.environ, PATH='%s:%s' % (path, os.environ['PATH'])),
            check=True, capture_output=True, text=True)

    def check_files(self, clone):
        """All is where the caller's folder says, and the image is right."""
        with open(os.path.join(self.work, 'first.copy')) as copy, open(
                os.path.join(clone, 'README.rst')) as original:
            self.assertEqual(original.read(), copy.read())
        self.assertEqual(1, len(os.listdir(os.path.join(self.work, 'named'))))
        state = os.path.join(self.work, 'state')
        self.assertIn('glance.sqlite', os.listdir(state))
        self.assertEqual(0o700, os.stat(state).st_mode & 0o777)

    def test_neither_home_nor_state(self):
        environment = bare_environment(self.home)
        del environment['HOME']
        done = subprocess.run(
            [os.path.join(_ROOT, 'tools', 'serve.sh')], env=environment,
            capture_output=True, text=True, timeout=SECONDS)
        self.assertNotEqual(0, done.returncode)
        self.assertIn('use --state-dir D', done.stderr)
