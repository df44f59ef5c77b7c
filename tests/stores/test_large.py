"""Data larger than any one piece: S3 and Swift take 5 GiB of it, no more.

GLANCE_TEST_LARGE_GIB says how many GiB there are, and a byte. All of it is on
disk for a while, twice where a copy is made.
"""

import os
import uuid

import fixtures
from oslotest import base as test_base

from tests.fixtures.servers import ceph
from tests.fixtures.servers import workspace
from tests.fixtures import stores
from tests.functional.store import conformance
from tests.stores import base
from tests.stores import kinds

SIZE = (int(os.environ.get('GLANCE_TEST_LARGE_GIB', '5')) << 30) + 1
_NOISE = os.urandom(base.MIB - 8)


def data(offset, length):
    """:returns: a range of it; each MiB begins with its number"""
    first, last = offset // base.MIB, (offset + length - 1) // base.MIB
    whole = b''.join(number.to_bytes(8) + _NOISE
                     for number in range(first, last + 1))
    return whole[offset - first * base.MIB:][:length]


class Source:
    """All of it, made up while it is read."""

    is_begun = False

    def __init__(self):
        self._offset = 0

    def next_buffer(self):
        return memoryview(self.read(256 << 10))

    def read(self, size=-1):
        size = min(base.MIB if size < 0 else size, SIZE - self._offset)
        self._offset += size
        return data(self._offset - size, size) if size else b''


class Large(conformance.Reading):
    """A test case gives `options`, with parts as large as they usually are."""

    kind = None
    copies = False

    def setUp(self):
        super().setUp()
        names, options = {'one': self.kind}, {'one': self.options()}
        if self.copies:
            names['two'] = self.kind
            options['two'] = dict(options['one'], **kinds.OTHER[self.kind])
        self.stores = self.useFixture(stores.Stores(names, options)).all
        self.store = self.stores.get('one')

    def own_ceph(self):
        """That of all others keeps its data in memory."""
        cluster = self.useFixture(ceph.Ceph(on_disk=True))
        self.useFixture(fixtures.EnvironmentVariable(ceph.ENVIRONMENT,
                                                     cluster.path))
        return kinds.options(self.kind, self)

    def put(self):
        image_id = str(uuid.uuid4())
        url = self.store.write(image_id, 'a1', Source(), SIZE).url
        self.store.settle(image_id, 'a1')
        return url

    def check(self, store, url):
        self.assertEqual(SIZE, store.size(url))
        offset, reader = 0, store.open(url)
        for piece in reader:
            self.assert_same(data(offset, len(piece)), piece)
            offset += len(piece)
        reader.close()
        self.assertEqual(SIZE, offset)
        tail = store.open(url, SIZE - base.MIB, base.MIB)
        self.assert_same(data(SIZE - base.MIB, base.MIB), b''.join(tail))
        tail.close()

    def test_comes_back_whole(self):
        url = self.put()
        self.check(self.store, url)
        if self.copies:
            self.check_copy(url)
        self.store.delete(url)

    def check_copy(self, url):
        image_id, second = str(uuid.uuid4()), self.stores.get('two')
        copy = second.copy(self.store, url, image_id, 'a1').url
        second.settle(image_id, 'a1')
        self.check(second, copy)
        second.delete(copy)


class FileLargeTest(Large, test_base.BaseTestCase):

    kind = 'file'

    def options(self):
        # Where servers have their data, as a test's own folder may be memory.
        return {'filesystem_store_datadir': self.useFixture(
            workspace.Workspace()).join('images')}


class S3LargeTest(Large, test_base.BaseTestCase):

    kind = 's3'
    copies = True

    def options(self):
        return dict(self.own_ceph(), s3_store_large_object_size='100',
                    s3_store_large_object_chunk_size='10')


class SwiftLargeTest(Large, test_base.BaseTestCase):

    kind = 'swift'

    def options(self):
        return dict(kinds.options('swift', self),
                    swift_store_large_object_size='5120',
                    swift_store_large_object_chunk_size='200')


class RbdLargeTest(Large, test_base.BaseTestCase):

    kind = 'rbd'

    def options(self):
        return dict(self.own_ceph(), rbd_store_chunk_size='8')
