"""How long others wait while a store is killed below twenty downloads.

    python -m tests.benchmarks.bench_store_away [ROUNDS]

The image is in two stores, so that all downloads have to come whole, from the
other store. It prints how long it takes to show the image: with nothing else
to do, beside downloads, and beside those below which the store is killed. The
clients of the downloads are another process, whose lock is not waited for.
GLANCE_CONCURRENCY chooses how the service waits.
"""

import concurrent.futures
import hashlib
import signal
import statistics
import subprocess
import sys
import time

from tests.functional.store import test_store_away

_SECONDS = 5    # of each look at a service that has nothing else to do
_CLIENTS = """
import hashlib, sys, threading, urllib.request
url, digest, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
begun, goes_on, whole = threading.Barrier(count + 1), threading.Event(), []
def download():
    with urllib.request.urlopen(url, timeout=120) as answer:
        found = hashlib.md5(answer.read(1 << 20))
        begun.wait()
        goes_on.wait()
        while data := answer.read(1 << 20):
            found.update(data)
    whole.append(found.hexdigest() == digest)
threads = [threading.Thread(target=download) for _number in range(count)]
for thread in threads:
    thread.start()
begun.wait()
print('begun', flush=True)
sys.stdin.readline()
goes_on.set()
for thread in threads:
    thread.join()
print(whole.count(True))
"""


class Away(test_store_away.Away):

    def runTest(self):
        self.image_id = self.in_both()
        self.times = {
            'quiet': self.meanwhile(time.sleep, _SECONDS),
            'downloads': self.meanwhile(self.downloads, lambda: None),
            'store killed': self.meanwhile(
                self.downloads,
                lambda: self.server.process.signal(signal.SIGKILL))}

    def meanwhile(self, fn, *args):
        """:returns: seconds that each request takes until `fn` is over"""
        found, path = [], '/images/' + self.image_id
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            job = pool.submit(fn, *args)
            while not job.done():
                begin = time.monotonic()
                self.call('GET', path, 200)
                found.append(time.monotonic() - begin)
            job.result()
        return found

    def downloads(self, happens):
        """:param happens: called when the first bytes of each have come"""
        with subprocess.Popen(
                [sys.executable, '-c', _CLIENTS,
                 '%s/v2/images/%s/file' % (self.url, self.image_id),
                 hashlib.md5(test_store_away.DATA).hexdigest(),
                 str(test_store_away.DOWNLOADS)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True) as clients:
            self.assertEqual('begun\n', clients.stdout.readline())
            happens()
            whole, _errors = clients.communicate('\n')
        self.assertEqual(test_store_away.DOWNLOADS, int(whole))


def main(rounds=3):
    times = {}
    for _number in range(rounds):
        away = Away()
        outcome = away.run()
        for _test, problem in outcome.errors + outcome.failures:
            sys.exit(problem)
        for name, found in away.times.items():
            times.setdefault(name, []).extend(found)
    for name, found in times.items():
        hundredths = statistics.quantiles(found, n=100, method='inclusive')
        print('%-14s p50 %7.1f ms, p99 %7.1f ms, of %d requests' % (
            name, 1000 * hundredths[49], 1000 * hundredths[98], len(found)))


if __name__ == '__main__':
    main(*map(int, sys.argv[1:]))
