"""The HTTP server behind TLS, and the options that make it so."""

import socket
import ssl
import types

from oslotest import base as test_base

from glance.conf import errors
from glance.service.http import tls
from tests.fixtures import certificates
from tests.unit.service.http import base
from tests.unit.service.http import test_http


def options(cert_file=None, key_file=None, ca_file=None):
    return types.SimpleNamespace(cert_file=cert_file, key_file=key_file,
                                 ca_file=ca_file)


class TLSTestCase(base.HttpTestCase):

    needs_client = False

    def make_tls(self):
        self.certificates = self.useFixture(certificates.Certificates())
        return tls.context(options(
            *self.certificates.server,
            self.certificates.authority if self.needs_client else None))

    def connect(self, pair=None):
        context = ssl.create_default_context(
            cafile=self.certificates.authority)
        if pair:
            context.load_cert_chain(*pair)
        client = context.wrap_socket(super().connect(),
                                     server_hostname='127.0.0.1')
        self.addCleanup(client.close)
        return client

    def talk(self, data, half_close=False):
        """Half of a TLS connection cannot be closed."""
        return super().talk(data)


class RequestTestCase(TLSTestCase, test_http.RequestTestCase):

    def test_socket_of_the_client(self):
        """Whoever writes to it would go past the encryption."""
        self.assertStatus(200, self.get(b'/socket'))
        self.assertTrue(self.get(b'/socket').endswith(b'None'))

    def test_the_scheme_is_https(self):
        self.assertTrue(self.get(b'/scheme').endswith(b'https'))

    def test_large_body(self):
        size = 3 << 20
        answer = self.post(b'Content-Length: %d\r\n' % size, bytes(size))
        self.assertTrue(answer.endswith(b'%d' % size))

    def test_requests_in_one_record_are_all_answered(self):
        """What came in one record with the first is not forgotten."""
        request = b'GET /%s HTTP/1.1\r\nHost: x\r\n\r\n' % (b'a' * 3000)
        answer = self.talk(request * 6 + b'GET /z HTTP/1.1\r\n'
                           + base.CLOSE + b'\r\n')
        self.assertEqual(7, answer.count(b'200 OK'))

    def test_stranger_holds_nobody_up(self):
        silent = [socket.create_connection(self.address, timeout=5)
                  for _number in range(20)]
        self.assertStatus(200, self.get(b'/'))
        for client in silent:
            client.close()

    def test_plain_request(self):
        client = socket.create_connection(self.address, timeout=30)
        self.addCleanup(client.close)
        client.sendall(b'GET / HTTP/1.1\r\n\r\n')
        self.assertNotIn(b'200 OK', _rest(client))
        self.assertStatus(200, self.get(b'/'))


class ClientCertificateTestCase(TLSTestCase):

    needs_client = True

    def test_a_client_with_its_certificate_is_served(self):
        client = self.connect(self.certificates.client)
        client.sendall(b'GET / HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.assertIn(b'200 OK', _rest(client))

    def test_a_client_without_a_certificate_is_refused(self):
        self.assertRaises(OSError, self._get_without)

    def _get_without(self):
        client = self.connect()
        client.sendall(b'GET / HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        if not _rest(client):
            raise ConnectionError()


class OptionsTestCase(test_base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.certificates = self.useFixture(certificates.Certificates())

    def test_without_options_there_is_no_tls(self):
        self.assertIsNone(tls.context(options()))

    def test_old_protocols_are_refused(self):
        made = tls.context(options(*self.certificates.server))
        self.assertEqual(ssl.TLSVersion.TLSv1_2, made.minimum_version)

    def test_unusable_files_are_refused(self):
        certificate, key = self.certificates.server
        for wrong in (options(key_file=key),
                      options(ca_file=certificate),
                      options(certificate, '/none'),
                      options(certificate),
                      options(certificate, self.certificates.client[1]),
                      options(certificate, key, key)):
            self.assertRaises(errors.ConfigurationError, tls.context, wrong)


def _rest(client):
    try:
        return base.read_all(client)
    except ConnectionResetError:
        return b''
