"""A server and a client of ours on a real broker, in one process."""

import time

from oslo_config import fixture as config_fixture
from oslo_messaging._drivers import impl_rabbit
from oslotest import base

from glance.common import exceptions
from glance.conf import CONF
from glance.rpc import client
from glance.rpc import server
from glance.rpc import transport
from tests.fixtures import programs
from tests.fixtures.servers import rabbitmq
from tests.unit.rpc import endpoints

# Seconds, on however busy a machine: what is refused at once is refused well
# before the half of `rpc_timeout`, after which a call is sent again; and all
# that comes back is back by then.
AT_ONCE = 10
BACK = 120


class RabbitTestCase(base.BaseTestCase):
    """:cvar driver: of what is opened, unless a test says otherwise"""

    private = False
    driver = programs.RPC_DRIVER

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        # A driver does so, but none may have been there yet.
        CONF.register_opts(impl_rabbit.rabbit_opts,
                           group='oslo_messaging_rabbit')
        self.broker = self.useFixture(self.make_broker())
        self.config.config(transport_url=self.broker.url)
        self.config.config(driver=self.driver, group='rpc')
        self.addCleanup(transport.cleanup)
        self.ctxt = endpoints.a_context()

    def make_broker(self):
        return rabbitmq.RabbitMQ(self.private)

    def serve(self, fanout=False):
        things = endpoints.Things()
        one = server.make_server('registry', None, [things], fanout=fanout)
        one.start()
        self.addCleanup(self._end, one)
        return things

    def _end(self, one):
        """A server that still has to answer does so over and over, until
        there is a broker.
        """
        if self.private:
            self.broker.start()
        one.stop()
        one.wait()

    def client(self):
        one = client.Client('registry', None, '1.2')
        self.addCleanup(one.close)
        return one

    def outcome(self, rpc, value=1):
        """:returns: (the value or the class of the error, seconds)"""
        begin = time.monotonic()
        try:
            result = rpc.write(self.ctxt, 'things', 'echo', value=value)
        except exceptions.GlanceError as error:
            result = type(error)
        return result, time.monotonic() - begin

    def until_served(self, rpc):
        """Ask until there is an answer; each refusal has to be quick."""
        deadline = time.monotonic() + BACK
        while True:
            result, spent = self.outcome(rpc)
            if result == 1:
                return
            self.assertIs(exceptions.RegistryUnavailable, result)
            self.assertLess(spent, AT_ONCE)
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)
