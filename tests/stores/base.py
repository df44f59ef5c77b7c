"""What every store of glance_store has to do behind our contract."""

import os
import signal
import subprocess
import sys
import time
import uuid

import fixtures
from oslo_config import fixture as config_fixture

from glance.common import exceptions
from glance.conf import CONF
from glance.store import registry
from tests.fixtures import programs
from tests.functional.store import conformance
from tests.unit.store import base as sources

MIB = 1 << 20
_PATIENCE = 60


def wait_until(condition, what, seconds=_PATIENCE):
    """:returns: the first true value that `condition` gives"""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.2)
    return value


class Stores(fixtures.Fixture):
    """The stores of a configuration.

    :param kinds: {id: type}, the first one is the default
    :param options: {id: {option: value}}
    :ivar config: path of the file
    """

    def __init__(self, kinds, options):
        super().__init__()
        self._kinds, self._options = kinds, options

    def _setUp(self):
        work = self.useFixture(fixtures.TempDir()).path
        self.config = programs.write_config(
            os.path.join(work, 'glance.conf'), dict({
                'DEFAULT': {'enabled_backends': ', '.join(
                    '%s:%s' % kind for kind in self._kinds.items())},
                'oslo_concurrency': {'lock_path': work},
                'glance_store': {'default_backend': next(iter(self._kinds))}},
                **self._options))
        self.useFixture(config_fixture.Config(CONF))
        self.all = load(self.config)


def load(config):
    """:returns: `glance.store.registry.Stores` of a file"""
    CONF(['--config-file', config], project='glance',
         default_config_dirs=[])
    return registry.load(CONF)


class Suite(conformance.WritableSuite):
    """A test case says what `kind` of store with which `options`.

    `left()` gives the names of what is in the store.
    """

    kind = None
    other = {}      # options of a second store that can copy from the first

    def setUp(self):
        super().setUp()
        kinds, options = {'one': self.kind}, {'one': self.options()}
        if self.other:
            kinds['two'] = self.kind
            options['two'] = dict(options['one'], **self.other)
        self.stores = self.useFixture(Stores(kinds, options))
        self.store = self.stores.all.get('one')
        self.assertIsNone(self.store.problem)

    def mine(self, image_id):
        """Names in the store that belong to an image."""
        return [name for name in self.left() if image_id in name]

    def discard(self, image_id, attempt):
        """As a conductor does: again, while the store is not ready for it."""
        def done():
            try:
                self.store.discard(image_id, attempt)
            except exceptions.GlanceError:
                return False
            return True
        wait_until(done, 'removal of what an attempt has left')

    def test_large_data(self):
        """More than goes in one piece."""
        data = os.urandom(13 * MIB + 5)
        for size in (None, len(data)):
            url = self.put(data, size=size)
            self.assertEqual(len(data), self.store.size(url))
            self.assert_same(data, self.get(url))
            self.assert_same(data[6 * MIB:][:100],
                             self.get(url, 6 * MIB, 100))

    def test_same_attempt_discarded_without_its_url(self):
        image_id = str(uuid.uuid4())
        self.store.write(image_id, 'a1', sources.Source(b'x' * 100))
        self.assertNotEqual([], self.mine(image_id))
        self.discard(image_id, 'a1')
        self.discard(image_id, 'a1')
        self.gone(image_id)

    def test_discard_spares_newer_attempts(self):
        image_id = str(uuid.uuid4())
        self.store.write(image_id, 'a1', sources.Source(b'old'))
        url = self.put(b'new', 'a2', image_id)
        self.discard(image_id, 'a1')
        self.assertEqual(b'new', self.get(url))
        self.store.delete(url)
        self.gone(image_id)

    def gone(self, image_id):
        wait_until(lambda: not self.mine(image_id), 'an empty store')

    def test_killed_writer(self):
        """kill -9 in the midst of a write, and after the whole of it."""
        for size, mark in ((9, 'reading'), (1, 'written')):
            image_id = str(uuid.uuid4())
            writer = subprocess.Popen(
                [sys.executable, '-W', 'ignore', '-m', 'tests.stores.writer',
                 self.stores.config, image_id, 'a1', str(size * MIB)],
                stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
            try:
                while line := writer.stdout.readline():
                    if line.strip() == mark:
                        break
                self.assertTrue(line, 'the writer has ended')
            finally:
                writer.send_signal(signal.SIGKILL)
                writer.communicate()
            self.discard(image_id, 'a1')
            self.gone(image_id)

    def copied(self, written, data):
        self.assertIsNotNone(written)
        self.assert_same(data, self.get(written.url))
        return written.url

    def test_clone(self):
        for data in (b'small', os.urandom(13 * MIB)):
            image_id = str(uuid.uuid4())
            origin = self.put(data)
            self.copied(self.store.clone(origin, image_id, 'a1'), data)
            self.discard(image_id, 'a1')
            self.gone(image_id)
            url = self.copied(self.store.clone(origin, image_id, 'a2'), data)
            self.store.settle(image_id, 'a2')
            self.delete_both(origin, url, data)

    def delete_both(self, origin, url, data):
        """A clone does not need its original."""
        self.store.delete(origin)
        self.assert_same(data, self.get(url))
        self.store.delete(url)

    def test_copy(self):
        if not self.other:
            self.skipTest('This kind copies within a store only.')
        second = self.stores.all.get('two')
        data, image_id = os.urandom(13 * MIB), str(uuid.uuid4())
        origin = self.put(data)
        written = second.copy(self.store, origin, image_id, 'a1')
        second.settle(image_id, 'a1')
        self.store.delete(origin)
        reader = second.open(written.url)
        self.assert_same(data, b''.join(reader))
        reader.close()
        self.assertEqual('two', written.metadata['store'])
        self.assertTrue(second.owns(written.url))
        self.assertFalse(self.store.owns(written.url))
