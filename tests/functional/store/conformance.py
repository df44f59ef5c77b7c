"""What every store driver has to do; run it on yours.

A test case mixes `Suite` in and sets `self.store` in `setUp`. Drivers that
take no data set `self.put` to something that brings data there another way.
"""

import hashlib
import os
import uuid

from glance.common import concurrency
from glance.common import exceptions
from glance.store.transfer import threads
from glance.store import trial
from tests.unit.store import base

native = concurrency.native

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

    # Bytes that go in one piece, whatever that is in this store.
    part = MIB

    def check_size(self, size):
        """As data of known size, and of unknown."""
        data = os.urandom(size)
        for told in (size, None):
            url = self.put(data, size=told)
            self.assertEqual(size, self.store.size(url))
            self.assert_same(data, self.get(url))

    def test_no_bytes(self):
        self.check_size(0)

    def test_one_byte(self):
        self.check_size(1)

    def test_sizes_around_that_of_a_part(self):
        for size in (self.part - 1, self.part, self.part + 1):
            self.check_size(size)

    def test_two_attempts_at_the_same_time(self):
        """Of one image: neither takes or removes what is the other's."""
        image_id, urls = str(uuid.uuid4()), {}
        data = {name: os.urandom(2 * MIB) for name in ('a1', 'a2')}
        meeting = native.threading.Barrier(2)

        class Source(base.Source):
            def _meet(self):
                if self._file.tell() == MIB:
                    meeting.wait(60)

            def next_buffer(self):
                self._meet()
                return super().next_buffer()

            def read(self, size=-1):
                self._meet()
                return super().read(min(size, MIB) if size > 0 else MIB)

        def write(name):
            urls[name] = self.store.write(
                image_id, name, Source(data[name])).url
        jobs = [threads.start(write, name) for name in data]
        for job in jobs:
            job.join()
        self.assertEqual({'a1', 'a2'}, set(urls))
        self.store.settle(image_id, 'a2')
        self.assert_same(data['a1'], self.get(urls['a1']))
        self.store.discard(image_id, 'a1', urls['a1'])
        self.assertRaises(exceptions.NotFound, self.get, urls['a1'])
        self.assert_same(data['a2'], self.get(urls['a2']))

    def test_forged_locations_lead_nowhere(self):
        """They resemble one that the store has made."""
        url = self.put(b'data')
        scheme, _colon, rest = url.partition(':')
        for forged in (url + '/../x', url + '/.', url + '#x', url + '%00',
                       url + '?a=b&c=d', '%s:/%s' % (scheme, rest),
                       '%s:%s' % (scheme.upper(), rest), ' ' + url):
            for method in (self.store.open, self.store.size,
                           self.store.delete):
                self.assertRaises(exceptions.BadLocation, method, forged)
            self.assertFalse(self.store.owns(forged))
        self.assertEqual(b'data', self.get(url))

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
