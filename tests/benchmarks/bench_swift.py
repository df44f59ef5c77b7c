"""Uploads to Swift, beside swiftclient's own.

    S="python -m tests.fixtures.servers"
    $S rabbitmq mariadb keystone -- $S swift -- \\
        python -m tests.benchmarks.bench_swift [MiB [ROUNDS]]

In the environment `stores`; see `tests.benchmarks.bench_parts`. Both send
segments of the same size, as many at a time; swiftclient makes MD5 of them.
"""

import os
import sys
import tempfile
import uuid

from glance import startup  # noqa: F401 isort: skip

from swiftclient import service

from tests.benchmarks import bench_parts

_SEGMENT = 16       # as in the options, near to MiB
_THREADS = 4


def _swiftclient(store, path):
    place = store._store.create_location('x')
    url, token = store._connection(place).get_auth()
    client = service.SwiftService({
        'auth_version': '1', 'os_storage_url': url, 'os_auth_token': token,
        'segment_size': str(_SEGMENT << 20), 'segment_threads': _THREADS,
        'use_slo': True})

    def put():
        one = service.SwiftUploadObject(path, object_name=str(uuid.uuid4()))
        for done in client.upload(place.container, [one]):
            if not done['success']:
                raise RuntimeError(done['action'])
        return lambda: list(client.delete(place.container, [one.object_name]))
    return put


def main(size=256, rounds=4):
    size <<= 20
    test = bench_parts._Test()
    test.setUp()
    with tempfile.NamedTemporaryFile() as file:
        for _number in range(size >> 20):
            file.write(os.urandom(1 << 20))
        file.flush()
        store = bench_parts._load(
            test, 'swift', swift_store_large_object_size=str(_SEGMENT),
            swift_store_large_object_chunk_size=str(_SEGMENT))
        bench_parts.compare(
            'ours, swift', 'swiftclient',
            bench_parts._ours(store, file.name, size),
            _swiftclient(store, file.name), size, rounds)
    test.doCleanups()


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
