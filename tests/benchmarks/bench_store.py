"""Processor time of the upload and download paths, in seconds per GiB.

    python -m tests.benchmarks.bench_store [MiB]

GLANCE_CONCURRENCY chooses the server. It runs in this process, the clients
in another one, so that only the server's time is counted. Compare with what
the digests alone cost on the same machine, which is printed first.
"""

import hashlib
import os
import resource
import subprocess
import sys

from glance.store.transfer import threads
from tests.functional.store import server

_CLIENT = """
import socket, sys
verb, (port, size, count) = sys.argv[1], map(int, sys.argv[2:])
block = bytes(range(256)) * 4096
for number in range(count):
    sock = socket.create_connection(('127.0.0.1', port))
    name = 'img%d' % (number if verb == 'PUT' else 0)
    sock.sendall(('%s /%s HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n'
                  'Content-Length: %d\\r\\n\\r\\n'
                  % (verb, name, size if verb == 'PUT' else 0)).encode())
    if verb == 'PUT':
        for _ in range(size >> 20):
            sock.sendall(block)
    if b'HTTP/1.1 20' not in sock.recv(4096):
        sys.exit('refused')
    buffer = bytearray(1 << 20)
    while sock.recv_into(buffer):
        pass
"""


def _cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _digests():
    block = os.urandom(256 << 10)
    for name in ('md5', 'sha512', 'sha256'):
        digest, start = hashlib.new(name), _cpu()
        for _ in range(1024):
            digest.update(block)
        print('%-34s %6.2f s/GiB' % (name + ' alone', 4 * (_cpu() - start)))


def _measure(name, port, verb, size, count=1):
    start = _cpu()
    threads.call(subprocess.run, [
        sys.executable, '-c', _CLIENT, verb, str(port), str(size),
        str(count)])
    used = _cpu() - start
    print('%-34s %6.2f s/GiB %8.2f ms each' % (
        name, used * (1 << 30) / (size * count), 1000 * used / count))


def main():
    size = int(sys.argv[1] if len(sys.argv) > 1 else 512) << 20
    _digests()
    with server.Server() as image_server:
        port = image_server.port
        for algorithm in ('sha512', 'sha256'):
            image_server.upload_args = {'algorithm': algorithm,
                                        'claim': 'raw'}
            _measure('upload, %s' % algorithm, port, 'PUT', size)
            image_server.store.delete(image_server.url('img0'))
        _measure('upload of 1 MiB, sha256', port, 'PUT', 1 << 20, 100)
        for number in range(100):
            image_server.store.delete(image_server.url('img%d' % number))
        _measure('(store an image again)', port, 'PUT', size)
        for _ in range(3):
            _measure('download', port, 'GET', size)


if __name__ == '__main__':
    main()
