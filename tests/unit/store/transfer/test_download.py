"""Bodies of downloads: as a file, through a socket, and in chunks."""

import os

from glance.common import concurrency
from glance.common import exceptions
from glance.store import driver
from glance.store.transfer import download
from glance.store.transfer import sendfile
from tests.unit.store import base

native = concurrency.native


class Chunks(driver.Reader):
    """A reader of a remote store."""

    def __init__(self, chunks, length=None):
        self._chunks, self.length = chunks, length
        self.closed = 0

    def __iter__(self):
        for chunk in self._chunks:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk

    def close(self):
        self.closed += 1


class Wrapper:
    """As PEP 3333 describes wsgi.file_wrapper."""

    def __init__(self, file, size):
        self.close = file.close
        self._file, self._size = file, size

    def __iter__(self):
        return iter(lambda: self._file.read(self._size), b'')


class DownloadTestCase(base.StoreTestCase):

    def setUp(self):
        super().setUp()
        self.done = []

    def body(self, reader, **environ):
        return download.body(environ, reader,
                             lambda *args: self.done.append(args))

    def drain(self, body):
        try:
            return b''.join(body)
        finally:
            body.close()
            body.close()

    def file(self, data, *args):
        url = self.store.write('img', 'a1', base.Source(data)).url
        return self.store.open(url, *args)

    def test_chunks_are_sent_and_counted(self):
        for length in (5, None):
            reader = Chunks([b'ab', b'cde'], length)
            self.assertEqual(b'abcde', self.drain(self.body(reader)))
            self.assertEqual((5, True), self.done.pop())
            self.assertEqual(1, reader.closed)

    def test_nothing_is_sent_of_empty_data(self):
        self.assertEqual(b'', self.drain(self.body(Chunks([], 0))))
        self.assertEqual([(0, True)], self.done)

    def test_failure_is_not_padded(self):
        for chunks in ([b'ab', exceptions.StoreUnavailable()], [b'ab']):
            body = self.body(Chunks(chunks, 5))
            self.assertRaises(exceptions.StoreUnavailable, self.drain, body)
            self.assertEqual((2, False), self.done.pop())

    def test_client_goes_away(self):
        reader = Chunks([b'ab', b'cde'], 5)
        body = self.body(reader)
        next(iter(body))
        body.close()
        self.assertEqual(1, reader.closed)
        self.assertFalse(self.done[0][1])

    def test_file_wrapper_for_whole_files_only(self):
        data = os.urandom(600000)
        body = self.body(self.file(data), **{'wsgi.file_wrapper': Wrapper})
        self.assertIsInstance(body, Wrapper)
        self.assertEqual(data, self.drain(body))
        self.store.discard('img', 'a1')
        body = self.body(self.file(data, 5, 100),
                         **{'wsgi.file_wrapper': Wrapper})
        self.assertNotIsInstance(body, Wrapper)
        self.assertEqual(data[5:105], self.drain(body))
        self.assertEqual([(600000, True), (100, True)], self.done)


class SocketTestCase(DownloadTestCase):
    """The rest of the file goes past the iterator, into the socket."""

    def setUp(self):
        super().setUp()
        # Greenlets, where there are any, wait for this socket.
        import socket
        self.client, self.server = socket.socketpair()
        self.server.settimeout(5)
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)

    def body(self, reader, **environ):
        environ['glance.socket'] = self.server
        return super().body(reader, **environ)

    def fetch(self, *args):
        """What a client sees on the connection."""
        found = []

        def receive():
            while data := self.client.recv(1 << 20):
                found.append(data)
        client = concurrency.spawn(receive)
        body = self.body(*args)
        for piece in body:
            self.server.sendall(piece)
        body.close()
        self.server.close()
        client.wait(5)
        return b''.join(found)

    def test_whole_file(self):
        data = os.urandom(5000000)
        self.assertEqual(data, self.fetch(self.file(data)))
        self.assertEqual([(5000000, True)], self.done)

    def test_a_range_goes_into_the_socket(self):
        data = os.urandom(5000000)
        self.assertEqual(data[100:4000100],
                         self.fetch(self.file(data, 100, 4000000)))
        self.assertEqual([(4000000, True)], self.done)

    def test_small_file(self):
        self.assertEqual(b'abc', self.fetch(self.file(b'abc')))

    def test_shrinking_file_ends_the_connection(self):
        reader = self.file(os.urandom(5000000))
        os.truncate(os.path.join(self.folder, 'img'), 1000000)
        self.assertEqual(1000000, len(self.fetch(reader)))
        self.assertEqual([(1000000, False)], self.done)

    def test_client_that_takes_nothing(self):
        self.server.settimeout(0.1)
        body = self.body(self.file(os.urandom(5000000)))
        for piece in body:
            pass
        body.close()
        self.assertFalse(self.done[0][1])
        self.assertIsInstance(body, sendfile.SendFile)

    def test_failure_is_not_padded(self):
        for chunks in ([b'ab', exceptions.StoreUnavailable()], [b'ab']):
            body = self.body(Chunks(chunks, 5))
            self.assertEqual(b'ab', self.drain(body))
            self.assertEqual((2, False), self.done.pop())
            self.assertRaises(OSError, self.server.send, b'x')

    test_file_wrapper_for_whole_files_only = None
