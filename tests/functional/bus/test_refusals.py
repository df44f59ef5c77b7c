"""Programs that cannot run as they are told say so in one sentence."""

import socket
import subprocess

from oslotest import base

from tests.fixtures import programs
from tests.fixtures.servers import workspace


class RefusalTestCase(base.BaseTestCase):

    def run_program(self, name, *arguments):
        return subprocess.run([programs.executable(name), *arguments],
                              capture_output=True, text=True, timeout=60)

    def assertRefused(self, result, *words):
        self.assertEqual(1, result.returncode, result.stderr)
        self.assertNotIn('Traceback', result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def config(self, **options):
        work = self.useFixture(workspace.Workspace())
        return programs.write_config(work.join('x.conf'),
                                     {'DEFAULT': options})

    def test_services_of_their_own_need_a_bus(self):
        config = self.config(transport_url='local://')
        for service in 'registry', 'conductor':
            self.assertRefused(
                self.run_program('glance-' + service, '--config-file',
                                 config), 'local://', service)

    def test_open_service_is_for_this_host_only(self):
        work = self.useFixture(workspace.Workspace())
        self.assertRefused(
            self.run_program('glance-standalone', '--state-dir',
                             work.join('state'), '--host', '0.0.0.0'),
            '0.0.0.0', 'authentication')

    def test_port_in_use(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            port = taken.getsockname()[1]
            self.assertRefused(
                self.run_program('glance-api', '--config-file', self.config(
                    bind_host='127.0.0.1', bind_port=port)),
                str(port), 'in use')
