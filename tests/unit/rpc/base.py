"""A bus of its own for each test, in this process."""

import uuid

from oslo_config import fixture as config_fixture
from oslotest import base

from glance.conf import CONF
from glance.rpc import client
from glance.rpc import server
from glance.rpc import transport
from tests.unit.rpc import endpoints


class BusTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.config = self.useFixture(config_fixture.Config(CONF))
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.config.config(transport_url='local:///' + uuid.uuid4().hex)
        self.addCleanup(transport.cleanup)

    def serve(self, *objects, service='registry', **kwargs):
        one = server.make_server(service, None, objects, **kwargs)
        one.start()
        # `wait` would last a second for each, the idle time of a thread
        self.addCleanup(one.stop)
        return one

    def serve_things(self, **kwargs):
        things = endpoints.Things()
        self.serve(things, **kwargs)
        return things

    def client(self, service='registry', version='1.2', **kwargs):
        one = client.Client(service, None, version, **kwargs)
        self.addCleanup(one.close)
        return one
