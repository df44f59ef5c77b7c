"""What every store of glance_store has to do behind our contract."""

import os
import signal
import subprocess
import sys
import time
from urllib import parse
import uuid

from glance.common import exceptions
from tests.faults import links
from tests.fixtures import stores
from tests.functional.store import conformance
from tests.stores import kinds
from tests.unit.store import base as sources

MIB = 1 << 20
_PATIENCE = 60


def wait_until(condition, what, seconds=_PATIENCE):
    """:returns: the first true value that `condition` gives"""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.5)
    return value


class StoreTest(conformance.Reading):
    """A test case says what `kind` of store; see `tests.stores.kinds`.

    :ivar further: options, beside those of the kind
    """

    kind = None
    further = {}

    def setUp(self):
        super().setUp()
        names = {'one': self.kind}
        options = {'one': dict(kinds.options(self.kind, self),
                               **self.further)}
        if self.kind in kinds.OTHER:
            names['two'] = self.kind
            options['two'] = dict(options['one'], **kinds.OTHER[self.kind])
        self.stores = self.useFixture(stores.Stores(names, options))
        self.store = self.stores.all.get('one')
        self.assertIsNone(self.store.problem)

    def mine(self, image_id):
        """Names in the store that belong to an image."""
        return [name for name in kinds.contents(self.store)
                if image_id in name]

    def discard(self, image_id, attempt):
        """As a conductor does: again, while the store is not ready for it."""
        def done():
            try:
                self.store.discard(image_id, attempt)
            except exceptions.GlanceError:
                return False
            return True
        wait_until(done, 'removal of what an attempt has left')

    def kill_writer(self, size, mark):
        """What it has left can be discarded."""
        image_id = self.killed(size, mark, 'a1')
        self.discard(image_id, 'a1')
        self.gone(image_id)

    def killed(self, size, mark, attempt):
        """kill -9 of who writes so many MiB, when it says the word.

        :returns: the id of the image
        """
        image_id = str(uuid.uuid4())
        writer = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-m', 'tests.stores.writer',
             self.stores.config, image_id, attempt, str(size * MIB)],
            stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        try:
            while line := writer.stdout.readline():
                if line.strip() == mark:
                    break
            self.assertTrue(line, 'the writer has ended')
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
        return image_id

    def gone(self, image_id):
        wait_until(lambda: not self.mine(image_id), 'an empty store')


class Linked:
    """A store behind a link that can be cut; see `tests.faults.links`."""

    def setUp(self):
        super().setUp()
        self.links = self.useFixture(links.Links())

    def lead(self, url):
        """:returns: the URL over a link that can be cut"""
        there = parse.urlsplit(url)
        port = self.links.add('store', there.port)
        return there._replace(netloc='127.0.0.1:%d' % port).geturl()

    def load(self, kind, **changes):
        options = dict(kinds.options(kind, self), **changes)
        loaded = self.useFixture(stores.Stores({'one': kind},
                                               {'one': options}))
        return loaded.all.default


def linked_swift(test):
    """:returns: the store of a test that is `Linked`"""
    store = test.load('swift')
    url, _token = store._connection(
        store._store.create_location('x')).get_auth()
    return test.load('swift', swift_store_endpoint=test.lead(url))


class Suite(StoreTest, conformance.WritableSuite):
    """What the kinds have in common that are quick enough for it."""

    # Whether data gets from store to store without being read.
    copies = False

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

    def test_killed_writer(self):
        """In the midst of the data, and after the whole of it."""
        self.kill_writer(9, 'reading')
        self.kill_writer(1, 'written')

    def copied(self, written, data):
        self.assertIsNotNone(written)
        self.assert_same(data, self.get(written.url))
        return written.url

    def test_a_clone_does_not_need_its_original(self):
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

    def test_a_copy_belongs_to_the_other_store(self):
        """Between two stores of a kind, where that is possible."""
        data, image_id = os.urandom(13 * MIB), str(uuid.uuid4())
        origin = self.put(data)
        second = self.stores.all.get(
            'two' if self.kind in kinds.OTHER else 'one')
        written = second.copy(self.store, origin, image_id, 'a1')
        if not self.copies:
            self.assertIsNone(written)
            return
        second.settle(image_id, 'a1')
        self.store.delete(origin)
        reader = second.open(written.url)
        self.assert_same(data, b''.join(reader))
        reader.close()
        self.assertEqual('two', written.metadata['store'])
        self.assertTrue(second.owns(written.url))
        self.assertFalse(self.store.owns(written.url))
