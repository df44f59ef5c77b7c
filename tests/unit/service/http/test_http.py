"""Requests that the HTTP server serves, and those that it refuses."""

import json

from tests.unit.service.http import base
from tests.unit.service.http import heads


class RequestTestCase(base.HttpTestCase):

    def test_the_application_gets_the_decoded_path(self):
        answer = self.get(b'/a%20b')
        self.assertStatus(200, answer)
        self.assertTrue(answer.endswith(b'\r\n\r\n/a b None'))

    def test_two_requests_on_one_connection(self):
        answer = self.talk(b'GET /1 HTTP/1.1\r\nHost: x\r\n\r\n'
                           b'GET /2 HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.assertIn(b'/1 None', answer)
        self.assertIn(b'/2 None', answer)

    def test_body_with_length(self):
        answer = self.post(b'Content-Length: 5\r\n', b'abcde')
        self.assertTrue(answer.endswith(b'\r\n5'))

    def test_body_in_chunks(self):
        answer = self.post(b'Transfer-Encoding: chunked\r\n',
                           b'3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n')
        self.assertTrue(answer.endswith(b'\r\n4'))

    def test_body_in_long_chunks(self):
        """Longer than the buffers of the servers, and not multiples."""
        sizes = (10001, 20011, 70001, 1, 300007)
        body = b''.join(b'%x\r\n%s\r\n' % (size, b'x' * size)
                        for size in sizes)
        answer = self.post(b'Transfer-Encoding: chunked\r\n',
                           body + b'0\r\n\r\n')
        self.assertTrue(answer.endswith(b'\r\n%d' % sum(sizes)),
                        answer[-200:])

    def test_unread_body_is_no_next_request(self):
        for framing in (b'Content-Length: 5\r\n\r\nabcde',
                        b'Transfer-Encoding: chunked\r\n\r\n'
                        b'5\r\nabcde\r\n0\r\nT: x\r\n\r\n'):
            answer = self.talk(
                b'POST /unread HTTP/1.1\r\nHost: x\r\n' + framing
                + b'GET /next HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
            self.assertEqual(2, answer.count(b'200 OK'), answer)
            self.assertIn(b'/next', answer)

    def test_unread_malformed_body_ends_the_connection(self):
        answer = self.talk(
            b'POST /unread HTTP/1.1\r\nHost: x\r\n'
            b'Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n'
            b'GET /next HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.assertEqual(1, answer.count(b'HTTP/1.1'), answer)

    def test_underscore_is_not_taken_for_a_hyphen(self):
        self.assertIn(b'/ None', self.get(b'/', b'X_Roles: admin'))
        self.assertIn(b'/ admin', self.get(b'/', b'X-Roles: admin'))

    def test_socket_of_the_client(self):
        client = self.connect()
        client.sendall(b'GET /peer HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        port = b'%d' % client.getsockname()[1]
        self.assertTrue(base.read_all(client).endswith(b'\r\n' + port))

    def test_failure_of_the_application_tells_nothing(self):
        self.assertNotIn(b'secret', self.get(b'/broken'))


class HostTestCase(base.HttpTestCase):
    """What links begin with; of hosts that are refused see `heads`."""

    own = 'http://127.0.0.1:%d'

    def url(self, lines, version='1.1', target='/url'):
        answer = self.talk(('GET %s HTTP/%s\r\nConnection: close\r\n%s\r\n' % (
            target, version, lines)).encode())
        self.assertStatus(200, answer)
        return answer.rpartition(b'\r\n')[2].decode()

    def test_a_link_begins_with_the_host_sent(self):
        for host in ('x', 'x:80', 'x.y-z_1:9292', '192.0.2.1:9', '[::1]',
                     '[2001:db8::1]:9292', '[fe80::1%25lo]:1', 'x:', 'a,b',
                     'x%20y'):
            for version in '1.0', '1.1':
                self.assertEqual(
                    'http://' + host.removesuffix(':80').removesuffix(':'),
                    self.url('Host: %s\r\n' % host, version))

    def test_not_said(self):
        """Health checks of old send none; an empty one is none."""
        own = self.own % self.address[1]
        for lines in '', 'Host:\r\n', 'Host: \t \r\n', 'host:\r\n':
            for version in '1.0', '1.1':
                self.assertEqual(own, self.url(lines, version))

    def test_in_the_url(self):
        for lines in '', 'Host:\r\n', 'Host: x\r\n':
            self.assertEqual('http://h:1', self.url(
                lines, target='http://h:1/url'))


class HostOfIPv6TestCase(HostTestCase):

    host, own = '::1', 'http://[::1]:%d'

    def setUp(self):
        try:
            super().setUp()
        except OSError as error:
            self.skipTest('no IPv6 here: %s' % error)


class RefusedTestCase(base.HttpTestCase):

    def test_the_table_of_heads_holds_on_the_wire(self):
        """What is refused and what is taken is so on the wire as well."""
        for title, data in heads.REFUSED.items():
            answer = self.talk(data)
            self.assertIn(answer.split(b' ')[1], (b'400', b'505'), title)
            self.assertIn(b'\r\nConnection: close\r\n', answer)
            self.assertEqual(1, answer.count(b'Content-Length: '), title)
            head, _end, body = answer.partition(b'\r\n\r\n')
            self.assertIn('message', json.loads(body))
        for data, (path, _query, roles) in heads.TAKEN.items():
            answer = self.talk(data)
            self.assertStatus(200, answer)
            self.assertTrue(answer.endswith(
                ('\r\n\r\n%s %s' % (path, roles)).encode('latin-1')), answer)

    def test_long_url(self):
        for length in (9000, 200000):
            answer = self.get(b'/' + b'a' * length)
            self.assertStatus(414, answer)
            body = json.loads(answer.partition(b'\r\n\r\n')[2])
            self.assertEqual('414 Request-URI Too Long', body['code'])

    def test_long_header(self):
        self.assertStatus(431, self.get(b'/', b'X: ' + b'a' * 20000))

    def test_header_below_the_limit(self):
        self.assertStatus(200, self.get(b'/', b'X: ' + b'a' * 16000))

    def test_many_headers(self):
        lines = [b'X%d: x' % number for number in range(200)]
        self.assertStatus(431, self.get(b'/', *lines))

    def test_large_headers(self):
        lines = [b'X%d: %s' % (number, b'x' * 15000) for number in range(9)]
        self.assertStatus(431, self.get(b'/', *lines))

    def test_garbage_is_a_bad_request(self):
        self.assertStatus(400, self.talk(b'\x00\x01\r\n\r\n'))

    def test_other_protocol(self):
        self.assertStatus(505, self.talk(b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'))
