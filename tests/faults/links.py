"""The links between the programs and their servers, each with its switch."""

import os
import subprocess
import sys
import threading

import fixtures

from tests.fixtures import ports


class Links(fixtures.Fixture):
    """See `tests.faults.proxy` for the modes."""

    def _setUp(self):
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, '-m', 'tests.faults.proxy'], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
            # Its thread for commands must not hold up the links.
            env=dict(os.environ, GLANCE_CONCURRENCY='threading'))
        self.addCleanup(self._end)

    def _end(self):
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def add(self, name, target):
        """:returns: the port that leads to `target` over a new link"""
        port = ports.free_port()
        self.add_at(name, port, target)
        return port

    def add_at(self, name, near, far):
        """:param near, far: ports, or texts ADDRESS:PORT"""
        self._tell('add', name, str(near), str(far))

    def set(self, name, mode):
        self._tell('set', name, mode)

    def _tell(self, *words):
        with self._lock:
            self._process.stdin.write(' '.join(words) + '\n')
            if self._process.stdout.readline() != 'done\n':
                raise RuntimeError('The links are gone')
