"""The conductor as a server: it looks for work, also when told to."""

import os
import socket
import threading
import time

from oslo_log import log
import oslo_messaging

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conductor import job_pool
from glance.conductor.periodic import clock
from glance.conductor.periodic import usage_sync
from glance.conductor.usage import listener
from glance.conductor import work_kinds
from glance.conf import CONF
from glance.registry import rpcapi
from glance.store import backends
from glance.store import staging

LOG = log.getLogger(__name__)

BURST = 0.2     # seconds
SHORT = 10


class WorkEndpoint:
    """See `glance.conductor.rpcapi.ConductorAPI`."""

    target = oslo_messaging.Target(namespace='work', version='1.0')

    def __init__(self, woken: threading.Event) -> None:
        self._woken = woken

    def wake(self, ctxt: context.BusContext) -> None:
        self._woken.set()


class Manager:
    """Claims work from the registry and does it."""

    worker = None

    def __init__(self, registry: rpcapi.RegistryAPI,
                 stores: backends.Stores) -> None:
        self._registry = registry
        self._name = '%s:%d' % (socket.gethostname(), os.getpid())
        self._woken = threading.Event()
        self._stopping = self._more = False
        self._pool = job_pool.JobPool(registry, stores, self._made_room)
        self._clock = clock.Clock(self._name, registry, stores)
        self._listener = listener.Listener(registry)
        self._task: concurrency.Task | None = None
        self.endpoints = [WorkEndpoint(self._woken)]

    def start(self) -> None:
        # A store that hangs must not keep others from a thread.
        concurrency.limit_blocking(SHORT + _pool_size()
                                   + len(clock.duties()))
        LOG.info('Data that is staged in %(folder)s is imported here; rows '
                 'of the database call it %(name)s. What users want imported '
                 'from URLs is judged by [import_filtering_opts] as it is '
                 'here, too.', {'folder': staging.folder(),
                                'name': staging.host()})
        if CONF['usage'].enabled:
            self._listener.start()
            usage_sync.tell()
        self._task = concurrency.spawn(self._run)

    def stop(self) -> None:
        """Drain: what ends soon is finished, the rest is handed over.

        Whatever does not heed that is left when the time is over: somebody
        else has it when its lease has run out.
        """
        self._stopping = True
        self._woken.set()
        if self._task is None:
            return
        limit = CONF.graceful_shutdown_timeout or None
        end = time.monotonic() + (limit or 0)
        self._clock.stop()
        self._listener.stop()
        self._pool.wait(limit and limit / 2)
        self._pool.stop()
        for wait in (self._wait, self._pool.wait, self._clock.wait):
            wait(limit and max(0, end - time.monotonic()))

    def _wait(self, seconds: float | None) -> None:
        try:
            if self._task is not None:
                self._task.wait(seconds)
        except TimeoutError:
            LOG.warning('The registry has not answered until the end')

    def _made_room(self) -> None:
        if self._more:
            self._woken.set()

    def _run(self) -> None:
        while not self._stopping:
            if self._woken.wait(CONF.work.poll_interval) and not self._more:
                # What comes in a burst shares one look.
                time.sleep(BURST)
            self._woken.clear()
            try:
                self._take()
                self._clock.look(context.internal())
            except exceptions.ServiceUnavailable as error:
                LOG.debug('No work can be claimed: %s', error)
            except Exception:
                LOG.exception('Looking for work failed')

    def _take(self) -> None:
        """As much as there is, and as there is room for."""
        while not self._stopping:
            # Who ends from now on makes room for a further look.
            self._more = True
            free, left_out = self._room()
            if not free:
                return
            asked = time.monotonic()
            units = self._registry.work.claim(
                context.internal(), self._name, free, staging.host(),
                left_out)
            for unit in units:
                self._pool.begin(unit, asked)
            if len(units) < free:
                self._more = bool(left_out)
                return

    def _room(self) -> tuple[int, list[str]]:
        """What is short has places of its own beside what takes long.

        :returns: how much to take, and the kinds to leave to others
        """
        names = {places: work_kinds.names(places)
                 for places in (work_kinds.SHORT, work_kinds.LONG)}
        short = SHORT - self._pool.count(names[work_kinds.SHORT])
        long = _pool_size() - self._pool.count(names[work_kinds.LONG])
        if short > 0 and long > 0:
            return min(short, long, CONF.work.batch_size), []
        free = min(max(short, long, 0), CONF.work.batch_size)
        return free, names[work_kinds.SHORT if long > 0 else work_kinds.LONG]


def _pool_size() -> int:
    options = CONF.taskflow_executor
    return options.max_workers if options.engine_mode == 'parallel' else 1
