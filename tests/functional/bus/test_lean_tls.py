"""A broker that shows its certificate, and asks for those of clients."""

import time

import fixtures

from glance.common import concurrency
from glance.common import exceptions
from glance.rpc.lean import keeper
from tests.fixtures import certificates
from tests.fixtures.servers import rabbitmq
from tests.functional.bus import base


class TlsTestCase(base.RabbitTestCase):

    private = True

    def make_broker(self):
        self.certificates = self.useFixture(certificates.Certificates())
        return rabbitmq.RabbitMQ(True, self.certificates)

    def setUp(self):
        super().setUp()
        self.config.config(driver='lean', group='rpc')
        self.log = self.useFixture(fixtures.FakeLogger(keeper.__name__))
        self.secure(self.certificates)

    def secure(self, certificates, host='127.0.0.1', **more):
        """What is opened from now on is to use these."""
        self.config.config(transport_url='rabbit://guest:guest@%s:%d/' % (
            host, self.broker.tls_port))
        options = {'ssl': True, 'ssl_ca_file': certificates.authority,
                   'ssl_cert_file': certificates.client[0],
                   'ssl_key_file': certificates.client[1]}
        self.config.config(group='oslo_messaging_rabbit', **options | more)


class TestServed(TlsTestCase):

    def test_both_sides_at_once_and_again(self):
        """Large values go and come over the same connection."""
        self.serve()
        rpc = self.client()
        self.until_served(rpc)
        value = 'x' * 3000000
        tasks = [concurrency.spawn(self.echo, rpc, value) for _ in range(8)]
        for task in tasks:
            self.assertTrue(task.wait(base.BACK))
        self.broker.stop()
        self.broker.start()
        self.until_served(rpc)

    def echo(self, rpc, value):
        return value == rpc.call(self.ctxt, 'things', 'echo', value=value)


class TestRefused(TlsTestCase):

    def is_refused(self, reason):
        """Each request at once, with one line in the log."""
        rpc = self.client()
        until = time.monotonic() + 3
        while time.monotonic() < until:
            result, spent = self.outcome(rpc)
            self.assertIs(exceptions.RegistryUnavailable, result)
            self.assertLess(spent, base.AT_ONCE)
            time.sleep(0.1)
        lines = [line for line in self.log.output.splitlines()
                 if 'cannot be used' in line]
        self.assertEqual(1, len(lines), lines)
        self.assertIn(':%d' % self.broker.tls_port, lines[0])
        self.assertIn(reason, lines[0])

    def test_a_broker_that_somebody_else_has_signed(self):
        other = self.useFixture(certificates.Certificates())
        self.secure(self.certificates, ssl_ca_file=other.authority)
        self.is_refused('certificate verify failed')

    def test_a_broker_of_another_name(self):
        self.secure(self.certificates, host='localhost')
        self.is_refused('mismatch')

    def test_a_client_whom_the_broker_does_not_know(self):
        other = self.useFixture(certificates.Certificates())
        self.secure(self.certificates, ssl_cert_file=other.client[0],
                    ssl_key_file=other.client[1])
        # What TLS says depends on what is read first, its alert or the end.
        self.is_refused('cannot be used: ')
