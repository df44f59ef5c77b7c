"""Many slow and fast transfers at once, and one big one: memory is bounded."""

import collections
import concurrent.futures
import hashlib
import os
import socket
import subprocess
import threading
import time

from glance.common import concurrency
from tests.functional.resilience import base

MANY = 200
MIB = 1 << 20
# Past what 32 bits hold; how much is counted is the same without a hub.
BIG = (4 if concurrency.is_green() else 1) << 30
# So many of the slow downloads are read to their end.
ENDED = 10
# Callers who look at an image meanwhile.
LOOKING = 5
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


class Gets:
    """Callers show an image again and again, as long as the context lasts."""

    def __init__(self, url, image_id):
        self._url = url
        self._path = '/' + image_id
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run)
                         for _ in range(LOOKING)]
        self._answered = threading.Condition()
        self.statuses = collections.Counter()
        self.waits = []

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error):
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self):
        caller = base.Caller(self._url)
        while not self._ended.wait(0.05):
            begun = time.monotonic()
            response = caller.request('GET', self._path)
            with self._answered:
                self.waits.append(time.monotonic() - begun)
                self.statuses[response.status_code] += 1
                self._answered.notify()

    def more(self, count):
        """Wait for so many more answers.

        :returns: whether they came
        """
        with self._answered:
            wanted = len(self.waits) + count
            return self._answered.wait_for(
                lambda: len(self.waits) >= wanted, base.PATIENCE)

    @property
    def median(self):
        return sorted(self.waits)[len(self.waits) // 2]

    def __str__(self):
        return '%d GETs, %.0f ms (median), %.0f ms (longest)' % (
            len(self.waits), self.median * 1000, max(self.waits) * 1000)


class SlowDownload:
    """Takes what it is told to; `equal` says whether it was right so far."""

    def __init__(self, port, image_id, data):
        self._data = data
        self.position = 0
        self.equal = True
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self._socket.settimeout(base.PATIENCE)
        self._socket.connect(('127.0.0.1', port))
        lines = ['GET /v2/images/%s/file HTTP/1.1' % image_id, 'Host: x']
        lines += ['%s: %s' % header for header in base.HEADERS.items()]
        self._socket.sendall('\r\n'.join(lines + ['', '']).encode())
        self.head = self._read_head()

    def _read_head(self):
        head = b''
        while not head.endswith(b'\r\n\r\n'):
            piece = self._socket.recv(1)
            if not piece:
                break
            head += piece
        return head

    def take(self, size):
        """:returns: how many bytes came; 0 at the end"""
        piece = self._socket.recv(size)
        after = self.position + len(piece)
        self.equal &= piece == self._data[self.position:after]
        self.position = after
        return len(piece)

    def take_rest(self):
        while self.position < len(self._data) and self.take(MIB):
            pass

    def close(self):
        self._socket.close()


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
        shown = self.caller.create()
        callers = [base.Caller(self.cloud.url) for _ in range(MANY)]

        def upload(caller):
            image_id = caller.create()
            barrier.wait(base.PATIENCE)
            status = caller.upload(image_id, data).status_code
            return status, caller.show(image_id)['status']

        barrier = threading.Barrier(MANY + 1)
        with concurrent.futures.ThreadPoolExecutor(MANY) as pool:
            found = [pool.submit(upload, caller) for caller in callers]
            barrier.wait(base.PATIENCE)
            begun = time.monotonic()
            with Gets(self.cloud.url, shown) as gets:
                found = [one.result() for one in found]
        seconds = time.monotonic() - begun
        self.assertEqual([(204, 'active')] * MANY, found)
        print('%d uploads of 1 MiB: %.1f s, meanwhile %s, peak of the API '
              'workers %s MiB' % (MANY, seconds, gets, self.peaks()))
        self.check(gets)

    def test_two_hundred_slow_downloads(self):
        """Each takes a little at a time; some of them go on to the end."""
        image_id = self.caller.create()
        data = os.urandom(32 * MIB)
        self.assertEqual(204, self.caller.upload(image_id,
                                                 data).status_code)
        slow = [self.begin_download(image_id, data) for _ in range(MANY)]
        with Gets(self.cloud.url, image_id) as gets:
            for _ in range(40):
                for download in slow:
                    download.take(16384)
            # None of them can end now: who waited for one waited for ever.
            self.assertTrue(gets.more(4 * LOOKING), str(gets))
            self.assertLess(max(download.position for download in slow),
                            len(data))
            for download in slow[:ENDED]:
                download.take_rest()
        self.assertEqual([len(data)] * ENDED,
                         [download.position for download in slow[:ENDED]])
        self.assertEqual([True] * MANY, [download.equal for download in slow])
        print('%d slow downloads, %d of them to the end: meanwhile %s, peak '
              'of the API workers %s MiB' % (MANY, ENDED, gets,
                                             self.peaks()))
        self.check(gets)

    def begin_download(self, image_id, data):
        download = SlowDownload(self.cloud.port, image_id, data)
        self.addCleanup(download.close)
        self.assertIn(b' 200 ', download.head[:15])
        return download

    def check(self, gets):
        self.assertEqual({200}, set(gets.statuses))
        self.assertGreater(len(gets.waits), LOOKING)

    def test_a_very_large_upload_arrives_whole(self):
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
        print('%d GiB: %.0f s, peak of the API workers %s MiB' % (
            BIG >> 30, time.monotonic() - begun, self.peaks()))
