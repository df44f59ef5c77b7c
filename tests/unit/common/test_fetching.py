"""What is read from the web servers of others, and what is refused."""

import contextlib
import io
import socket
import threading
import types

import fixtures
from oslo_config import fixture as config_fixture
from oslotest import base

from glance.common import exceptions
from glance.common import fetching
from glance.common import pace
from glance.conf import CONF
from glance.store.drivers import http


class Server(threading.Thread):
    """Gives one answer to each connection, and ends it.

    :param answer: all bytes of it
    """

    def __init__(self, answer):
        super().__init__(daemon=True)
        self._answer = answer
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.url = 'http://127.0.0.1:%d/image' % self.port

    def run(self):
        while True:
            try:
                connection, _peer = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(self._answer)

    def stop(self):
        # Only this wakes up who waits in accept.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.join()
        self.listener.close()


class TestCase(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        CONF([], project='glance', default_config_files=[],
             default_config_dirs=[])
        self.conf = self.useFixture(config_fixture.Config(CONF))

    def serve(self, answer):
        """:returns: the URL whose answer this is, of text"""
        server = Server(answer.replace('\n', '\r\n').encode('latin-1'))
        server.start()
        self.addCleanup(server.stop)
        self.conf.config(group='import_filtering_opts',
                         allowed_hosts=['127.0.0.1'],
                         allowed_ports=[server.port])
        return server.url

    def read(self, answer, **kwargs):
        source = fetching.open(self.serve(answer), **kwargs)
        self.addCleanup(source.close)
        return b''.join(iter(lambda: source.read(3), b''))

    def assert_refused(self, answer, reason):
        error = self.assertRaises(fetching.Unreachable, self.read, answer)
        self.assertIn(reason, error.message, answer)


class TestCodings(TestCase):

    def answer(self, header):
        return ('HTTP/1.1 200 OK\nContent-Length: 4\n%s\n\ndata' % header)

    def test_plain_data_is_read(self):
        for header in ('X-Any: y', 'Content-Encoding:',
                       'Content-Encoding: identity',
                       'Content-Encoding: Identity, identity'):
            self.assertEqual(b'data', self.read(self.answer(header)))

    def test_encoded_data_is_refused(self):
        for name in ('gzip', 'x-gzip', 'GZip', 'deflate', 'br', 'zstd',
                     'compress', 'aws-chunked', 'identity, gzip',
                     'identity\nContent-Encoding: gzip'):
            self.assert_refused(self.answer('Content-Encoding: ' + name),
                                'coding')

    def test_encoded_for_the_transfer(self):
        for name in ('gzip', 'gzip, chunked', 'chunked, gzip', 'chunked;q=1',
                     'gzip\nTransfer-Encoding: chunked'):
            self.assert_refused(
                'HTTP/1.1 200 OK\nTransfer-Encoding: %s\n\n4\ndata\n0\n\n'
                % name, 'coding')

    def test_the_http_store_takes_no_encoded_data(self):
        store = web_store()
        for header, status in (('200 OK', ()), ('206 Partial', (1, 4))):
            url = self.serve('HTTP/1.1 %s\nContent-Encoding: gzip\n'
                             'Content-Length: 4\n\ndata' % header)
            self.assertRaises(exceptions.StoreUnavailable, store.open, url,
                              *status)
            self.assertRaises(exceptions.StoreUnavailable, store.size, url)


class TestEnds(TestCase):

    def test_data_with_a_known_end_is_read(self):
        for answer in ('Content-Length: 4\n\ndata',
                       'Content-Length: 4\nConnection: close\n\ndata',
                       'Content-Length: 0\n\n',
                       'Transfer-Encoding: chunked\n\n4\ndata\n0\n\n'):
            self.assertIn(self.read('HTTP/1.1 200 OK\n' + answer),
                          (b'data', b''))

    def test_broken_off(self):
        for answer in ('Content-Length: 5\n\ndata',
                       'Transfer-Encoding: chunked\n\n',
                       'Transfer-Encoding: chunked\n\n4\nda',
                       'Transfer-Encoding: chunked\n\n4\ndata',
                       'Transfer-Encoding: chunked\n\n4\ndata\n'):
            self.assert_refused('HTTP/1.1 200 OK\n' + answer, 'all of its')

    def test_an_unconfirmed_end_is_refused_unless_allowed(self):
        for answer in ('1.0 200 OK\n\ndata', '1.1 200 OK\n\ndata',
                       '1.1 200 OK\nConnection: close\n\ndata',
                       '1.1 200 OK\nTransfer-Encoding: identity\n\ndata',
                       '1.1 200 OK\nContent-Length: x\n\ndata'):
            answer = 'HTTP/' + answer
            self.conf.config(group='import_filtering_opts',
                             allow_unconfirmed_end=False)
            self.assert_refused(answer, 'where its data ends')
            self.conf.config(group='import_filtering_opts',
                             allow_unconfirmed_end=True)
            if 'Length' not in answer:
                self.assertEqual(b'data', self.read(answer))


class TestInterim(TestCase):

    final = 'HTTP/1.1 200 OK\nContent-Length: 4\n\ndata'
    hints = 'HTTP/1.1 103 Early Hints\nLink: </x>; rel=preload\n\n'

    def test_interim_answers_are_skipped(self):
        for first in (self.hints, self.hints * 3,
                      'HTTP/1.1 102 Processing\n\n' + self.hints,
                      'HTTP/1.1 100 Continue\n\n' + self.hints
                      + 'HTTP/1.1 100 Continue\n\n', 'HTTP/1.1 199 X\n\n'):
            self.assertEqual(b'data', self.read(first + self.final))

    def test_through_a_proxy(self):
        url = self.serve(self.hints + self.final)
        via = fetching.Via(proxies={'http': url.removesuffix('/image')})
        source = fetching.open(url, via=via)
        self.addCleanup(source.close)
        self.assertEqual(b'data', source.read(9))

    def test_no_final_answer(self):
        for first in (self.hints, self.hints * 1000 + self.final,
                      'HTTP/1.1 101 Switching Protocols\n\n' + self.final):
            self.assert_refused(first, 'could not be read')


class TestMalformed(TestCase):
    """Whatever a server says, nothing but a refusal comes of it."""

    heads = [
        'HTTP/1.1 200 OK\nContent-Length: \u00b2\n\ndata',
        'HTTP/1.1 200 OK\nContent-Length: %s\n\ndata' % ('9' * 5000),
        'HTTP/1.1 200 OK\nContent-Length: 1_0\n\ndata',
        # what follows such a line, a coding too, would be passed over
        'HTTP/1.1 200 OK\nContent-Length: 4\nno header\n'
        'Content-Encoding: gzip\n\ndata',
        'HTTP/1.1 200 OK\n folded: from nothing\nContent-Length: 4\n\ndata',
        *('HTTP/1.1 302 Found\nContent-Length: 4\nLocation: %s\n\ndata'
          % location for location in (
              'http://[', 'http://[::1', '//[', 'http://a:x/',
              'http://a:99999/', 'http://[v1.x]/', '/\u00e9',
              'http://a\u00bdb/', '\t', '#', ''))]
    bodies = ['Transfer-Encoding: chunked\n\n%s\ndata\n0\n\n' % size
              for size in ('-3', '-', 'x', '', '+', '4 4', 'f' * 30)]

    def test_a_malformed_answer_is_refused(self):
        log = self.useFixture(fixtures.FakeLogger())
        for answer in self.heads + ['HTTP/1.1 200 OK\n' + body
                                    for body in self.bodies]:
            self.assertRaises(exceptions.BadRequest, self.read, answer)
        # URLs may hold what signs them.
        self.assertNotIn('image', log.output)

    def test_the_http_store_fails_as_stores_do(self):
        store = web_store()
        for head in self.heads:
            url = self.serve(head)
            for method in (store.open, store.size, store.strict.size):
                self.assertRaises(exceptions.StoreUnavailable, method, url)
        for body in self.bodies:
            url = self.serve('HTTP/1.1 200 OK\n' + body)
            self.assertRaises(exceptions.StoreUnavailable, list,
                              store.open(url))


class TestParts(TestCase):
    """A server may give another part than it was asked for."""

    def read_part(self, part, offset, length, content='b'):
        head = part and 'Content-Range: %s\n' % part
        url = self.serve('HTTP/1.1 206 Partial\n%sContent-Length: %d\n\n%s'
                         % (head, len(content), content))
        with contextlib.closing(
                web_store().open(url, offset, length)) as reader:
            return b''.join(reader)

    def test_the_part_that_was_asked_for(self):
        for part in ('bytes 1-1/4', 'Bytes  1-1/*'):
            self.assertEqual(b'b', self.read_part(part, 1, 1))
        self.assertEqual(b'bcd', self.read_part('bytes 1-3/4', 1, None, 'bcd'))
        # all that there is
        self.assertEqual(b'bcd', self.read_part('bytes 1-3/4', 1, 9, 'bcd'))

    def test_another_part_is_refused(self):
        for part in ('', 'bytes 0-0/4', 'bytes 2-2/4', 'bytes 1-2/4',
                     'bytes 1-0/4', 'bytes */4', 'bytes=1-1/4', 'lines 1-1/4',
                     'bytes \u00b9-1/4', 'bytes 1-1', 'bytes 0-3/4'):
            self.assertRaises(exceptions.StoreUnavailable, self.read_part,
                              part, 1, 1)
        self.assertRaises(exceptions.StoreUnavailable, self.read_part,
                          'bytes 1-1/4', 1, None)

    def test_a_part_that_nobody_asked_for(self):
        self.assertRaises(exceptions.StoreUnavailable, self.read_part,
                          'bytes 0-0/4', 0, None)


def web_store():
    return http.Driver('web', types.SimpleNamespace(
        https_ca_certificates_file=None, https_insecure=False,
        http_proxy_information={}))


class Clock:
    """Stands in for `time`: each look at it is `step` seconds later."""

    def __init__(self, step):
        self._now, self.step = 0, step

    def monotonic(self):
        self._now += self.step
        return self._now


class TestPace(TestCase):
    """A source that gives a little now and then holds a place for ever."""

    head = 'HTTP/1.1 200 OK\nContent-Length: 1000\n\n'

    def setUp(self):
        super().setUp()
        self.clock = Clock(0)
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.pace.time', self.clock))
        self.conf.config(group='import_filtering_opts', read_timeout=60)
        self.drip()

    def drip(self):
        """However much has come, one byte is had at a time."""
        real = pace.Reader.readinto
        self.useFixture(fixtures.MonkeyPatch(
            'glance.common.pace.Reader.readinto',
            lambda stream, view: real(stream, memoryview(view)[:1])))

    def open(self, answer, **kwargs):
        source = fetching.open(self.serve(answer), **kwargs)
        self.addCleanup(source.close)
        return source

    def read_all(self, source):
        return b''.join(iter(lambda: source.read(1 << 20), b''))

    def test_a_body_that_drips_is_given_up(self):
        for head, body in ((self.head, 'x' * 1000), (
                'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n',
                '1\nx\n' * 1000 + '0\n\n')):
            self.clock.step = 0
            source = self.open(head + body)
            self.clock.step = 50
            error = self.assertRaises(fetching.Unreachable, self.read_all,
                                      source)
            self.assertIn('slow', error.message)

    def test_headers_that_drip_are_given_up(self):
        self.clock.step = 50
        for head in (self.head, 'HTTP/1.1 103 Early Hints\n\n' + self.head):
            self.assertRaises(fetching.Unreachable, fetching.open,
                              self.serve(head + 'x' * 1000))

    def test_as_an_operator_likes(self):
        self.conf.config(group='import_filtering_opts', minimum_rate=0)
        self.clock.step = 50
        source = self.open(self.head + 'x' * 1000)
        self.assertEqual(b'x' * 1000, self.read_all(source))

    def test_long_silences(self):
        self.clock.step = 0
        source = self.open(self.head + 'x' * 1000)
        for _number in range(2):
            self.clock.step = 59
            self.assertEqual(b'x', source.read(1))
            self.clock.step = 0
        self.assertEqual(b'x' * 998, self.read_all(source))

    def test_who_reads_slowly(self):
        """Only the time in which the source is waited for counts."""
        source = self.open(self.head + 'x' * 1000)
        for _number in range(1000):
            self.clock._now += 3600
            self.assertEqual(b'x', source.read(1))

    def test_a_store(self):
        store = http.Driver('web', types.SimpleNamespace(
            https_ca_certificates_file=None, https_insecure=False,
            http_proxy_information={}))
        reader = store.open(self.serve(self.head + 'x' * 1000))
        self.addCleanup(reader.close)
        self.clock.step = 50
        self.assertRaises(exceptions.StoreUnavailable, b''.join, reader)

    def test_a_target(self):
        """Who takes data a little at a time is no better."""
        url = self.serve('HTTP/1.1 201 Created\nContent-Length: 0\n\n')
        self.clock.step = 50
        self.assertRaises(fetching.Unreachable, fetching.send, url,
                          io.BytesIO(b'x' * (1 << 18)), None)
