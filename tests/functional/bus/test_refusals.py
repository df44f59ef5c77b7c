"""Programs that cannot run as they are told say so in one sentence."""

import os
import socket
import subprocess
from urllib import parse
import uuid

from oslotest import base

from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
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


class TestBroker(base.BaseTestCase):
    """Who is not let in by the broker, or may not declare what it needs."""

    def setUp(self):
        super().setUp()
        self.broker = self.useFixture(rabbitmq.RabbitMQ())
        self.url = parse.urlsplit(self.broker.url)
        self.work = self.useFixture(workspace.Workspace())

    def control(self, *arguments):
        control = os.environ.get(rabbitmq.CONTROL_ENVIRONMENT) or (
            self.broker.control)
        subprocess.run([control, '-q', *arguments], check=True,
                       capture_output=True)

    def account(self, *permissions):
        """:param permissions: what it may configure, write and read
        :returns: its name
        """
        name = uuid.uuid4().hex
        self.control('add_user', name, 'secret')
        self.addCleanup(self.control, 'delete_user', name)
        self.control('set_permissions', '-p', self.url.path[1:] or '/', name,
                     *permissions)
        return name

    def refused(self, program, user, password='secret', vhost=None):
        """:returns: the line in which its worker says why it ends"""
        config = programs.write_config(self.work.join('x.conf'), {
            'DEFAULT': {'transport_url': 'rabbit://%s:%s@%s:%d%s' % (
                user, password, self.url.hostname, self.url.port,
                vhost or self.url.path)},
            'database': {'connection': 'sqlite:///' + self.work.join('db')},
            'conductor': {'workers': 1}, 'registry': {'workers': 1}})
        started = programs.start(program, '--config-file', config,
                                 log=self.work.join(uuid.uuid4().hex))
        started.spawn()
        self.assertEqual(1, started.wait(240), started.output())
        self.assertNotIn('Traceback', started.output())
        self.assertNotIn('secret', started.output())
        lines = [line for line in started.output().splitlines()
                 if 'glance.service.worker' in line]
        self.assertEqual(1, len(lines), started.output())
        self.assertIn('The broker refuses this service', lines[0])
        return lines[0]

    def test_who_is_not_let_in_says_so_in_one_line(self):
        user = self.account('.*', '.*', '.*')
        self.assertIn('Login was refused',
                      self.refused('glance-registry', user, 'secret2'))
        self.assertIn('vhost', self.refused('glance-registry', user,
                                            vhost='/nowhere'))

    def test_who_may_not_declare_or_bind_says_so_in_one_line(self):
        for permissions in ('^$', '.*', '.*'), ('.*', '^$', '.*'):
            self.assertIn('access to', self.refused(
                'glance-registry', self.account(*permissions)))

    def test_a_conductor_says_so_as_well(self):
        self.assertIn('access to', self.refused(
            'glance-conductor', self.account('^$', '.*', '.*')))
