"""Each program ends in time, whatever it waits for is gone or frozen.

The programs are real ones; ports that refuse, or take connections and say
nothing, stand for the broker and the database.
"""

import os
import signal
import socket
import time

from oslotest import base

from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
from tests.fixtures.servers import workspace

LIMIT = 2
# what a busy machine needs on top; a stop that hangs takes for ever
PATIENCE = 60
PROGRAMS = ('glance-api', 'glance-registry', 'glance-conductor')
TROUBLES = ('broker refuses', 'broker is silent', 'database refuses',
            'database is silent', 'registry is away')


class StopTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.work = self.useFixture(workspace.Workspace())

    def silent(self):
        """:returns: a port that takes connections and says nothing"""
        listening = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.addCleanup(listening.close)
        return listening.getsockname()[1]

    def bus(self, trouble):
        if trouble == 'broker refuses':
            port = ports.free_port()
        elif trouble == 'broker is silent':
            port = self.silent()
        else:
            return self.useFixture(rabbitmq.RabbitMQ()).url
        return 'rabbit://guest:guest@127.0.0.1:%d/' % port

    def database(self, trouble):
        if trouble == 'database refuses':
            port = ports.free_port()
        elif trouble == 'database is silent':
            port = self.silent()
        else:
            return 'sqlite:///' + self.work.join('db')
        return 'mysql+pymysql://glance:x@127.0.0.1:%d/glance' % port

    def start(self, name, trouble):
        path = programs.write_config(
            self.work.join('%s %s.conf' % (name, trouble)), {
                'DEFAULT': {
                    'transport_url': self.bus(trouble), 'workers': 1,
                    'bind_host': '127.0.0.1', 'bind_port': ports.free_port(),
                    'graceful_shutdown_timeout': LIMIT},
                'database': {'connection': self.database(trouble)},
                'oslo_messaging_notifications': {'driver': 'messagingv2'},
                'glance_store': {'filesystem_store_datadir': self.work.join(
                    'images')},
                'paste_deploy': {'flavor': 'standalone'}})
        return self.useFixture(programs.start(
            name, '--config-file', path,
            log=self.work.join('%s %s.log' % (name, trouble))))

    def stop(self, *started, after):
        """:param started: (program, trouble), which are stopped together"""
        running = {one: self.start(*one) for one in started}
        for program in running.values():
            self.until_it_has_workers(program)
        time.sleep(after)
        workers = {one: processes.children(program.pid)
                   for one, program in running.items()}
        for program in running.values():
            program.signal(signal.SIGTERM)
        for one, program in running.items():
            with self.subTest(one):
                self.assertEqual(0, program.wait(LIMIT + PATIENCE))
                self.assertFalse([pid for pid in workers[one]
                                  if processes.is_alive(pid)])

    def until_it_has_workers(self, program):
        deadline = time.monotonic() + PATIENCE
        while not processes.children(program.pid):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_every_program_in_every_trouble(self):
        for name in PROGRAMS:
            self.stop(*((name, trouble) for trouble in TROUBLES), after=2)

    def test_at_once(self):
        self.stop(*((name, 'broker refuses') for name in PROGRAMS), after=0)

    def test_killed_parent(self):
        """Whoever still starts does not outlive it either."""
        program = self.start('glance-registry', 'broker refuses')
        self.until_it_has_workers(program)
        time.sleep(2)
        workers = processes.children(program.pid)
        program.signal(signal.SIGKILL)
        program.wait()
        deadline = time.monotonic() + PATIENCE
        while any(map(processes.is_alive, workers)):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_frozen_worker_is_killed(self):
        program = self.start('glance-registry', 'broker refuses')
        self.until_it_has_workers(program)
        worker, = processes.children(program.pid)
        os.kill(worker, signal.SIGSTOP)
        program.signal(signal.SIGTERM)
        self.assertEqual(0, program.wait(LIMIT + PATIENCE))
        self.assertIn('does not end and is killed', program.output())

    def test_frozen_program_goes_on(self):
        """It stood still for longer than it ever waits for a signal."""
        running = [self.start(name, 'broker refuses') for name in PROGRAMS]
        for program in running:
            self.until_it_has_workers(program)
            os.killpg(program.pid, signal.SIGSTOP)
        time.sleep(1)
        for program in running:
            os.killpg(program.pid, signal.SIGCONT)
        time.sleep(1)
        for program in running:
            self.assertIsNone(program.returncode)
            self.assertNotIn('Ending', program.output())
            program.signal(signal.SIGTERM)
            self.assertEqual(0, program.wait(LIMIT + PATIENCE))
            self.assertIn('by signal 15', program.output())
