"""Many clients that are slow, silent, or there at once."""

import time

from tests.unit.service.http import base


class PatientTestCase(base.HttpTestCase):
    """Whoever is slow or silent does not get in the way of others."""

    options = {'client_socket_timeout': 60, 'max_connections': 3}

    def each(self, *sent):
        """Connections that have sent this and wait."""
        clients = [self.connect() for _number in range(12)]
        for client in clients:
            for data in sent:
                client.sendall(data)
        return clients

    def drip(self, clients):
        for client in clients:
            client.sendall(b'x')

    def check_serves(self):
        self.assertStatus(200, self.get(b'/'))
        self.assertStatus(200, self.get(b'/healthcheck'))

    def test_silent_from_the_beginning(self):
        self.each()
        self.check_serves()

    def test_silent_after_a_request(self):
        for _number in range(12):
            self.connect_and_keep()
        self.check_serves()

    def test_slow_heads(self):
        clients = self.each(b'GET / HTTP/1.1\r\nX-A: ')
        self.drip(clients)
        self.check_serves()
        self.drip(clients)
        for client in clients:
            client.sendall(b'\r\n' + base.CLOSE + b'\r\n')
        for client in clients:
            self.assertStatus(200, base.read_all(client))

    def test_slow_bodies(self):
        clients = self.each(b'POST /length HTTP/1.1\r\n'
                            b'Content-Length: 20004\r\n' + base.CLOSE
                            + b'\r\n', b'x' * 20000)
        self.drip(clients)
        self.check_serves()
        for _byte in range(3):
            self.drip(clients)
        for client in clients:
            self.assertTrue(base.read_all(client).endswith(b'\r\n20004'))

    def test_slow_short_bodies(self):
        """They do not even hold up other bodies."""
        clients = self.each(b'POST /length HTTP/1.1\r\nContent-Length: 3\r\n'
                            + base.CLOSE + b'\r\n')
        self.drip(clients)
        self.check_serves()
        self.assertStatus(200, self.post(b'Content-Length: 1\r\n', b'x'))
        self.drip(clients)
        self.drip(clients)
        for client in clients:
            self.assertTrue(base.read_all(client).endswith(b'\r\n3'))

    def test_slow_answers(self):
        self.each(b'GET /wait HTTP/1.1\r\nHost: x\r\n\r\n')
        self.assertTrue(self.started.wait(30))
        self.assertStatus(200, self.get(b'/healthcheck'))
        self.assertStatus(200, self.post(b'Content-Length: 1\r\n', b'x'))
        self.may_end.set()

    def test_too_many_silent_ones(self):
        """The one that has been silent for longest makes room."""
        first, clients = self.connect(), []
        for _number in range(30):
            clients.append(self.connect())
        first.settimeout(60)
        self.assertEqual(b'', first.recv(1))
        clients[-1].sendall(b'GET / HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.assertStatus(200, base.read_all(clients[-1]))


class CrowdTestCase(base.HttpTestCase):
    """Many come at once and send half a request; it costs to begin each."""

    backlog = 300
    crowd = 200

    def setUp(self):
        self.begun = 0
        super().setUp()

    def start(self):
        """When all of them are there."""

    def app(self, environ, start_response):
        if environ['PATH_INFO'] == '/healthcheck':
            body = b'%d' % self.begun
            start_response('200 OK', [('Content-Length', str(len(body)))])
            return [body]
        if environ['PATH_INFO'] == '/wait':
            self.started.set()
            self.may_end.wait(300)
        self.begun += 1
        until = time.perf_counter() + 0.005
        while time.perf_counter() < until:
            pass
        return super().app(environ, start_response)

    def each(self, data):
        clients = [self.connect() for _number in range(self.crowd)]
        for client in clients:
            client.settimeout(60)
            client.sendall(data)
        return clients

    def test_health_is_told_before_all_have_begun(self):
        """Whoever asks for it gets an answer before all have begun."""
        self.each(b'POST /length HTTP/1.1\r\nContent-Length: 60000\r\n'
                  b'Host: x\r\n\r\n{"a"')
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'GET /healthcheck HTTP/1.1\r\n' + base.CLOSE + b'\r\n')
        self.server.start()
        answer = base.read_all(client)
        self.assertLess(int(answer.rpartition(b'\r\n')[2]), self.crowd // 2)

    def test_all_of_them(self):
        clients = self.each(
            b'POST /length HTTP/1.1\r\nContent-Length: 20000\r\n' + base.CLOSE
            + b'\r\n' + b'x' * 19999)
        self.server.start()
        for client in clients:
            client.sendall(b'x')
        for client in clients:
            self.assertTrue(base.read_all(client).endswith(b'\r\n20000'))

    def test_bodies_that_are_not_read_yet(self):
        """They do not keep others from beginning."""
        self.server.start()
        head = b'Content-Length: 20000\r\n' + base.CLOSE + b'\r\n'
        for _number in range(5):
            self.connect().sendall(b'POST /wait HTTP/1.1\r\n' + head)
        self.assertTrue(self.started.wait(30))
        client = self.connect()
        client.settimeout(60)
        client.sendall(b'POST /length HTTP/1.1\r\n' + head + b'x' * 19999)
        client.sendall(b'x')
        self.assertTrue(base.read_all(client).endswith(b'\r\n20000'))
