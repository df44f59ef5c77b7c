"""Queues of another kind than configured: told in one line, and replaced."""

import time

import kombu

from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import workspace
from tests.functional.bus import base

QUEUE = 'glance-registry'


class ManageTestCase(base.RabbitTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())
        self.url = self.broker.url.replace('rabbit:', 'amqp:')
        self.config_file = programs.write_config(
            self.work.join('glance.conf'), {
                'DEFAULT': {'transport_url': self.broker.url},
                'database': {'connection': 'sqlite:///' + self.work.join(
                    'db')},
                'oslo_messaging_rabbit': {'rabbit_quorum_queue': 'true'}})

    def declare(self, name, **arguments):
        with kombu.Connection(self.url) as connection:
            exchange = kombu.Exchange('glance-rpc', 'topic')
            kombu.Queue(name, exchange, name, connection.channel(),
                        queue_arguments=arguments).declare()

    def send(self, name):
        with kombu.Connection(self.url) as connection:
            connection.Producer().publish('x', routing_key=name)

    def manage(self, *arguments):
        return programs.run('glance-manage', '--config-file',
                            self.config_file, 'bus', *arguments)

    def refused(self, *arguments):
        return str(self.assertRaises(processes.StartError, self.manage,
                                     *arguments))

    def test_programs_start_once_the_queue_is_removed(self):
        self.declare(QUEUE)
        for name in 'glance-registry', 'glance-conductor':
            self.declare(name)
            program = programs.start(name, '--config-file', self.config_file,
                                     log=self.work.join(name))
            program.spawn()
            self.assertEqual(1, program.wait(120))
            lines = [line for line in program.output().splitlines()
                     if 'bus remove_queue' in line]
            self.assertEqual(1, len(lines), program.output())
            self.assertIn('x-queue-type', lines[0])
            self.assertNotIn('Traceback', program.output())
            self.manage('remove_queue', name)
        program = self.useFixture(programs.start(
            QUEUE, '--config-file', self.config_file,
            log=self.work.join('log')))
        self.addCleanup(program.stop)
        while 'serves' not in program.output():
            self.assertIsNone(program.returncode)
            time.sleep(0.1)
        self.assertIn('1 readers', self.refused('remove_queue', QUEUE))

    def test_messages_are_kept_unless_forced(self):
        self.declare(QUEUE)
        self.send(QUEUE)
        self.assertIn('1 messages', self.refused('remove_queue', QUEUE))
        self.assertIn('glance-registry: 1 messages, readers: 0',
                      self.manage('list'))
        self.manage('remove_queue', QUEUE, '--force')
        self.assertIn('no queue', self.refused('remove_queue', QUEUE))

    def test_an_exchange_goes_once_nothing_is_bound(self):
        self.declare(QUEUE)
        self.assertIn('bound', self.refused('remove_exchange', 'glance-rpc'))
        self.manage('remove_queue', QUEUE)
        self.manage('remove_exchange', 'glance-rpc')
        self.assertIn('no exchange',
                      self.refused('remove_exchange', 'glance-rpc'))

    def test_clean_removes_only_our_empty_leftovers(self):
        leftovers = ['glance-registry.host.example.org:12',
                     'glance-conductor.host:3']
        others = ['nova.host:12', 'glance-registry', 'glance-registry.busy:4']
        for name in leftovers + others:
            self.declare(name)
        self.send('glance-registry.busy:4')
        path = self.work.write('names', '\n'.join(leftovers + others))
        self.assertIn('2 queues', self.manage('clean', path))
        self.assertIn('0 queues', self.manage('clean', path))

    def test_without_a_broker(self):
        self.config_file = programs.write_config(
            self.work.join('glance.conf'), {'DEFAULT': {
                'transport_url': 'rabbit://u:hidden@127.0.0.1:1/'}})
        told = self.refused('list')
        self.assertIn('cannot be reached', told)
        self.assertNotIn('hidden', told)
        self.assertNotIn('Traceback', told)
