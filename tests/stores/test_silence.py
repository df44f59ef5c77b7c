"""What a store is asked ends, when the store is frozen in the middle of it."""

import os
import signal
import threading
import time
import uuid

import fixtures
from oslotest import base as test_base

from glance.common import concurrency
from glance.common import exceptions
from tests.fixtures.servers import ceph
from tests.fixtures.servers import vcenter
from tests.fixtures import stores
from tests.stores import base
from tests.stores import kinds
from tests.unit.store import base as sources

native = concurrency.native

LIMIT = 3       # seconds for which a store may be silent
PATIENCE = 60   # a request is more than one step, and what it left is removed


class FreezingSource(sources.Source):
    """Calls `freeze` when so much has been read from it."""

    def __init__(self, size, when, freeze):
        super().__init__(os.urandom(size))
        self._left, self._freeze = when, freeze

    def next_buffer(self):
        return self._counted(super().next_buffer())

    def read(self, size=-1):
        return self._counted(super().read(size))

    def _counted(self, data):
        self._left -= len(data)
        if self._left <= 0 and self._freeze:
            self._freeze()
            self._freeze = None
        return data


class SilenceTest(test_base.BaseTestCase):
    """Each has servers of its own: nobody else likes them frozen."""

    def load(self, kind, limit=LIMIT, **changes):
        options = dict(kinds.options(kind, self), **changes)
        return self.useFixture(stores.Stores(
            {'one': kind}, {'one': options},
            store_silence_timeout=limit)).all.default

    def own(self, variable, server, value):
        """:param value: gives what the variable says of shared servers"""
        self.useFixture(fixtures.EnvironmentVariable(variable))
        self.useFixture(server)
        self.useFixture(fixtures.EnvironmentVariable(variable, value(server)))

    def freeze(self, pid):
        """Without a limit all would go on after a while, and be too late."""
        os.kill(pid, signal.SIGSTOP)
        thaw = threading.Timer(PATIENCE, os.kill, (pid, signal.SIGCONT))
        thaw.start()
        self.addCleanup(os.kill, pid, signal.SIGCONT)
        self.addCleanup(thaw.cancel)

    def assert_ends(self, fn, *args):
        begin = time.monotonic()
        self.assertRaises(exceptions.StoreUnavailable, fn, *args)
        self.assertLess(time.monotonic() - begin, PATIENCE - 2)

    def write(self, store, source):
        return store.write(str(uuid.uuid4()), 'a1', source).url

    def check_frozen(self, store, pid):
        url = self.write(store, sources.Source(os.urandom(4 * base.MIB)))
        self.assert_ends(self.write, store, FreezingSource(
            8 * base.MIB, 3 * base.MIB, lambda: self.freeze(pid)))
        for ask in (store.size, store.delete,
                    lambda url: b''.join(store.open(url))):
            self.assert_ends(ask, url)

    def own_ceph(self):
        """:returns: the process of its only disk"""
        cluster = ceph.Ceph()
        self.own(ceph.ENVIRONMENT, cluster, lambda server: server.path)
        with open(os.path.join(cluster.path, 'osd.0.pid')) as file:
            return int(file.read())

    def test_frozen_disks_of_ceph(self):
        """Neither its configuration nor the option limits anything."""
        pid = self.own_ceph()
        self.check_frozen(self.load('rbd', rados_connect_timeout='-1'), pid)

    def falter(self, pid, is_over):
        """Freeze a process again and again, and never for long."""
        while not is_over.is_set():
            os.kill(pid, signal.SIGSTOP)
            is_over.wait(0.1)
            os.kill(pid, signal.SIGCONT)
            is_over.wait(0.1)

    def test_slow_disks_of_ceph(self):
        """What moves, however slowly, gets there."""
        pid = self.own_ceph()
        store = self.load('rbd', 10 * PATIENCE,
                          rados_connect_timeout=str(10 * PATIENCE))
        # The driver blocks this thread, and with it all that are green.
        is_over = native.threading.Event()
        faltering = native.threading.Thread(target=self.falter,
                                            args=(pid, is_over))
        faltering.start()
        self.addCleanup(faltering.join)
        self.addCleanup(is_over.set)
        data = os.urandom(4 * base.MIB)
        url = self.write(store, sources.Source(data))
        self.assertEqual([True], [data == b''.join(store.open(url))])
        store.delete(url)

    def test_a_frozen_vcenter(self):
        server = vcenter.VCenter()
        self.own(vcenter.ENVIRONMENT, server, lambda server: server.address)
        self.check_frozen(self.load('vmware'), server.process.pid)
