"""The workers of an API, each asked over a connection of its own."""

import concurrent.futures
import http.client
import os
import subprocess
import time
from urllib import parse

import fixtures

# Seconds in which any request has to be answered, whatever is away.
_LONGEST = 10


def pids(program):
    """:returns: the processes that a program has started"""
    found = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(program.pid)],
                           capture_output=True, text=True).stdout
    return {int(pid) for pid in found.split()}


class Workers(fixtures.Fixture):
    """:param url: of an API
    :param program: that serves it, a Process
    """

    def __init__(self, url, program):
        super().__init__()
        self._port = parse.urlsplit(url).port
        self._program = program
        self._connections = {}

    def _setUp(self):
        wanted = pids(self._program)
        deadline = time.monotonic() + 60
        while wanted - set(self._connections):
            if time.monotonic() > deadline:
                raise TimeoutError('not all workers take connections')
            connection = self._connect()
            pid = self._owner(connection, wanted)
            self._connections.setdefault(pid, connection)

    def _connect(self):
        connection = http.client.HTTPConnection('127.0.0.1', self._port,
                                                timeout=_LONGEST)
        self.addCleanup(connection.close)
        _ask(connection, '/healthcheck')
        return connection

    def _owner(self, connection, candidates):
        """:returns: the process that has the far end of a connection"""
        near = connection.sock.getsockname()[1]
        ends = ['%04X' % self._port, '%04X' % near]
        with open('/proc/net/tcp') as table:
            rows = [line.split() for line in table][1:]
        [inode] = [row[9] for row in rows
                   if [end[-4:] for end in row[1:3]] == ends]
        [pid] = [pid for pid in candidates if _has(pid, inode)]
        return pid

    def ask(self, path):
        """:returns: [(status, text)] of all workers"""
        return [_ask(one, path) for one in self._connections.values()]

    def until(self, is_ready, sentence, seconds):
        """Until each says that it is ready, or is not, and a sentence.

        :returns: (how long the last one took, what they said)
        """
        with concurrent.futures.ThreadPoolExecutor() as pool:
            found = list(pool.map(
                lambda one: _until(one, is_ready, sentence, seconds),
                self._connections.values()))
        return max(spent for spent, _text in found), ''.join(
            text for _spent, text in found)


def _until(connection, is_ready, sentence, seconds):
    begin = time.monotonic()
    while True:
        status, text = _ask(connection, '/healthcheck/ready')
        spent = time.monotonic() - begin
        if (status == 200) == is_ready and sentence in text:
            return spent, text
        if spent > seconds:
            raise TimeoutError('%d after %.1f s: %s' % (status, spent, text))
        time.sleep(0.1)


def _ask(connection, path):
    connection.request('GET', path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _has(pid, inode):
    folder = '/proc/%d/fd' % pid
    for name in os.listdir(folder):
        try:
            if os.readlink(os.path.join(folder, name)) == (
                    'socket:[%s]' % inode):
                return True
        except FileNotFoundError:
            pass
    return False
