"""Which URL leads where."""

from glance.conf import CONF
from glance.rpc import transport
from tests.unit.rpc import base


class UrlTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.config.config(transport_url='local://')

    def test_local_is_the_default(self):
        self.assertEqual('local://', transport.url_of('registry'))
        self.assertTrue(transport.hosts_locally('registry'))

    def test_common_url(self):
        self.config.config(transport_url='rabbit://h/')
        self.assertEqual('rabbit://h/', transport.url_of('conductor'))
        self.assertFalse(transport.hosts_locally('conductor'))

    def test_service_may_have_its_own(self):
        self.config.config(transport_url='rabbit://h/')
        self.config.config(transport_url='local://', group='registry')
        self.assertTrue(transport.hosts_locally('registry'))
        self.assertFalse(transport.hosts_locally('conductor'))

    def get(self, service, whose=transport.CLIENTS):
        return transport.get_transport(service, whose)

    def test_one_transport_for_one_url(self):
        self.assertIs(self.get('registry'), self.get('conductor'))

    def test_one_bus_within_a_process(self):
        self.assertIs(self.get('registry'),
                      self.get('registry', transport.SERVERS))

    def test_another_for_servers_over_a_broker(self):
        self.config.config(transport_url='rabbit://h/')
        self.assertIsNot(self.get('registry'),
                         self.get('registry', transport.SERVERS))

    def test_another_url_is_another_transport(self):
        self.config.config(transport_url='local:///x', group='conductor')
        self.assertIsNot(self.get('registry'), self.get('conductor'))

    def test_control_exchange(self):
        self.assertEqual('glance', CONF.control_exchange)
