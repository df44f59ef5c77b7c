"""tools/serve.sh: from a clone to a running service by one command."""

import os
import subprocess

import fixtures
from oslotest import base

from tests.fixtures import clients
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs

_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))


class TestServe(base.BaseTestCase):

    def test_printed_commands_work(self):
        work = self.useFixture(fixtures.TempDir()).path
        port = ports.free_port()
        url = 'http://127.0.0.1:%d/' % port
        server = self.useFixture(processes.Process(
            [os.path.join(_ROOT, 'tools', 'serve.sh'), '--port', port,
             '--state-dir', os.path.join(work, 'state')],
            log=os.path.join(work, 'log'), timeout=180,
            ready=lambda: programs.answers(url)))
        self._try(server.output(), work)
        with open(os.path.join(work, 'first.copy')) as copy, open(
                os.path.join(_ROOT, 'README.rst')) as original:
            self.assertEqual(original.read(), copy.read())
        server.stop()
        self.assertEqual(0, server.returncode)

    def _try(self, output, directory):
        """What is printed to try, without the installation of clients."""
        commands = [line for line in output.splitlines()
                    if line.startswith('    ') and 'pip install' not in line]
        self.assertIn('openstack image list', '\n'.join(commands))
        path = os.path.join(clients.directory(), 'bin')
        subprocess.run(
            ['bash', '-e', '-c', '\n'.join(commands)], cwd=directory,
            env=dict(os.environ, PATH='%s:%s' % (path, os.environ['PATH'])),
            check=True, capture_output=True, text=True)
