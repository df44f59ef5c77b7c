"""What is read goes to the registry, or is read again."""

import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.conductor.periodic import clock
from glance.conductor.usage import listener
from glance.conf import CONF
from glance.metrics import counters
from tests.fixtures import usage

IMAGE = '6fa612cc-4e34-41ef-b136-c773ef3e079c'
ID = 'da54f3d0-afba-4ec1-92fd-cb2b978abf3f'


class Registry:
    """Stands for the registry."""

    def __init__(self):
        self.merged, self.asked = [], []
        self.images_found, self.error = [], None
        self.usage = types.SimpleNamespace(merge=self._merge)
        self.images = types.SimpleNamespace(list=self._list)

    def _merge(self, ctxt, statements):
        if self.error is not None:
            raise self.error
        self.merged.append(statements)

    def _list(self, ctxt, query):
        self.asked.append((query['filters'], query['properties']))
        return {'images': self.images_found, 'is_cut': False}


class Incoming:

    def __init__(self, message):
        self.message = message


class DispatcherTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.registry = Registry()
        self.dispatcher = listener.Dispatcher(self.registry)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.conductor.usage.listener._AGAIN', 0))

    def dispatch(self, *messages):
        return self.dispatcher.dispatch(list(map(Incoming, messages)))

    def test_a_batch_is_one_write(self):
        messages = [one['message'] for one in usage.recorded()]
        self.assertEqual(set(), self.dispatch(*messages))
        self.assertEqual([usage.statements(messages)], self.registry.merged)

    def test_what_is_said_is_counted_by_kind(self):
        messages = [one['message'] for one in usage.recorded()]
        kinds = [one['kind'] for one in usage.statements(messages)]
        before = {kind: self.said(kind) for kind in set(kinds)}
        self.dispatch(*messages)
        self.assertEqual({kind: before[kind] + kinds.count(kind)
                          for kind in before},
                         {kind: self.said(kind) for kind in before})

    def said(self, kind):
        return counters.USAGE_STATEMENTS.labels(kind)._value.get()

    def test_nothing_said_is_no_call(self):
        self.assertEqual(set(), self.dispatch(
            {'event_type': 'image.create', 'payload': {}}, None, 7, [], {},
            {'event_type': None, 'payload': None, 'timestamp': 1}))
        self.assertEqual([], self.registry.merged)

    def test_what_the_registry_has_not_taken_is_read_again(self):
        self.registry.error = exceptions.RegistryUnavailable()
        found = [Incoming(one['message'])
                 for one in usage.recorded()]
        before = self.count('again')
        self.assertEqual(set(found), self.dispatcher.dispatch(found))
        self.assertEqual(before + len(found), self.count('again'))

    def count(self, outcome):
        return counters.USAGE_MESSAGES.labels(outcome)._value.get()

    def shelve(self, state='shelved_offloaded', name='cloud', second=34):
        return {'event_type': 'instance.shelve_offload.end',
                'timestamp': '2026-11-22 01:54:%d.749827' % second,
                'payload': {'nova_object.data': {
                    'uuid': ID, 'tenant_id': 'p', 'state': state,
                    'image_uuid': IMAGE, 'display_name': name}}}

    def test_the_snapshot_of_a_shelved_server_is_looked_for(self):
        self.registry.images_found = [{'id': usage.QCOW2}]
        self.dispatch(self.shelve())
        self.assertEqual([([['name', 'eq', 'cloud-shelved']],
                           {'instance_uuid': ID})], self.registry.asked)
        self.assertEqual([('server', IMAGE), ('shelved', usage.QCOW2)],
                         [(one['kind'], one['image_id'])
                          for one in self.registry.merged[0]])

    def test_each_event_of_a_shelved_server_counts(self):
        self.registry.images_found = [{'id': usage.QCOW2}]
        self.dispatch(self.shelve(second=35), self.shelve(second=37),
                      self.shelve(second=36))
        self.assertEqual(1, len(self.registry.asked))
        self.assertEqual([0, 2000, 1000], [
            one['at_ms'] - self.registry.merged[0][0]['at_ms']
            for one in self.registry.merged[0] if one['kind'] == 'shelved'])

    def test_names_that_no_database_takes_are_not_looked_for(self):
        for name in ('a\0b', '\ud800', 'x' * 256, None, 7):
            self.dispatch(self.shelve(name=name))
        self.assertEqual([], self.registry.asked)


class ListenerTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.config = self.useFixture(config_fixture.Config(CONF))

    def test_without_a_bus_nothing_is_listened_to(self):
        log = self.useFixture(fixtures.FakeLogger())
        one = listener.Listener(Registry())
        one.start()
        one.stop()
        self.assertIn('there is no bus to listen to', log.output)

    def test_every_exchange_and_topic_is_listened_to(self):
        self.config.config(group='usage', exchanges=['a', 'b'],
                           topics=['t', 'u'])
        self.assertEqual(
            [('a', 't'), ('a', 'u'), ('b', 't'), ('b', 'u')],
            [(one.exchange, one.topic) for one in listener._targets()])

    def test_few_messages_are_held(self):
        url = listener._bounded('rabbit://u:p@h:1/v?amqp_durable_queues=true')
        self.assertEqual({'rabbit_qos_prefetch_count': '500',
                          'amqp_durable_queues': 'true'}, url.query)

    def test_there_is_a_duty_where_it_is_wanted(self):
        self.assertNotIn('usage', clock.duties())
        self.config.config(group='usage', enabled=True)
        self.assertIn('usage', clock.duties())
