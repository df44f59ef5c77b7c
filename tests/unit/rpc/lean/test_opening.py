"""Whom to connect to, and how."""

import socket
import ssl
import types

import amqp
import fixtures
import oslo_messaging
from oslotest import base

from glance.common import concurrency
from glance.conf import CONF
from glance.rpc.lean import opening

HOSTS = 'rabbit://a:1,b:2,c:3/v'
PLAIN = types.SimpleNamespace(
    ssl=False, ssl_version='', ssl_key_file='', ssl_cert_file='',
    ssl_ca_file='', heartbeat_timeout_threshold=60,
    rabbit_login_method='AMQPLAIN')


def parsed(url):
    return oslo_messaging.TransportURL.parse(CONF, url)


def names(hosts):
    return [host.hostname for host in hosts.each()]


class TestHosts(base.BaseTestCase):

    def test_after_the_one_that_was_used_comes_the_next(self):
        hosts = opening.Hosts(parsed(HOSTS), 'round-robin')
        order = names(hosts)
        self.assertEqual(['a', 'b', 'c'], sorted(order))
        hosts.used(hosts.each()[0])
        self.assertEqual(order[1:] + order[:1], names(hosts))

    def test_in_any_order_where_that_is_wanted(self):
        hosts = opening.Hosts(parsed(HOSTS), 'shuffle')
        self.assertGreater(len({tuple(names(hosts)) for _ in range(200)}), 1)

    def test_who_is_not_said_is_this_host(self):
        host, = opening.Hosts(parsed('rabbit:///v'), 'round-robin').each()
        self.assertEqual(('localhost', 5672), (host.hostname, host.port))


class TestConnect(base.BaseTestCase):

    def connect(self, url, **options):
        connection = self.useFixture(fixtures.MockPatch('amqp.Connection'))
        parsed_url = parsed(url)
        opening.connect(parsed_url, parsed_url.hosts[0],
                        types.SimpleNamespace(**vars(PLAIN) | options))
        return connection.mock.call_args.kwargs

    def test_what_the_url_says(self):
        got = self.connect('rabbit://u%40x:p%40%2F%3A@h:7/v%2Fw')
        self.assertEqual(('h:7', 'u@x', 'p@/:', 'v/w', False), (
            got['host'], got['userid'], got['password'], got['virtual_host'],
            got['ssl']))

    def test_who_speaks_something_else_is_left(self):
        listening = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(listening.close)
        url = parsed('rabbit://127.0.0.1:%d' % listening.getsockname()[1])

        def answer():
            client, _address = listening.accept()
            with client:
                client.recv(8, socket.MSG_WAITALL)
                client.sendall(b'\1\0\0\0\0\0\1no')
                # Until it is closed over there.
                while client.recv(100):
                    pass
        task = concurrency.spawn(answer)
        # Kept, with all that it refers to.
        error = self.assertRaises(amqp.exceptions.UnexpectedFrame,
                                  opening.connect, url, url.hosts[0], PLAIN)
        task.wait(60)
        self.assertIn('frame', str(error))

    def test_what_the_url_does_not_say(self):
        got = self.connect('rabbit://h')
        self.assertEqual(('h:5672', '/', 'guest', 'guest'), (
            got['host'], got['virtual_host'], got['userid'],
            got['password']))

    def test_an_address_with_colons(self):
        self.assertEqual('[::1]:7', self.connect('rabbit://[::1]:7')['host'])

    def test_options_of_operators(self):
        got = self.connect('rabbit://h', rabbit_login_method='EXTERNAL',
                           heartbeat_timeout_threshold=7)
        self.assertEqual(('EXTERNAL', 7),
                         (got['login_method'], got['heartbeat']))

    def test_tls_as_the_stock_driver_has_it(self):
        self.assertTrue(self.connect('rabbit://h', ssl=True)['ssl'])
        files = {'ssl_ca_file': 'ca', 'ssl_key_file': 'k',
                 'ssl_cert_file': 'c'}
        self.assertEqual({
            'keyfile': 'k', 'certfile': 'c', 'ca_certs': 'ca',
            'cert_reqs': ssl.CERT_REQUIRED, 'server_hostname': 'h'},
            self.connect('rabbit://h', ssl=True, **files)['ssl'])
        self.assertIsNone(self.connect(HOSTS, ssl=True, **files)['ssl'][
            'server_hostname'])

    def test_a_version_that_is_not_known(self):
        self.assertRaises(RuntimeError, self.connect, 'rabbit://h', ssl=True,
                          ssl_version='x')
