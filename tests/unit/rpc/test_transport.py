"""Which URL leads where."""

import socket
import threading

import fixtures

from glance.conf import CONF
from glance.rpc.lean import driver
from glance.rpc import rabbit
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


class BrokerListensTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.socket = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(self.socket.close)
        self.port = self.socket.getsockname()[1]

    def check(self, expected, url):
        self.config.config(transport_url=url)
        self.assertIs(expected, transport.broker_listens('registry'))

    def test_an_open_port_counts_as_listening(self):
        self.check(True, 'rabbit://u:p@127.0.0.1:%d/' % self.port)

    def test_does_not(self):
        self.socket.close()
        self.check(False, 'rabbit://u:p@127.0.0.1:%d/' % self.port)

    def test_any_of_the_hosts(self):
        url = 'rabbit://127.0.0.1:%d,127.0.0.1:%d/'
        self.check(True, url % (self.port, 1))
        self.check(True, url % (1, self.port))
        self.check(False, url % (1, 1))

    def test_what_a_url_does_not_say(self):
        self.useFixture(fixtures.MonkeyPatch('glance.rpc.transport.AMQP_PORT',
                                             self.port))
        for url in 'rabbit://127.0.0.1/', 'rabbit://', 'rabbit:///x':
            self.check(True, url)

    def test_each_service_has_its_own(self):
        self.check(True, 'rabbit://127.0.0.1:%d/' % self.port)
        self.config.config(transport_url='rabbit://127.0.0.1:1/',
                           group='conductor')
        self.assertFalse(transport.broker_listens('conductor'))

    def test_nobody_is_waited_for(self):
        """Of a host that does not answer at all."""
        with fixtures.MockPatch('socket.create_connection') as connect:
            self.check(True, 'rabbit://10.0.0.1:5/')
        self.assertEqual(('10.0.0.1', 5), connect.mock.call_args.args[0])
        self.assertLessEqual(connect.mock.call_args.args[1], 2)
        connect.mock.return_value.close.assert_called_once_with()


class RenewTestCase(base.BusTestCase):

    def setUp(self):
        super().setUp()
        self.slept = []
        self.useFixture(fixtures.MonkeyPatch(
            'glance.rpc.transport.time.sleep', self.slept.append))

    def get(self):
        return transport.get_transport('registry', transport.CLIENTS)

    def renewed(self, old):
        """:returns: how often, and what was closed for it"""
        before, closed = transport.renewals, []
        old.cleanup = lambda: closed.append(old)
        done = threading.Event()
        with fixtures.MockPatch('glance.common.concurrency.spawn') as spawn:
            transport.renew('registry', old)
        for call in spawn.mock.call_args_list:
            call.args[0](*call.args[1:])
        done.set()
        return transport.renewals - before, closed

    def test_another_is_in_its_place(self):
        old = self.get()
        self.assertEqual((1, [old]), self.renewed(old))
        self.assertIsNot(old, self.get())
        self.assertIs(self.get(), self.get())

    def test_who_waits_for_an_answer_may_get_it(self):
        self.config.config(rpc_timeout=7, group='registry')
        self.renewed(self.get())
        self.assertEqual([7], self.slept)

    def test_once_for_all_who_want_it(self):
        old = self.get()
        self.renewed(old)
        new = self.get()
        self.assertEqual((0, []), self.renewed(old))
        self.assertIs(new, self.get())


class DurableTestCase(base.BusTestCase):

    def test_durable_queues_are_written_into_the_url(self):
        for wanted in True, False:
            self.assertEqual(
                'rabbit://u:p@h:5672/v?amqp_durable_queues=%s'
                % str(wanted).lower(),
                transport.durable('rabbit://u:p@h:5672/v', wanted))

    def test_what_the_url_says_stays(self):
        url = 'rabbit://h:5672/?amqp_durable_queues=false'
        self.assertEqual(url, transport.durable(url, True))

    def test_other_buses(self):
        self.assertEqual('local:///x', transport.durable('local:///x', True))


class OpenTestCase(base.BusTestCase):

    def open(self):
        self.config.config(transport_url='rabbit://h/')
        return transport.get_transport('registry', transport.CLIENTS)._driver

    def test_over_a_broker(self):
        opened = self.open()
        self.assertIsInstance(opened, driver.Driver)
        self.assertEqual('glance', opened._default_exchange)
        self.assertTrue(opened._options.amqp_durable_queues)
        self.assertIsInstance(transport.open_stock('registry'),
                              rabbit.Driver)

    def test_the_stock_driver_where_that_is_wanted(self):
        self.config.config(driver='stock', group='rpc')
        opened = self.open()
        self.assertIsInstance(opened, rabbit.Driver)
        self.assertEqual('glance', opened._default_exchange)
        self.assertEqual({'amqp_durable_queues': 'true'}, opened._url.query)

    def test_closed_with_the_process(self):
        first = transport.get_transport('registry', transport.CLIENTS)
        closed = []
        first.cleanup = lambda: closed.append(True)
        transport.cleanup()
        self.assertEqual([True], closed)
        self.assertIsNot(first, transport.get_transport(
            'registry', transport.CLIENTS))
