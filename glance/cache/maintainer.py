"""Looks after the cache of this host: tells of hits, cleans, prunes, fetches.

Each process that serves from the cache has a maintainer, for its own hits. One
of them holds the lock of the folder and does the rest; it is also the one that
the other hosts reach over the bus.
"""

import fcntl
import os
import threading
import time
import typing

from oslo_log import log as logging
import oslo_messaging

from glance.cache import image_cache
from glance.cache import maintenance
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.rpc import client
from glance.rpc import server
from glance.store import backends

LOG = logging.getLogger(__name__)

TOPIC = 'glance-cache'
VERSION = '1.0'
_TRIES = 3


class Announcer:
    """Tells the maintainers of all hosts."""

    def __init__(self) -> None:
        self._rpc = client.Client('registry', TOPIC, VERSION)

    def drop(self, ctxt: context.Caller, image_id: str) -> None:
        """An image is deleted; a cast to all; since 1.0."""
        self._rpc.cast(ctxt, 'cache', 'drop', fanout=True, image_id=image_id)

    def look(self, ctxt: context.Caller, node: str) -> None:
        """A host has something to fetch; a cast to all; since 1.0."""
        self._rpc.cast(ctxt, 'cache', 'look', fanout=True, node=node)

    def close(self) -> None:
        self._rpc.close()


class Endpoint:
    """See `Announcer`."""

    target = oslo_messaging.Target(namespace='cache', version=VERSION)

    def __init__(self, maintainer: 'Maintainer', cache: image_cache.ImageCache
                 ) -> None:
        self._maintainer, self._cache = maintainer, cache

    def drop(self, ctxt: context.Caller, image_id: str) -> None:
        self._cache.drop(image_id)

    def look(self, ctxt: context.Caller, node: str) -> None:
        if node == self._cache.node:
            self._maintainer.wake()


class Maintainer:
    """A background loop."""

    def __init__(self, cache: image_cache.ImageCache, stores: backends.Stores
                 ) -> None:
        self._cache, self._stores = cache, stores
        self._woken = threading.Event()
        self._stopping = False
        self._due = 0.0
        self._lock: int | None = None
        self._server: server.Server | None = None
        self._task: typing.Any = None
        self._failures: dict[str, int] = {}

    def start(self) -> None:
        self._cache.on_hit = self._woken.set
        self._task = concurrency.spawn(self._run)

    def stop(self) -> None:
        self._stopping = True
        self._woken.set()
        if self._task is not None:
            self._task.wait()
        if self._server is not None:
            self._server.stop()
            self._server.wait()
        if self._lock is not None:
            os.close(self._lock)

    def wake(self) -> None:
        """Look after everything now."""
        self._due = 0
        self._woken.set()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._look()
            except exceptions.ServiceUnavailable as error:
                LOG.debug('The cache has to wait: %s', error)
            except Exception:
                LOG.exception('Looking after the cache failed')
            self._woken.wait(max(0, self._due - time.monotonic()))
            self._woken.clear()

    def _look(self) -> None:
        is_due = time.monotonic() >= self._due
        if is_due:
            self._due = time.monotonic() + CONF.image_cache_upkeep_interval
        self._cache.flush_hits()
        if is_due and (self._lock is not None or self._take_over()):
            self._keep()

    def _keep(self) -> None:
        if self._server is None:
            self._listen()
        maintenance.clean(self._cache)
        # Fetching may take long, and the disk may be full.
        maintenance.prune(self._cache)
        maintenance.prefetch(self._cache, self._stores, self._give_up)
        maintenance.prune(self._cache)

    def _take_over(self) -> bool:
        """:returns: whether this process looks after the folder now"""
        path = os.path.join(self._cache.files.folder, '.keeper')
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._lock = fd
        return True

    def _listen(self) -> None:
        listening = server.make_server('registry', TOPIC, [
            Endpoint(self, self._cache)], fanout=True)
        listening.start()
        self._server = listening

    def _give_up(self, image_id: str) -> bool:
        self._failures[image_id] = self._failures.get(image_id, 0) + 1
        if self._failures[image_id] < _TRIES:
            return False
        del self._failures[image_id]
        return True
