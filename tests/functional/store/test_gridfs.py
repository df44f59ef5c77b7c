"""Images in GridFS: what every store does, and how this one does it."""

import datetime
import os
import sys
import types
import uuid

from glance.common import concurrency
from glance.common import exceptions
from tests.functional.store import conformance
from tests.functional.store import gridfs
from tests.unit.store import base

MIB = gridfs.MIB


class GridfsTest(conformance.WritableSuite, gridfs.TestCase):

    def test_sizes_around_those_of_chunks(self):
        data = os.urandom(5 * MIB + 1)
        for size in (0, 1, MIB - 1, MIB, MIB + 1, 4 * MIB - 1, 4 * MIB,
                     4 * MIB + 1):
            for told in (size, None):
                url = self.put(data[:size], size=told)
                self.assertEqual(size, self.store.size(url))
                self.assert_same(data[:size], self.get(url))

    def test_ranges_around_the_ends_of_chunks(self):
        data = os.urandom(9 * MIB + 3)
        url = self.put(data)
        for end in (MIB, 4 * MIB, 8 * MIB):
            for offset in (end - 1, end, end + 1):
                for length in (0, 1, 2, MIB, None):
                    until = None if length is None else offset + length
                    self.assert_same(data[offset:until],
                                     self.get(url, offset, length))
        self.assertEqual(b'', self.get(url, len(data) + 1, 5))

    def test_the_server_gives_no_more_than_the_range(self):
        url = self.put(os.urandom(9 * MIB))
        self.chunks.delete_many({'n': {'$gt': 0}})
        self.assertEqual(100, len(self.get(url, 50, 100)))

    def test_chunks_that_are_missing(self):
        url = self.put(os.urandom(9 * MIB))
        self.chunks.delete_one({'n': 6})
        self.assertRaises(exceptions.StoreUnavailable, self.get, url)

    def test_chunks_are_not_small(self):
        reader = self.store.open(self.put(b'x' * (9 * MIB)))
        sizes = list(map(len, reader))
        self.assertLessEqual(256 << 10, min(sizes[:-1]))
        self.assertGreaterEqual(4 * MIB, max(sizes))

    def test_memory_does_not_grow_with_the_data(self):
        """What was read before is in the store when more is asked for."""
        left = []

        class Source(base.Source):
            given = 0

            def read(own, size):
                left.append(own.given - MIB * self.chunks.count_documents({}))
                data = base.Source.read(own, size)
                own.given += len(data)
                return data
        self.store.write(str(uuid.uuid4()), 'a1', Source(b'x' * 20 * MIB))
        self.assertGreaterEqual(4 * MIB, max(left))

    def test_same_attempt_again(self):
        for data in (b'', b'data'):
            image_id = str(uuid.uuid4())
            url = self.put(data, 'a1', image_id)
            self.assertRaises(exceptions.Duplicate, self.put, b'other', 'a1',
                              image_id)
            self.assertEqual(data, self.get(url))

    def test_beside_what_an_attempt_has_left(self):
        image_id = str(uuid.uuid4())
        self.put_chunk(image_id + '-a1')
        self.assertRaises(exceptions.Duplicate, self.put, b'other', 'a1',
                          image_id)

    def test_discard_removes_many_chunks(self):
        image_id = str(uuid.uuid4())
        name = image_id + '-a1'
        self.chunks.insert_many([{'files_id': name, 'n': number, 'data': b'x'}
                                 for number in range(1201)])
        self.store.discard(image_id, 'a1')
        self.assertEqual([], self.mine(image_id))

    def test_failing_source_leaves_nothing(self):
        image_id = str(uuid.uuid4())
        for size in (0, 100, 5 * MIB):
            self.assertRaises(
                exceptions.UploadBroken, self.store.write, image_id, 'a1',
                base.Source(b'x' * size, exceptions.UploadBroken()))
            self.assertEqual([], self.mine(image_id))

    def test_writer_whose_data_was_removed_meanwhile(self):
        image_id = str(uuid.uuid4())

        class Source(base.Source):

            def read(own, size):
                data = base.Source.read(own, size)
                if not data:
                    self.store.discard(image_id, 'a1')
                return data
        self.assertRaises(exceptions.LeaseLost, self.store.write, image_id,
                          'a1', Source(b'x' * 5 * MIB))
        self.assertEqual([], self.mine(image_id))

    def test_many_at_once(self):
        """Of native threads, and while the hub goes on."""
        data = os.urandom(MIB)

        def go():
            return self.get(self.put(data)) == data
        tasks = [concurrency.spawn(concurrency.run_blocking, go)
                 for _ in range(20)]
        self.assertEqual([True] * 20, [task.wait(60) for task in tasks])

    def test_copies_are_read_and_written(self):
        url = self.put(b'data')
        self.assertIsNone(self.store.clone(url, str(uuid.uuid4()), 'a1'))
        self.assertIsNone(self.store.copy(self.store, url,
                                          str(uuid.uuid4()), 'a1'))

    def test_without_a_library_of_greenlets(self):
        """Locks of greenlets that native threads share get stuck."""
        self.store.check()
        originals = vars(concurrency.native)
        wrong = ['%s: %s' % (name, kind)
                 for name, module in list(sys.modules.items())
                 if name.split('.')[0] in ('pymongo', 'bson')
                 for kind, original in originals.items()
                 if kind != 'os' and isinstance(
                     getattr(module, kind, None), types.ModuleType)
                 and getattr(module, kind) is not original]
        self.assertEqual([], wrong)


class OldDataTest(gridfs.TestCase):
    """What was written by others is named by id, in smaller chunks."""

    data = os.urandom(MIB + 7)

    def put_old(self, key, image_id):
        size = 255 << 10
        for number, start in enumerate(range(0, len(self.data), size)):
            self.put_chunk(key, number, self.data[start:start + size])
        self.files.insert_one({
            '_id': key, 'filename': image_id, 'length': len(self.data),
            'chunkSize': size, 'uploadDate': datetime.datetime(2015, 3, 4)})

    def test_read_and_removed(self):
        bson = concurrency.import_native('bson')
        for key in (None, bson.ObjectId()):
            image_id = str(uuid.uuid4())
            self.put_old(key or image_id, image_id)
            url = 'gridfs://' + image_id
            self.assertEqual(len(self.data), self.store.size(url))
            self.assert_same(self.data, self.get(url))
            self.assert_same(self.data[300000:][:MIB],
                             self.get(url, 300000, MIB))
            self.store.delete(url)
            self.assertRaises(exceptions.NotFound, self.store.open, url)
            self.assertEqual(0, len(list(self.chunks.find())))
