"""What is made by libraries of stores does not wait for ever."""

import socket
import types

from keystoneauth1 import exceptions as keystone_exceptions
from oslo_config import fixture as config_fixture
from oslotest import base
import requests

from glance.conf import CONF
from glance.store.drivers import silence


class SilenceTestCase(base.BaseTestCase):
    """A server takes connections and says nothing."""

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.useFixture(config_fixture.Config(CONF)).config(
            store_silence_timeout=1)
        self.server = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(self.server.close)
        self.url = 'http://127.0.0.1:%d' % self.server.getsockname()[1]

    def test_a_session_of_keystone_ends(self):
        self.assertRaises(keystone_exceptions.ConnectTimeout,
                          silence.Session().get, self.url,
                          connect_retries=0)

    def test_a_session_of_requests_ends(self):
        make = silence.bounded(requests.Session, silence.limit_requests)
        for verb in ('get', 'put'):
            for limits in ({}, {'timeout': None}):
                self.assertRaises(requests.ReadTimeout,
                                  getattr(make(), verb), self.url, **limits)

    def test_a_connection_gets_the_time_of_the_option(self):
        def make(*args):
            return types.SimpleNamespace(args=args, timeout=None)
        found = silence.bounded(make, silence.limit_connection)('a', 'b')
        self.assertEqual((('a', 'b'), 1), (found.args, found.timeout))
