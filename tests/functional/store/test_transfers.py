"""Uploads and downloads through a real server, in either mode."""

import hashlib
import os
import time

from oslotest import base

from glance.common import concurrency
from glance.common import exceptions
from glance.store.transfer import threads
from tests.functional.store import server
from tests.unit.store.request import test_body_framing

native = concurrency.native

SMALL = os.urandom(300000)
LARGE = os.urandom(1 << 20) * 20 + b'x'


class TransferTestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(server.Server())

    def run_client(self, fn, *args):
        """Run a client beside the server."""
        def run():
            client = server.Client(self.server.port)
            try:
                return fn(client, *args)
            finally:
                client.close()
        return threads.call(run)

    def put(self, *args):
        return self.run_client(server.Client.put, *args)

    def content(self, name):
        with open(os.path.join(self.server.folder, name), 'rb') as source:
            return source.read()


class UploadTestCase(TransferTestCase):

    def check(self, name, data):
        result = self.server.received[name]
        expected = (len(data), hashlib.md5(data).hexdigest(),
                    hashlib.sha512(data).hexdigest())
        self.assertEqual(expected, (result.size, result.checksum,
                                    result.os_hash_value))
        stored = self.content(name)
        self.assertEqual(expected[:2], (len(stored),
                                        hashlib.md5(stored).hexdigest()))

    def test_length_given(self):
        for number, data in enumerate((b'', SMALL, LARGE)):
            name = 'img%d' % number
            self.assertEqual((204, b''), self.put(name, data))
            self.check(name, data)

    def test_chunked_data_arrives_whole(self):
        for number, data in enumerate((b'', SMALL, LARGE)):
            name = 'img%d' % number
            raw = server.chunks(data, 3 << 20 if number else 65536)
            self.assertEqual((204, b''), self.run_client(
                server.Client.put_chunked, name, raw))
            self.check(name, data)

    def test_many_on_one_connection(self):
        def run(client):
            found = []
            for number in range(3):
                found.append(client.put('a%d' % number, SMALL)[0])
                found.append(client.put('b%d' % number, LARGE)[0])
                raw = server.chunks(LARGE, 100000)
                found.append(client.put_chunked('c%d' % number, raw)[0])
                found.append(client.get('ping'))
            return found
        self.assertEqual([204, 204, 204, (200, b'pong')] * 3,
                         self.run_client(run))
        for name in ('b2', 'c2'):
            self.check(name, LARGE)

    def test_client_that_waits_for_100_continue(self):
        def run(client):
            client.head('PUT /img', 'Content-Length: %d' % len(LARGE),
                        'Expect: 100-continue')
            line = client.sock.recv(1000)
            client.sock.sendall(LARGE)
            return line, client.answer()
        line, answer = self.run_client(run)
        self.assertTrue(line.startswith(b'HTTP/1.1 100 '), line)
        self.assertEqual((204, b''), answer)
        self.check('img', LARGE)

    def test_broken_chunks(self):
        def run(client, raw):
            client.head('PUT /img', 'Transfer-Encoding: chunked')
            client.sock.sendall(raw)
            client.sock.shutdown(native.socket.SHUT_WR)
            return client.answer()
        start = b'%x\r\n%s\r\n' % (len(LARGE), LARGE)
        for name, raw in test_body_framing.BROKEN.items():
            for data in (raw, start + raw):
                self.assertEqual(400, self.run_client(run, data)[0], name)
                self.assertEqual([], self.server.files())

    def test_cut_off(self):
        def run(client, data):
            client.head('PUT /img', 'Content-Length: %d' % (len(data) + 1))
            client.sock.sendall(data)
            client.sock.shutdown(native.socket.SHUT_WR)
            return client.answer()
        for data in (SMALL, LARGE):
            self.assertEqual(400, self.run_client(run, data)[0])
            self.assertEqual([], self.server.files())

    def test_early_answer_to_a_client_that_goes_on(self):
        """The client hears why, although it has not sent everything."""
        self.server.upload_args = {'claim': 'qcow2'}
        for data in (SMALL, LARGE):
            self.assertEqual(415, self.put('img', data)[0])
        self.server.upload_args = {'cap': 2 << 20}
        for size in (65536, 100 << 20):
            status, _body = self.run_client(
                server.Client.put_chunked, 'img', server.chunks(LARGE, size))
            self.assertEqual(413, status)
        self.assertEqual([], self.server.files())

    def test_rest_of_a_refused_body_is_no_request(self):
        """What follows the point of refusal must not be parsed."""
        self.server.upload_args = {'cap': 2 << 20}
        smuggled = b'PUT /evil HTTP/1.1\r\nContent-Length: 0\r\n\r\n' * 500000

        def run(client):
            status, _body = client.put_chunked('img', server.chunks(
                smuggled, 100 << 20))
            try:
                return status, client.sock.recv(1000)
            except OSError:
                return status, b''
        status, _rest = self.run_client(run)
        self.assertEqual(413, status)
        self.assertNotIn('evil', self.server.received)
        self.assertEqual([], self.server.files())

    def test_cancelled_while_the_client_is_silent(self):
        reasons = []
        self.server.upload_args = {
            'cancelled': lambda: reasons[0] if reasons else None}

        def run(client):
            client.head('PUT /img', 'Content-Length: %d' % (len(LARGE) + 1))
            client.sock.sendall(LARGE)
            time.sleep(0.3)
            reasons.append(exceptions.Gone())
            started = time.monotonic()
            client.sock.settimeout(60)
            return client.answer()[0], time.monotonic() - started
        status, seconds = self.run_client(run)
        self.assertEqual(410, status)
        self.assertLess(seconds, 30)
        self.assertEqual([], self.server.files())

    def test_two_hundred_at_once(self):
        data, statuses = os.urandom(1 << 20), []

        def run(client, number):
            statuses.append(client.put('img%d' % number, data)[0])
        before = _threads()
        most = self.crowd(200, run, on_way=_threads)
        self.assertEqual([204] * 200, statuses)
        self.assertEqual(200, len(self.server.files()))
        if concurrency.is_green():
            # The clients are threads of this process as well.
            self.assertLess(most - before, 200 + 60)

    def crowd(self, number, run, on_way):
        """Run so many clients at once; the most `on_way` has said."""
        def one(index):
            client = server.Client(self.server.port, 60)
            try:
                run(client, index)
            finally:
                client.close()

        def all_of_them():
            started = [native.threading.Thread(target=one, args=(index,))
                       for index in range(number)]
            for thread in started:
                thread.start()
            most = 0
            while any(thread.is_alive() for thread in started):
                most = max(most, on_way())
                time_native.sleep(0.02)
            return most
        time_native = native.time
        return threads.call(all_of_them)

    def test_others_are_served_during_a_large_upload(self):
        def run(client):
            client.head('PUT /img', 'Content-Length: %d' % (8 * len(LARGE)))
            other, slowest = server.Client(self.server.port), 0
            for _ in range(8):
                client.sock.sendall(LARGE)
                started = native.time.monotonic()
                other.get('ping')
                slowest = max(slowest, native.time.monotonic() - started)
            other.close()
            return client.answer()[0], slowest
        status, slowest = self.run_client(run)
        self.assertEqual(204, status)
        self.assertLess(slowest, 20)


def _threads():
    return len(os.listdir('/proc/self/task'))


class DownloadTestCase(TransferTestCase):

    def setUp(self):
        super().setUp()
        os.makedirs(self.server.folder, exist_ok=True)
        with open(os.path.join(self.server.folder, 'img'), 'wb') as target:
            target.write(LARGE)

    def test_whole_and_again_on_the_same_connection(self):
        def run(client):
            return [client.get('img'), client.get('img'), client.get('ping')]
        first, second, last = self.run_client(run)
        self.assertTrue(first == second == (200, LARGE))
        self.assertEqual((200, b'pong'), last)
        self.assertEqual([(len(LARGE), True)] * 2, self.server.done)

    def test_file_that_shrinks_cuts_the_connection(self):
        def run(client):
            client.sock.setsockopt(native.socket.SOL_SOCKET,
                                   native.socket.SO_RCVBUF, 65536)
            client.head('GET /img')
            received = len(client.sock.recv(1000))
            os.truncate(os.path.join(self.server.folder, 'img'), 16 << 20)
            try:
                while data := client.sock.recv(1 << 20):
                    received += len(data)
            except ConnectionResetError:
                pass
            return received
        self.assertLess(self.run_client(run), len(LARGE))
        _wait(lambda: self.server.done)
        self.assertFalse(self.server.done[0][1])

    def test_two_hundred_slow_clients(self):
        def run(client):
            clients = [server.Client(self.server.port) for _ in range(200)]
            for one in clients:
                one.sock.setsockopt(native.socket.SOL_SOCKET,
                                    native.socket.SO_RCVBUF, 65536)
                one.head('GET /img')
            for one in clients:
                one.sock.recv(10)
            threads_now, started = _threads(), native.time.monotonic()
            client.get('ping')
            latency = native.time.monotonic() - started
            for one in clients:
                one.close()
            return threads_now, latency
        # Earlier tests of this process may have left idle ones.
        threads_before = _threads()
        threads_now, latency = self.run_client(run)
        self.assertLess(latency, 20)
        if concurrency.is_green():
            self.assertLess(threads_now - threads_before, 80)
        _wait(lambda: len(self.server.done) == 200)
        self.assertEqual({False}, {done[1] for done in self.server.done})


def _wait(condition):
    deadline = time.monotonic() + 120
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
