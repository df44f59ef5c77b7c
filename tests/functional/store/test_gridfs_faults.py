"""Who writes to GridFS is killed, or the servers are away."""

import contextlib
import logging
import signal
import socket
import subprocess
import sys
import uuid

from glance.common import exceptions
from glance.conf import CONF
from tests.fixtures.servers import mongodb
from tests.functional.store import gridfs
from tests.unit.store import base

MIB = gridfs.MIB
# Says when it has given all but the end, and when all is written.
_WRITER = """
import sys
from glance import startup
from glance.conf import CONF
from glance.store import backends

class Source:
    left = 6 << 20

    def read(self, size):
        if not self.left:
            return b''
        self.left -= size
        if self.left <= 0:
            self.left = 0
            print('reading', flush=True)
            sys.stdin.readline()
        return b'x' * size

CONF(['--config-file', sys.argv[1]], project='glance',
     default_config_dirs=[])
backends.load(CONF).default.write(sys.argv[2], sys.argv[3], Source())
print('written', flush=True)
sys.stdin.readline()
"""


class KilledWriterTest(gridfs.TestCase):

    def kill_writer(self, words):
        image_id = str(uuid.uuid4())
        name = gridfs.attempt()
        writer = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-c', _WRITER, self.config,
             image_id, name], stdout=subprocess.PIPE, stdin=subprocess.PIPE,
            text=True)
        try:
            for number, word in enumerate(words):
                if number:
                    writer.stdin.write('\n')
                    writer.stdin.flush()
                self.assertEqual(word, writer.stdout.readline().strip())
        finally:
            writer.kill()
            writer.communicate()
        self.assertEqual([image_id + '-' + name], self.mine(image_id))
        return image_id, name

    def test_in_the_midst(self):
        image_id, name = self.kill_writer(['reading'])
        self.assertRaises(exceptions.NotFound, self.store.open,
                          'gridfs://%s-%s' % (image_id, name))
        self.store.discard(image_id, name)
        self.assertEqual([], self.mine(image_id))

    def test_after_all_is_written(self):
        image_id, name = self.kill_writer(['reading', 'written'])
        self.store.discard(image_id, name)
        self.store.discard(image_id, name)
        self.assertEqual([], self.mine(image_id))


class GoneTest(gridfs.TestCase):
    """The server ends, or says nothing any more."""

    def find_server(self):
        return self.useFixture(mongodb.MongoDB())

    def clear(self, files):
        """It is alone there."""

    def setUp(self):
        super().setUp()
        self.haste = contextlib.ExitStack()
        self.addCleanup(self.haste.close)

    def hurry(self):
        """From now on all has to be done within a second."""
        self.haste.enter_context(sys.modules['pymongo'].timeout(1))

    def source(self, happens):
        class Source(base.Source):
            given = 0

            def read(own, size):
                own.given += 1
                if own.given == 2:
                    happens()
                    self.hurry()
                return base.Source.read(own, size)
        return Source(b'x' * 9 * MIB)

    def begin(self):
        """:returns: the rest of some data, after its first bytes"""
        chunks = iter(self.store.open(self.put(b'x' * 9 * MIB)))
        next(chunks)
        return chunks

    def fails(self, fn, *args):
        error = self.assertRaises(exceptions.StoreUnavailable, fn, *args)
        self.assertNotIn('127.0.0.1', str(error))

    def stop(self):
        self.server.process.signal(signal.SIGSTOP)
        self.addCleanup(self.server.process.signal, signal.SIGCONT)

    def test_gone_while_reading(self):
        chunks = self.begin()
        self.server.process.kill()
        self.hurry()
        self.fails(list, chunks)
        self.fails(self.store.check)
        self.haste.close()
        self.server.process.start()
        self.store.check()

    def test_gone_while_writing(self):
        self.fails(self.store.write, str(uuid.uuid4()), gridfs.attempt(),
                   self.source(self.server.process.kill))

    def test_one_connection_is_cut(self):
        """That is nothing that a reader sees."""
        chunks = self.begin()
        client = self.store._files._client._connected()
        for server in client._topology._servers.values():
            for connection in list(server.pool.conns):
                held = connection.conn
                getattr(held, 'get_conn', held).shutdown(socket.SHUT_RDWR)
        self.assertEqual(5 * MIB, sum(map(len, chunks)))

    def test_silence_fails_a_read_under_way(self):
        chunks = self.begin()
        self.stop()
        self.hurry()
        self.fails(list, chunks)
        self.haste.close()
        self.server.process.signal(signal.SIGCONT)
        self.store.check()

    def test_silent_while_writing(self):
        """What could not be removed then is found later."""
        image_id, name = str(uuid.uuid4()), gridfs.attempt()
        self.fails(self.store.write, image_id, name, self.source(self.stop))
        self.haste.close()
        self.server.process.signal(signal.SIGCONT)
        [found] = self.store.list()
        self.assertEqual((image_id, name), (found.image_id, found.attempt))
        self.store.drop(found)
        self.assertEqual([], self.mine(image_id))

    def test_away_when_the_service_starts(self):
        self.server.process.kill()
        store = self.load(self.server.uri + '&timeoutMS=200')
        self.assertIsNone(store.problem)
        url = 'gridfs://' + str(uuid.uuid4())
        for call in (lambda: store.open(url), lambda: store.size(url),
                     lambda: store.delete(url), store.check,
                     lambda: list(store.list()),
                     lambda: store.discard(url[9:], 'a1')):
            self.fails(call)
        self.server.process.start()
        self.store.check()


class SecretsTest(gridfs.TestCase):

    def test_credentials_that_are_wrong(self):
        """Neither the log nor an answer tells what they are."""
        self.store = store = self.load(self.server.uri.replace(
            mongodb.PASSWORD, 'other-' + mongodb.PASSWORD))
        url = 'gridfs://' + str(uuid.uuid4())
        for call in (lambda: store.open(url), lambda: store.size(url),
                     lambda: store.delete(url), store.check,
                     lambda: list(store.list()), lambda: self.put(b'data')):
            error = self.assertRaises(exceptions.StoreUnavailable, call)
            self.refuse_secrets(str(error))
        self.assertIn('Store one: open failed', self.log.output)
        self.refuse_secrets(self.log.output)
        self.refuse_secrets(str(store.details()))
        self.refuse_secrets(repr(store.place(url)))
        CONF.log_opt_values(logging.getLogger(), logging.DEBUG)
        self.refuse_secrets(self.log.output)

    def refuse_secrets(self, text):
        for secret in (mongodb.PASSWORD, mongodb.USER, 'directConnection'):
            self.assertNotIn(secret, text)

    def test_uris_that_are_wrong(self):
        for uri in ('', 'mongodb://u:%s@@/' % mongodb.PASSWORD,
                    'mongodb://u:%s@:x/' % mongodb.PASSWORD,
                    'http://u:%s@host/' % mongodb.PASSWORD,
                    'mongodb+srv://u:%s@host/?srvMaxHosts=2&tls=maybe'
                    % mongodb.PASSWORD,
                    'mongodb://u:x@host/?tls=' + mongodb.PASSWORD):
            store = self.load(uri)
            self.assertIn('mongodb_store_uri', store.problem)
            self.assertTrue(store.read_only)
            self.assertEqual({'problem': store.problem}, store.details())
            for call in (store.check, lambda: list(store.list()),
                         lambda: store.open('gridfs://x')):
                self.assertRaises(exceptions.StoreUnavailable, call)
            self.assertNotIn(mongodb.PASSWORD, store.problem + self.log.output)
