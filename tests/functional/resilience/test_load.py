"""Many slow and fast transfers at once, and one big one: memory is bounded."""

import concurrent.futures
import hashlib
import os
import socket
import subprocess
import threading
import time

from tests.functional.resilience import base

MANY = 200
MIB = 1 << 20
BIG = 4 << 30
# What a worker may take at its peak, whatever is transferred.
LIMIT_MIB = 400


def workers(pid):
    return [int(child) for child in subprocess.run(
        ['ps', '-o', 'pid=', '--ppid', str(pid)], capture_output=True,
        text=True).stdout.split()]


def peak_mib(pid):
    """Largest resident size so far."""
    with open('/proc/%d/status' % pid) as status:
        for line in status:
            if line.startswith('VmHWM:'):
                return int(line.split()[1]) // 1024


class LoadTest(base.TestCase):

    def setUp(self):
        super().setUp()
        self.cloud = self.useFixture(base.TrustedCallers())
        self.caller = base.Caller(self.cloud.url)

    def peaks(self):
        peaks = [peak_mib(pid)
                 for pid in workers(self.cloud.api_program.pid)]
        self.assertLess(max(peaks), LIMIT_MIB)
        return peaks

    def test_two_hundred_uploads_at_once(self):
        data = os.urandom(MIB)

        def upload(number):
            caller = base.Caller(self.cloud.url)
            image_id = caller.create()
            barrier.wait(120)
            status = caller.upload(image_id, data).status_code
            return status, caller.show(image_id)['status']

        barrier = threading.Barrier(MANY)
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(MANY) as pool:
            found = list(pool.map(upload, range(MANY)))
        self.assertEqual([(204, 'active')] * MANY, found)
        print('%d uploads of 1 MiB: %.1f s, peak of the API workers %s MiB'
              % (MANY, time.monotonic() - begun, self.peaks()))

    def test_two_hundred_slow_downloads(self):
        image_id = self.caller.create()
        data = os.urandom(32 * MIB)
        self.assertEqual(204, self.caller.upload(image_id,
                                                 data).status_code)
        slow = [self.begin_download(image_id) for _ in range(MANY)]
        waits = []
        for _ in range(40):
            begun = time.monotonic()
            self.assertEqual('active', self.caller.show(image_id)['status'])
            waits.append(time.monotonic() - begun)
            for connection in slow:
                connection.recv(16384)
        digest = hashlib.sha512(data).hexdigest()
        whole = self.caller.request('GET', '/%s/file' % image_id).content
        self.assertEqual(digest, hashlib.sha512(whole).hexdigest())
        for connection in slow:
            connection.close()
        waits.sort()
        print('%d slow downloads: GET takes %.0f ms (median), %.0f ms '
              '(longest), peak of the API workers %s MiB' % (
                  MANY, waits[20] * 1000, waits[-1] * 1000, self.peaks()))
        self.assertLess(waits[20], 1)

    def begin_download(self, image_id):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        connection.connect(('127.0.0.1', self.cloud.port))
        lines = ['GET /v2/images/%s/file HTTP/1.1' % image_id, 'Host: x']
        lines += ['%s: %s' % header for header in base.HEADERS.items()]
        connection.sendall('\r\n'.join(lines + ['', '']).encode())
        self.assertIn(b' 200 ', connection.recv(15))
        return connection

    def test_four_gibibytes(self):
        image_id = self.caller.create()
        block = os.urandom(MIB)
        digest = hashlib.sha512()

        def blocks():
            for number in range(BIG // MIB):
                piece = number.to_bytes(8, 'big') + block[8:]
                digest.update(piece)
                yield piece

        begun = time.monotonic()
        response = self.caller.upload(image_id, blocks(), **{
            'x-openstack-image-size': str(BIG)})
        self.assertEqual(204, response.status_code, response.text)
        image = self.caller.show(image_id)
        self.assertEqual((BIG, digest.hexdigest()),
                         (image['size'], image['os_hash_value']))
        print('4 GiB: %.0f s, peak of the API workers %s MiB' % (
            time.monotonic() - begun, self.peaks()))
