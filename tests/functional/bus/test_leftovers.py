"""What we leave on a broker, and what newer brokers want of queues."""

import collections
import os
import re
import signal
import subprocess
import time

import fixtures
import kombu

from glance.cache import maintainer
from glance.rpc import server
from glance.rpc import transport
from tests.fixtures import database
from tests.fixtures import ports
from tests.fixtures import processes
from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
from tests.functional.bus import base
from tests.unit.rpc import endpoints

_COLUMNS = ('name', 'durable', 'exclusive')
# of every worker, each of them in one of four ways
_RESTARTS = int(os.environ.get('GLANCE_TEST_RESTARTS', '4'))
_RANDOM = re.compile('[0-9a-f]{32}$')
_ANSWERS = 'reply_'
# Two of each program, but one conductor; and what they share.
_WORKERS = 5
_QUEUES = {'glance-registry': 1, 'glance-conductor': 1, 'glance-cache': 1,
           'glance-cache_fanout_': 1}


class BrokerTestCase(base.RabbitTestCase):

    def control(self, *arguments):
        control = os.environ.get(rabbitmq.CONTROL_ENVIRONMENT) or (
            self.broker.control)
        return subprocess.run([control, '-q', *arguments], check=True,
                              capture_output=True, text=True).stdout

    def list(self, what, *columns):
        vhost = self.broker.url.rpartition('/')[2] or '/'
        return self.control('list_' + what, '-p', vhost,
                            '--no-table-headers', *columns).splitlines()

    def queues(self):
        """:returns: {name: (durable, exclusive)}"""
        lines = self.list('queues', *_COLUMNS)
        return {name: (durable == 'true', exclusive == 'true')
                for name, durable, exclusive in
                (line.split('\t') for line in lines)}

    def exchanges(self):
        return set(self.list('exchanges', 'name'))


class QueuesTestCase(BrokerTestCase):

    def serve_all(self):
        """Everything that reads, in this process."""
        for topic, fanout in ((None, False), (maintainer.TOPIC, True)):
            one = server.make_server('registry', topic,
                                     [endpoints.Things()], fanout=fanout)
            one.start()
            self.addCleanup(self._end, one)
        self.until_served(self.client())

    def test_what_newer_brokers_deny(self):
        """Neither durable nor of one connection."""
        self.serve_all()
        queues = self.queues()
        self.assertEqual([], [name for name, kind in queues.items()
                              if kind == (False, False)])
        self.assertEqual({'glance-registry', 'glance-cache'}, {
            name for name, (durable, _own) in queues.items() if durable})

    def test_transient_quorum_queues_where_they_are_wanted(self):
        self.config.config(transport_url=self.broker.url
                           + '?rabbit_transient_quorum_queue=true')
        self.serve_all()
        self.assertEqual({(True, False)}, set(self.queues().values()))


class StockQueuesTestCase(QueuesTestCase):
    """With the driver of oslo.messaging."""

    driver = 'stock'

    def test_the_name_of_before_is_still_taken(self):
        """As after a cut link: the broker knows the old connection only."""
        # The call whose answer is lost is sent again after half of it.
        self.config.config(rpc_timeout=4, group='registry')
        self.serve_all()
        rpc = self.client()
        driver = transport.get_transport('registry',
                                         transport.CLIENTS)._driver
        before = driver._get_reply_q()
        consumer = driver._reply_q_conn.answers
        with kombu.Connection(self.broker.url.replace(
                'rabbit:', 'amqp:')) as other:
            taken = kombu.Queue('taken', channel=other.channel(),
                                exclusive=True)
            taken.declare()
            consumer.queue_name = 'taken'
            # The broker ends the other connections of ours.
            self.close_connection_of(before)
            self.until_served(rpc)
        self.assertNotIn(driver._get_reply_q(), ('taken', before))

    def close_connection_of(self, queue):
        owners = self.list('queues', 'name', 'owner_pid')
        pid, = (line.split('\t')[1] for line in owners
                if line.startswith(queue))
        self.control('close_connection', pid, 'test')


class RestartsTestCase(BrokerTestCase):
    """Real workers of each program, ended in each way."""

    def setUp(self):
        super().setUp()
        self.folder = self.useFixture(fixtures.TempDir()).path
        self.port = ports.free_port()
        self.path = programs.write_config(
            os.path.join(self.folder, 'glance.conf'), self.sections())
        database.complete_file(os.path.join(self.folder, 'db'))
        self.running = [
            self.useFixture(programs.start(
                name, '--config-file', self.path,
                log=os.path.join(self.folder, name)))
            for name in ('glance-registry', 'glance-conductor', 'glance-api')]

    def sections(self):
        return {
            'DEFAULT': {'transport_url': self.broker.url, 'workers': 2,
                        'bind_host': '127.0.0.1', 'bind_port': self.port,
                        'image_cache_dir': os.path.join(self.folder, 'cache'),
                        'graceful_shutdown_timeout': 5},
            'registry': {'workers': 2},
            'paste_deploy': {'flavor': 'trusted-auth+cachemanagement'},
            'oslo_messaging_notifications': {'driver': 'messagingv2'},
            'database': {'connection': 'sqlite:///' + os.path.join(
                self.folder, 'db')},
            'glance_store': {'filesystem_store_datadir': os.path.join(
                self.folder, 'images')}}

    def until(self, check, text):
        deadline = time.monotonic() + 60
        while not check():
            self.assertLess(time.monotonic(), deadline, text + ': ' + ' '.join(
                sorted(self.queues())))
            time.sleep(0.1)

    def workers(self):
        """:returns: pids of the workers of each program"""
        return [processes.children(program.pid) for program in self.running]

    def served(self):
        return [program.output().count(' serves')
                for program in self.running]

    def restart(self, end):
        before, served = self.workers(), self.served()
        for program in self.running:
            end(program)
        self.until(lambda: all(
            len(now) == len(then) and not now & then
            for now, then in zip(self.workers(), before)),
            'not all workers are new')
        self.until(lambda: all(
            now >= then + len(pids) for now, then, pids in zip(
                self.served(), served, before)), 'a worker does not serve')
        self.until(self.answers, 'no answer')

    def answers(self):
        return programs.answers(
            'http://127.0.0.1:%d/v2/images' % self.port, 200, {
                'X-Identity-Status': 'Confirmed', 'X-User-Id': 'u',
                'X-Project-Id': 'p', 'X-Roles': 'member,reader'})

    def kinds(self):
        """:returns: {name without its random part: how many}"""
        return collections.Counter(_RANDOM.sub('', name)
                                   for name in self.queues())

    def is_as_before(self, before):
        """A worker that has asked nothing yet waits for no answers."""
        now = self.kinds()
        return now.keys() == before.keys() and all(
            now[kind] <= before[kind] if kind == _ANSWERS
            else now[kind] == before[kind] for kind in before)

    def test_broker_is_as_before(self):
        self.until(lambda: sum(self.served()) == _WORKERS and self.answers(),
                   'not all serve')
        before = {**_QUEUES, _ANSWERS: _WORKERS}
        self.until(lambda: self.is_as_before(before), 'not what is wanted')
        exchanges = self.exchanges()
        ways = (self.kill_workers, self.reload, self.kill_all, self.stop)
        for number in range(_RESTARTS):
            self.restart(ways[number % len(ways)])
            if number % len(ways) == len(ways) - 1:
                self.until(lambda: self.is_as_before(before), 'queues remain')
        self.until(lambda: self.is_as_before(before), 'queues remain')
        self.assertEqual(exchanges, self.exchanges())

    @staticmethod
    def kill_workers(program):
        for pid in processes.children(program.pid):
            os.kill(pid, signal.SIGKILL)

    @staticmethod
    def reload(program):
        program.signal(signal.SIGHUP)

    def kill_all(self, program):
        pids = processes.children(program.pid)
        program.kill()
        # They have its port until they are gone.
        self.until(lambda: not any(map(processes.is_alive, pids)),
                   'a worker outlives its kill')
        program.start()

    @staticmethod
    def stop(program):
        program.stop()
        program.start()
