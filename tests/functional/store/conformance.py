"""What every store driver has to do; run it on yours.

A test case mixes `Suite` in and sets `self.store` in `setUp`. Drivers that
take no data set `self.put` to something that brings data there another way.
"""

import hashlib
import os
import uuid

from glance.common import exceptions
from glance.store import trial
from tests.unit.store import base

MIB = 1 << 20


class Reading:
    """What the tests call."""

    def put(self, data, attempt='a1', image_id=None, size=None):
        """:returns: URL of the stored data"""
        image_id = image_id or str(uuid.uuid4())
        url = self.store.write(image_id, attempt, base.Source(data),
                               size).url
        self.store.settle(image_id, attempt)
        return url

    def get(self, url, *args):
        reader = self.store.open(url, *args)
        try:
            chunks = list(reader)
        finally:
            reader.close()
            reader.close()
        if reader.length is not None:
            self.assertEqual(reader.length, sum(map(len, chunks)))
        return b''.join(chunks)

    def assert_same(self, expected, found):
        """Without printing megabytes when it fails."""
        self.assertEqual(len(expected), len(found))
        self.assertEqual(hashlib.md5(expected).hexdigest(),
                         hashlib.md5(found).hexdigest())


class Suite(Reading):

    def test_a_trial_passes_every_step(self):
        outcomes = list(trial.run(self.store, 60))
        self.assertEqual([], [one for one in outcomes if one.problem])
        self.assertEqual(not self.store.read_only,
                         'delete' in [one.step for one in outcomes])

    def test_round_trip(self):
        for data in (b'x', os.urandom(100000), os.urandom(5 * MIB + 1)):
            url = self.put(data)
            self.assert_same(data, self.get(url))
            self.assertEqual(len(data), self.store.size(url))
            self.assertTrue(self.store.owns(url))
            self.assertIn(url.split(':')[0], self.store.schemes)

    def test_a_range_is_what_was_asked_for(self):
        data = os.urandom(3 * MIB)
        url = self.put(data)
        for offset, length in [(0, 1), (0, MIB), (MIB, MIB), (100, None),
                               (3 * MIB - 1, None), (2 * MIB, 9 * MIB)]:
            end = None if length is None else offset + length
            self.assert_same(data[offset:end], self.get(url, offset, length))

    def test_two_readers_of_one_image(self):
        data = os.urandom(MIB)
        url = self.put(data)
        first, second = self.store.open(url), self.store.open(url, 10)
        self.assert_same(data[10:], b''.join(second))
        self.assert_same(data, b''.join(first))
        first.close()
        second.close()

    def test_nothing_there(self):
        url = self.put(b'data') + 'x'
        for method in (self.store.open, self.store.size):
            # Some stores never name their data so.
            error = self.assertRaises(
                (exceptions.NotFound, exceptions.BadLocation), method, url)
            self.assertNotIn(url, str(error))

    def test_a_store_that_is_there_passes_its_check(self):
        self.store.check()


class WritableSuite(Suite):

    def test_size_known_and_unknown(self):
        data = os.urandom(2 * MIB + 7)
        for size in (None, len(data)):
            self.assert_same(data, self.get(self.put(data, size=size)))

    def test_failing_source(self):
        error = exceptions.UploadBroken()
        image_id = str(uuid.uuid4())
        raised = self.assertRaises(
            exceptions.UploadBroken, self.store.write, image_id, 'a1',
            base.Source(b'x' * MIB, error))
        self.assertIs(error, raised)
        self.store.discard(image_id, 'a1')
        url = self.put(b'data', 'a2', image_id)
        self.assertEqual(b'data', self.get(url))

    def test_discard_leaves_nothing(self):
        image_id = str(uuid.uuid4())
        url = self.store.write(image_id, 'a1', base.Source(b'data')).url
        self.store.discard(image_id, 'a1', url)
        self.store.discard(image_id, 'a1', url)
        self.assertRaises(exceptions.NotFound, self.store.open, url)

    def test_attempts_do_not_meet(self):
        image_id = str(uuid.uuid4())
        old = self.store.write(image_id, 'a1', base.Source(b'old')).url
        new = self.put(b'new', 'a2', image_id)
        self.store.discard(image_id, 'a1', old)
        self.assertEqual(b'new', self.get(new))
        self.assertRaises(exceptions.NotFound, self.get, old)

    def test_delete_twice(self):
        url = self.put(b'data')
        self.store.delete(url)
        self.store.delete(url)
        self.assertRaises(exceptions.NotFound, self.store.open, url)

    def test_metadata_names_the_store(self):
        written = self.store.write(str(uuid.uuid4()), 'a1',
                                   base.Source(b'data'))
        self.assertEqual(self.store.id, written.metadata['store'])
