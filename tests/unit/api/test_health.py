"""What the readiness depends on, and what it tells to anybody."""

import threading
import types

from oslo_config import fixture as config_fixture
from oslo_middleware import healthcheck
from oslotest import base
import webob

from glance.api import health
from glance.api import services
from glance.common import exceptions
from glance.conf import CONF

_CHECKS = ('glance_registry', 'glance_database', 'glance_stores',
           'glance_events', 'glance_work')
_FINE = ['A registry answers.', 'The database answers.',
         'The stores can be used.', 'Events are sent.', 'Work is taken.']


class Store:

    def __init__(self, store_id):
        self.id, self.error = store_id, None

    def check(self):
        if self.error is not None:
            raise self.error


class Stores(dict):

    def __iter__(self):
        return iter(self.values())

    get = dict.__getitem__


class HealthTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.config.config(group='health', kept=0, timeout=10)
        health.reset()
        self.addCleanup(health.reset)
        self.answer = {'database': True, 'event_age': None,
                       'work_overdue': 0.2}
        self.asked = 0
        self.stores = Stores((one, Store(one)) for one in ('fast', 'cold'))
        registry = types.SimpleNamespace(
            health=types.SimpleNamespace(check=self.check))
        conductor = types.SimpleNamespace(ping=self.ping)
        self.conductors = True
        parts = services.override(registry=registry, stores=self.stores,
                                  conductor=conductor)
        parts.__enter__()
        self.addCleanup(parts.__exit__, None, None, None)
        self.app = healthcheck.Healthcheck.app_factory(
            {}, oslo_config_project='glance', backends=','.join(_CHECKS))

    def check(self, ctxt):
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def ping(self, ctxt):
        if not self.conductors:
            raise exceptions.ConductorUnavailable()

    def ask(self):
        """:returns: (status, sentences)"""
        response = webob.Request.blank('/').get_response(self.app)
        return response.status_int, response.text.split('\n')

    def test_all_well(self):
        self.assertEqual((200, _FINE), self.ask())

    def test_no_registry(self):
        self.answer = exceptions.RegistryUnavailable()
        status, said = self.ask()
        self.assertEqual(503, status)
        self.assertEqual(['No registry answers.',
                          'The database is not known to answer.'], said[:2])
        self.assertEqual(_FINE[2:], said[2:])

    def test_no_database(self):
        self.answer = {'database': False}
        self.assertEqual(
            (503, ['A registry answers.', 'The database does not answer.']
             + _FINE[2:]), self.ask())

    def test_what_is_wrong_with_the_database(self):
        self.answer = {'database': False, 'problem': 'Its schema is old.'}
        self.assertEqual(
            (503, ['A registry answers.', 'Its schema is old.'] + _FINE[2:]),
            self.ask())

    def test_registry_of_an_older_release(self):
        self.answer = {}
        self.assertEqual((200, _FINE), self.ask())

    def test_a_store(self):
        self.stores['cold'].error = exceptions.StoreUnavailable()
        status, said = self.ask()
        self.assertEqual(503, status)
        self.assertIn('Stores that cannot be used: cold.', said)

    def test_any_error_is_one_and_stays_here(self):
        self.stores['fast'].error = OSError('password of the store')
        self.answer = ValueError('amqp://guest:guest@host')
        status, said = self.ask()
        self.assertEqual(503, status)
        self.assertNotIn('guest', ''.join(said))
        self.assertNotIn('password', ''.join(said))

    def test_old_events_and_work(self):
        self.answer.update(event_age=3601, work_overdue=3601.7)
        self.assertEqual(
            (503, _FINE[:3] + ['An event waits for 3601 seconds.',
                               'Work waits for 3601 seconds.']), self.ask())
        self.config.config(group='health', max_event_age=0,
                           max_work_overdue=4000)
        self.assertEqual((200, _FINE), self.ask())

    def test_no_conductor(self):
        """Is told, and no reason to send requests elsewhere."""
        self.conductors = False
        self.assertEqual(
            (200, _FINE[:4] + ['No conductor answers: work waits.']),
            self.ask())

    def test_a_registry_that_hangs(self):
        self.config.config(group='health', timeout=0.1)
        gate = threading.Event()
        self.addCleanup(gate.set)
        health.services.registry().health.check = lambda ctxt: gate.wait(30)
        status, said = self.ask()
        self.assertEqual(503, status)
        self.assertEqual('No registry answers.', said[0])

    def test_probes_do_not_load_the_service(self):
        self.config.config(group='health', kept=60)
        for _ in range(10):
            self.ask()
        self.assertEqual(1, self.asked)
