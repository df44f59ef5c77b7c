"""kill -9 during a write loses nothing and leaves nothing, ever."""

import os
import random
import signal
import subprocess
import sys
import time

from tests.unit.store import base

_WRITER = """
import sys
import tests
from glance.store.drivers.file import filesystem
from tests.unit.store import base

store = filesystem.Driver('fast', base.values(sys.argv[1]))
print('ready', flush=True)
sys.stdin.readline()
written = store.write('img', sys.argv[2], base.Source(b'x' * 6000000))
print(written.url, flush=True)
sys.stdin.readline()
"""


class KilledWriterTestCase(base.StoreTestCase):

    def writer(self, attempt):
        process = subprocess.Popen(
            [sys.executable, '-W', 'ignore', '-c', _WRITER, self.folder,
             attempt], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertEqual(b'ready\n', process.stdout.readline())
        return process

    def start(self, process):
        process.stdin.write(b'\n')
        process.stdin.flush()

    def test_killed_at_any_time(self):
        for number in range(6):
            attempt = 'a%d' % number
            process = self.writer(attempt)
            self.start(process)
            time.sleep(random.uniform(0, 0.03))
            process.kill()
            process.wait()
            self.store.discard('img', attempt)
            self.assertEqual([], self.files())

    def test_paused_writer_comes_back_after_its_successor(self):
        zombie = self.writer('a1')
        self.start(zombie)
        self._wait_for_part('.img.a1.part')
        zombie.send_signal(signal.SIGSTOP)
        self.store.discard('img', 'a1')
        written = self.store.write('img', 'a2', base.Source(b'new'))
        self.store.settle('img', 'a2')
        zombie.send_signal(signal.SIGCONT)
        zombie.communicate()
        self.store.discard('img', 'a1')
        self.assertEqual(1, len(self.files()))
        self.assertEqual(b'new', self.read(written.url))

    def _wait_for_part(self, name):
        path = os.path.join(self.folder, name)
        deadline = time.monotonic() + 20
        while not os.path.exists(path) and time.monotonic() < deadline:
            time.sleep(0.0005)
