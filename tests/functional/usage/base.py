"""A program that listens to a broker, and who sends as nova and cinder do."""

import contextlib
import functools
import sqlite3
import time

import amqp
import fixtures
import kombu
from oslo_config import fixture as config_fixture
import oslo_messaging
from oslotest import base

from glance.conf import CONF
from tests.fixtures import ports
from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
from tests.fixtures.servers import workspace

PATIENCE = 180


class Listening(fixtures.Fixture):
    """glance-standalone, whose conductor listens to another broker."""

    def __init__(self, bus, **options):
        super().__init__()
        self._options = {'enabled': 'true', 'transport_url': bus, **options}

    def _setUp(self):
        work = self.useFixture(workspace.Workspace())
        self.state = work.join('state')
        self.url = 'http://127.0.0.1:%d' % (port := ports.free_port())
        config = programs.write_config(work.join('glance.conf'),
                                       {'usage': self._options})
        self.program = programs.start(
            'glance-standalone', '--port', port, '--state-dir', self.state,
            '--config-file', config, url=self.url, log=work.join('log'))
        self.useFixture(self.program)

    def rows(self):
        """:returns: {(kind, id, image): (since, seen, until)}"""
        with contextlib.closing(sqlite3.connect(
                self.state + '/glance.sqlite', timeout=30)) as database:
            return {row[:3]: row[3:] for row in database.execute(
                'SELECT kind, consumer_id, image_id, since_ms, seen_ms, '
                'until_ms FROM image_uses')}


def wait_for(test, wanted, ask, seconds=PATIENCE):
    """Until what is asked for is there; the test fails after so long."""
    deadline = time.monotonic() + seconds
    while (found := ask()) != wanted:
        if time.monotonic() > deadline:
            test.assertEqual(wanted, found)
        time.sleep(0.1)


class UsageTestCase(base.BaseTestCase):

    private = False

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.broker = self.useFixture(rabbitmq.RabbitMQ(self.private))
        self.bus = self.broker.url

    def transport(self):
        made = oslo_messaging.get_notification_transport(CONF, self.bus)
        self.addCleanup(made.cleanup)
        return made

    def listen(self, **options):
        return self.useFixture(Listening(self.bus, **options))

    @functools.cached_property
    def sender(self):
        return self.transport()

    def send(self, messages, envelope=2.0):
        """As drivers of oslo.messaging do, `messagingv2` or `messaging`."""
        for one in messages:
            self.sender._send_notification(
                oslo_messaging.Target(exchange=one['exchange'],
                                      topic=one['topic']),
                {}, one['message'], version=envelope, retry=0)

    def wait_for(self, wanted, ask):
        """Until what is asked for is there."""
        wait_for(self, wanted, ask)

    def queue(self, pool='glance-usage'):
        """:returns: (messages that wait, readers), None without the queue"""
        url = self.broker.url.replace('rabbit://', 'amqp://')
        with kombu.Connection(url) as connection:
            try:
                found = connection.channel().queue_declare(pool, passive=True)
            except amqp.exceptions.NotFound:
                return None
            return found.message_count, found.consumer_count

    def wait_until_bound(self, pool='glance-usage'):
        self.wait_for(1, lambda: (self.queue(pool) or (0, 0))[1])
