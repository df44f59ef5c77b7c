"""A driver of ours and the broker of a test."""

from oslo_config import fixture as config_fixture
import oslo_messaging
from oslotest import base

from glance.conf import CONF
from glance.rpc.lean import driver
from tests.unit.rpc.lean import peer

# Seconds, on however busy a machine.
PATIENCE = 60
TARGET = oslo_messaging.Target(exchange='e', topic='t')
MANDATORY = oslo_messaging.TransportOptions(at_least_once=True)


class LeanTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.peer = self.useFixture(peer.Peer())

    def driver(self, query=''):
        url = oslo_messaging.TransportURL.parse(CONF, self.peer.url + query)
        one = driver.Driver(CONF, url, default_exchange='e')
        self.addCleanup(one.cleanup)
        return one

    def published(self):
        """:returns: (channel, exchange, key, content) of the next message"""
        return self.peer.published.get(timeout=PATIENCE)
