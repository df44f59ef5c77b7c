"""Who runs a service that nobody else does."""

import threading

import fixtures
from oslo_config import fixture as config_fixture

from glance.conf import CONF
from glance.conf import database
from glance.rpc import transport
from glance.service import embedding
from glance.service import parts
from tests.unit.rpc import base

PATIENCE = 60


class Part:
    """Notes what becomes of it."""

    def __init__(self):
        self.started = threading.Event()
        self.stopped = threading.Event()

    def start(self):
        self.started.set()

    def stop(self, timeout):
        self.stopped.set()


class TestCase(base.BusTestCase):

    def use(self, name, value):
        self.useFixture(fixtures.MonkeyPatch(name, value))


class EmbeddedTestCase(TestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        database.register_opts(CONF)
        self.config.config(connection='sqlite://', group='database')
        self.config.config(embed_after=0.1, rpc_timeout=2, group='registry')
        self.use('glance.service.embedding._LOOK_EVERY', 0.01)
        self.broker(True)
        self.made = []

    def broker(self, listens):
        self.use('glance.rpc.transport.broker_listens',
                 lambda service: listens)

    def make(self):
        self.made.append(Part())
        return self.made[-1]

    def watch(self):
        """:returns: what waits, and how to wait for its end"""
        one = embedding.Embedded('registry', self.make)
        over = threading.Event()
        run = one._run

        def run_and_tell():
            run()
            over.set()
        one._run = run_and_tell
        one.start()
        self.addCleanup(one.stop, 1)
        return one, over

    def test_nobody_is_heard(self):
        one, over = self.watch()
        self.assertTrue(over.wait(PATIENCE))
        self.assertTrue(self.made[0].started.is_set())
        one.stop(1)
        self.assertTrue(self.made[0].stopped.is_set())

    def test_somebody_is_heard(self):
        self.serve_things()
        _one, over = self.watch()
        self.assertTrue(over.wait(PATIENCE))
        self.assertEqual([], self.made)

    def test_nobody_is_missed_while_there_is_no_broker(self):
        self.broker(False)
        _one, over = self.watch()
        self.assertFalse(over.wait(0.5))
        self.broker(True)
        self.assertTrue(over.wait(PATIENCE))
        self.assertEqual(1, len(self.made))

    def test_who_stops_starts_nothing(self):
        self.config.config(embed_after=3600, group='registry')
        one, over = self.watch()
        one.stop(1)
        self.assertTrue(over.wait(PATIENCE))
        self.assertEqual([], self.made)

    def test_what_cannot_start_harms_nothing_else(self):
        def fail(part):
            raise ValueError()
        self.use('tests.unit.service.test_embedding.Part.start', fail)
        one, over = self.watch()
        self.assertTrue(over.wait(PATIENCE))
        one.stop(1)
        self.assertFalse(self.made[0].stopped.is_set())

    def test_without_a_database_there_is_nothing_to_run(self):
        self.config.config(connection=None, group='database')
        _one, over = self.watch()
        self.assertFalse(over.wait(0.5))
        self.assertEqual([], self.made)


class ChoiceTestCase(TestCase):
    """What the API runs besides, as the options say."""

    def setUp(self):
        super().setUp()
        self.use('glance.rpc.transport._kept', set())
        self.config.config(transport_url='rabbit://h/')

    def choose(self, value):
        for service in 'registry', 'conductor':
            self.config.config(embed=value, group=service)
        return [type(part) for part in parts.beside_api()]

    def test_what_the_options_say(self):
        self.assertEqual([embedding.Embedded] * 2, self.choose('auto'))
        self.assertEqual([], self.choose('false'))
        self.assertFalse(transport.is_kept('registry'))
        self.assertEqual([parts.Rpc] * 2, self.choose('True'))
        self.assertTrue(transport.hosts_locally('conductor'))
        self.assertEqual('rabbit://h/', transport.url_of(
            'conductor', transport.SERVERS))

    def test_a_bus_that_does_not_leave_the_process(self):
        self.config.config(transport_url='local://')
        self.assertEqual([parts.Rpc] * 2, self.choose('false'))
