"""Each worker of the API sees soon what it depends on go and come back."""

import os
import signal

from tests.fixtures import ports
from tests.functional.monitoring import cloud
from tests.functional.monitoring import workers
from tests.functional.resilience import base

# Seconds until every worker says so.
GONE, BACK = 5, 15
_NO_CONDUCTOR = 'No conductor answers'


class TestReadiness(base.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cloud = cloud.Cloud()
        cls.cloud.setUp()
        cls.addClassCleanup(cls.cloud.cleanUp)

    def setUp(self):
        super().setUp()
        self.workers = self.useFixture(workers.Workers(
            self.cloud.url, self.cloud.api_program))
        # Others of these tests may just have ended.
        self.workers.until(True, 'Work is taken', 60)

    def check(self, stop, start, sentence, is_ready=False):
        stop()
        try:
            gone, said = self.workers.until(is_ready, sentence, GONE)
            self.assertLess(gone, GONE)
            self.assertFalse(said.startswith('OK'), said)
            for secret in ('guest', 'secret', '127.0.0.1'):
                self.assertNotIn(secret, said)
            # Whoever restarts it must not, on that account.
            self.assertEqual({200}, {
                status for status, _text in self.workers.ask('/healthcheck')})
        finally:
            start()
        back, _said = self.workers.until(True, 'Work is taken', BACK)
        self.assertLess(back, BACK)
        print('%r gone after %.1f s, back after %.1f s'
              % (sentence, gone, back))

    def killed(self, process, port, sentence, **kwargs):
        def start():
            process.start()
            self.wait_until(lambda: ports.is_open(port), 60, 'its start')
        self.check(process.kill, start, sentence, **kwargs)

    def frozen(self, process, sentence, **kwargs):
        self.check(lambda: os.killpg(process.pid, signal.SIGSTOP),
                   lambda: os.killpg(process.pid, signal.SIGCONT), sentence,
                   **kwargs)

    def test_no_worker_is_ready_without_a_registry(self):
        registry = self.cloud.registry_programs[0]
        self.frozen(registry, 'No registry answers')
        self.killed(registry, self.cloud.ports['registry'],
                    'No registry answers')

    def test_no_worker_is_ready_without_the_database(self):
        database = self.cloud.database
        self.frozen(database.process, 'The database does not answer')
        self.killed(database.process, database.port,
                    'The database does not answer')
        self.assertEqual(1, self.cloud.total('registry',
                                             'glance_database_up'))

    def test_no_worker_is_ready_without_the_broker(self):
        broker = self.cloud.bus
        self.frozen(broker.process, 'No registry answers')
        self.killed(broker.process, broker.port, 'No registry answers')

    def test_no_worker_is_ready_without_its_store(self):
        folder = self.cloud.work.join('images')
        self.check(lambda: os.rename(folder, folder + '.gone'),
                   lambda: os.rename(folder + '.gone', folder),
                   'cannot be used: file')

    def test_workers_stay_ready_without_a_conductor(self):
        """Is told; what requests need is there."""
        conductor = self.cloud.conductor_program
        self.frozen(conductor, _NO_CONDUCTOR, is_ready=True)
        self.killed(conductor, self.cloud.ports['conductor'], _NO_CONDUCTOR,
                    is_ready=True)
