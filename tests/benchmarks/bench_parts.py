"""Uploads to Ceph, beside the tools that others would use for the same.

    python -m tests.fixtures.servers ceph -- \
        python -m tests.benchmarks.bench_parts [MiB [ROUNDS [KIND]]]

In the environment `stores`. Ours goes through the whole path of an upload,
with both hashes; it is compared with boto3's own multi-part upload and with
`rbd import`, which make none of them. The two take turns, so that what else
the machine does meets both; the best round of each counts. To S3 both send
parts of the same size, as many at a time.

What each thread has used is told beside the sum: none of them is faster than
its share, however many cores there are.
"""

import contextlib
import glob
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid

from glance import startup  # noqa: F401 isort: skip

from boto3.s3 import transfer
import testtools

from glance.store.transfer import upload
from tests.fixtures.servers import ceph
from tests.fixtures import stores
from tests.stores import kinds

_THREADS = 4


class _Test(testtools.TestCase):
    """Something that fixtures can be used in."""

    def runTest(self):
        pass


def _cpu():
    return sum(getattr(resource.getrusage(who), name)
               for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
               for name in ('ru_utime', 'ru_stime'))


def _threads():
    """:returns: {number of a thread of ours: CPU seconds so far}"""
    found = {}
    for path in glob.glob('/proc/self/task/*/schedstat'):
        # It may have ended since.
        with contextlib.suppress(OSError), open(path) as file:
            found[path.split('/')[-2]] = int(file.read().split()[0]) / 1e9
    return found


class _Side:
    """One of the two that are compared: its best speed, and its least CPU."""

    def __init__(self, name, put, size):
        self.name, self._put, self._size = name, put, size
        self.speed, self.cpu, self.threads = 0, float('inf'), []

    def run(self):
        before, began, used = _threads(), time.monotonic(), _cpu()
        remove = self._put()
        taken, used = time.monotonic() - began, _cpu() - used
        threads = [spent - before.get(thread, 0)
                   for thread, spent in _threads().items()]
        remove()
        self.speed = max(self.speed, self._size / taken / (1 << 20))
        if used < self.cpu * self._size / (1 << 30):
            self.cpu, self.threads = (
                used * (1 << 30) / self._size,
                [one * (1 << 30) / self._size for one in threads])

    def tell(self):
        print('%-20s %7.1f MiB/s %6.2f CPU s/GiB, by thread: %s' % (
            self.name, self.speed, self.cpu, ' '.join(
                '%.2f' % one for one in sorted(self.threads, reverse=True)
                if one > 0.05)))


def _ours(store, path, size):
    def put():
        image_id = str(uuid.uuid4())
        with open(path, 'rb') as source:
            upload.store_file(source, store, image_id, 'a1', size=size)
        return lambda: store.discard(image_id, 'a1')
    return put


def _boto(store, path, size):
    client, bucket = store._connect(), store._store.bucket
    config = transfer.TransferConfig(
        multipart_threshold=store._store.s3_store_large_object_size,
        multipart_chunksize=store._store.s3_store_large_object_chunk_size,
        max_concurrency=_THREADS)

    def put():
        name = str(uuid.uuid4())
        client.upload_file(path, bucket, name, Config=config)
        return lambda: client.delete_object(Bucket=bucket, Key=name)
    return put


def _import(store, path, size):
    command = ['-c', store._store.conf_file, '-n', 'client.glance',
               '--no-progress']
    objects = ['--object-size', str(store._store.WRITE_CHUNKSIZE)]

    def put():
        name = '%s/%s' % (store._store.pool, uuid.uuid4())
        subprocess.run(['rbd', 'import', *command, *objects, path, name],
                       check=True)
        return lambda: subprocess.run(['rbd', 'rm', *command, name],
                                      check=True)
    return put


def _load(test, kind, **changes):
    options = dict(kinds.options(kind, test), **changes)
    return test.useFixture(stores.Stores(
        {'one': kind}, {'one': options})).all.default


def compare(name, other_name, ours, other, size, rounds):
    sides = _Side(name, ours, size), _Side(other_name, other, size)
    for _number in range(rounds):
        for side in sides:
            side.run()
    for side in sides:
        side.tell()
    print('%-20s %7.2f of its speed' % ('', sides[0].speed / sides[1].speed))


def main(size=256, rounds=4, kind=None):
    size, rounds = int(size) << 20, int(rounds)
    test = _Test()
    test.setUp()
    test.useFixture(ceph.Ceph())
    with tempfile.NamedTemporaryFile() as file:
        for _number in range(size >> 20):
            file.write(os.urandom(1 << 20))
        file.flush()
        for each in (kind,) if kind else _KINDS:
            name, other, options = _KINDS[each]
            store = _load(test, each, **options)
            compare('ours, ' + each, name, _ours(store, file.name, size),
                    other(store, file.name, size), size, rounds)
    test.doCleanups()


_KINDS = {
    's3': ('boto3', _boto, {'s3_store_large_object_chunk_size': '8',
                            's3_store_thread_pools': str(_THREADS)}),
    'rbd': ('rbd import', _import, {'rbd_store_chunk_size': '8'})}


if __name__ == '__main__':
    main(*sys.argv[1:])
