"""What nova and cinder tell by their own code, beside another reader."""

import threading
import uuid

import oslo_messaging

from glance.objects import usage
from tests.fixtures import consumers
from tests.fixtures import programs
from tests.fixtures.servers import workspace
from tests.functional.usage import base

FIRST, SECOND, OTHER = (str(uuid.uuid4()) for _ in range(3))
# By exchange: how many messages of each topic there are.
_EXCHANGES = {'nova': ('notifications', 'versioned_notifications'),
              'openstack': ('notifications',)}


class Reader:
    """As ceilometer's: reads from the queues of the topics themselves."""

    def __init__(self):
        self.read, self._lock = [], threading.Lock()

    def info(self, ctxt, publisher_id, event_type, payload, metadata):
        with self._lock:
            self.read.append(event_type)


class ProducersTest(base.UsageTestCase):

    def setUp(self):
        super().setUp()
        work = self.useFixture(workspace.Workspace())
        config = programs.write_config(work.join('producers.conf'), {
            'DEFAULT': {'transport_url': self.bus},
            'oslo_messaging_notifications': {'driver': 'messagingv2'},
            'notifications': {'notification_format': 'both'},
            'glance': {'api_servers': 'http://image'},
            'database': {'connection': 'sqlite:///' + work.join('volumes')}})
        self.nova, self.cinder = (
            self.useFixture(consumers.Producer(who, config, work.join(who)))
            for who in ('nova', 'cinder'))
        self.reader = Reader()
        for exchange, topics in _EXCHANGES.items():
            self.read(exchange, topics)
        self.listening = self.listen()
        self.wait_until_bound()

    def read(self, exchange, topics):
        listener = oslo_messaging.get_notification_listener(
            self.transport(), [oslo_messaging.Target(
                exchange=exchange, topic=topic) for topic in topics],
            [self.reader])
        listener.start()
        self.addCleanup(listener.wait)
        self.addCleanup(listener.stop)

    def call(self, producer, *arguments):
        result, error = producer.call(*arguments)
        self.assertIsNone(error)
        return result

    def serve(self, *steps):
        """:returns: id of the server, and what was told"""
        told = []
        for action, phase, state, image_id in steps:
            server = self.call(self.nova, 'tell', action, phase, state,
                               image_id)
            told += ['compute.instance.%s.%s' % (action, phase),
                     'instance.%s.%s' % (action, phase)]
        return server, told

    def uses(self):
        """:returns: {(kind, id, image): whether it goes on}"""
        # What is gone may have no image in its last event.
        return {key: until is None for key, (_since, _seen, until)
                in self.listening.rows().items() if key[2]}

    def test_uses_are_known_and_nobody_misses_a_message(self):
        server, told = self.serve(
            ('create', 'start', 'building', FIRST),
            ('create', 'end', 'active', FIRST),
            ('rebuild', 'start', 'active', SECOND),
            ('rebuild', 'end', 'active', SECOND))
        volumes = [self.call(self.cinder, 'create', OTHER) for _ in range(2)]
        wanted = {(usage.SERVER, server, FIRST): False,
                  (usage.SERVER, server, SECOND): True,
                  (usage.VOLUME, volumes[0], OTHER): True,
                  (usage.VOLUME, volumes[1], OTHER): True}
        self.wait_for(wanted, self.uses)
        _same, more = self.serve(('delete', 'start', 'active', SECOND),
                                 ('delete', 'end', 'deleted', SECOND))
        self.call(self.cinder, 'delete', volumes[0])
        wanted.update({(usage.SERVER, server, SECOND): False,
                       (usage.VOLUME, volumes[0], OTHER): False})
        self.wait_for(wanted, self.uses)
        told += more + [*['volume.create.start', 'volume.create.end'] * 2,
                        'volume.delete.start', 'volume.delete.end']
        self.wait_for(sorted(told), lambda: sorted(self.reader.read))
