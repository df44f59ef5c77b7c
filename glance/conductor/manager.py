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
from glance.conductor import engine
from glance.conductor.flows import delete_data
from glance.conductor.flows import delete_location
from glance.conductor.flows import discard_data
from glance.conductor.flows import hash_location
from glance.conductor.flows import heal_location
from glance.conductor.flows import image_import
from glance.conductor.flows import image_tasks
from glance.conductor.flows import location_import
from glance.conductor.flows import set_readers
from glance.conductor.flows import undo_stage
from glance.conductor.flows import undo_upload
from glance.conductor import job as jobs
from glance.conductor import leases
from glance.conductor.periodic import clock
from glance.conf import CONF
from glance.metrics import counters
from glance.store import staging

LOG = log.getLogger(__name__)

BURST = 0.2     # seconds
SHORT = 10

FLOWS = {'delete_data': delete_data.run,
         'delete_location': delete_location.run,
         'hash_location': hash_location.run, 'upload': undo_upload.run,
         'discard_data': discard_data.run, 'set_readers': set_readers.run,
         'stage': undo_stage.run, 'delete_staged': undo_stage.delete}
# Those that heed being stopped: job -> None.
JOBS = {'heal_location': heal_location.run}
# Flows of steps, for the tasks that users see: input -> steps.
TASKS = {'api_image_import': image_import.steps,
         'copy_image': image_import.steps,
         'location_import': location_import.steps,
         'import': image_tasks.import_steps, 'clone': image_tasks.clone_steps,
         'export': image_tasks.export_steps}


class WorkEndpoint:
    """See `glance.conductor.rpcapi.ConductorAPI`."""

    target = oslo_messaging.Target(namespace='work', version='1.0')

    def __init__(self, woken):
        self._woken = woken

    def wake(self, ctxt):
        self._woken.set()


class Manager:
    """Claims work from the registry and runs the flow of its kind.

    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :param stores: `glance.store.registry.Stores`
    """

    worker = None

    def __init__(self, registry, stores):
        self._registry, self._stores = registry, stores
        self._name = '%s:%d' % (socket.gethostname(), os.getpid())
        self._woken = threading.Event()
        self._stopping = self._more = False
        self._jobs, self._ended = {}, []
        self._keeper = leases.Keeper(self._jobs)
        self._clock = clock.Clock(self._name, registry, stores)
        self._task = None
        self.endpoints = [WorkEndpoint(self._woken)]

    def start(self):
        self._keeper.start()
        self._clock.start()
        self._task = concurrency.spawn(self._run)

    def stop(self):
        """Drain: what ends soon is finished, the rest is handed over."""
        self._stopping = True
        self._woken.set()
        if self._task is None:
            return
        self._task.wait()
        self._clock.stop()
        timeout = CONF.graceful_shutdown_timeout / 2 or None
        deadline = timeout and time.monotonic() + timeout
        for job, task in list(self._jobs.items()):
            try:
                task.wait(deadline and max(0, deadline - time.monotonic()))
            except TimeoutError:
                job.stop(jobs.HandOver())
        for task in list(self._jobs.values()):
            task.wait()
        self._keeper.stop()

    def _run(self):
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

    def _take(self):
        while self._ended:
            del self._jobs[self._ended.pop()]
        if self._stopping:
            return
        ctxt = context.internal()
        free, left_out = self._room()
        if not free:
            return
        units = self._registry.work.claim(ctxt, self._name, free,
                                          staging.host(), left_out)
        # The next one that ends makes room for a further look.
        self._more = len(units) == free
        for unit in units:
            # That of a row which was put back is 'waiting'.
            if unit['state'] == 'running':
                counters.WORK_TAKEN_OVER.labels(unit['kind']).inc()
            job = jobs.Job(_caused_by(unit), self._registry, self._stores,
                           unit)
            self._jobs[job] = concurrency.spawn(self._work, job, unit)

    def _room(self):
        """What is short has places of its own beside tasks.

        :returns: how much to take, and the kinds to leave to others
        """
        tasks = sum(job.kind in TASKS for job in self._jobs)
        free = min(_pool_size() - tasks, CONF.work.batch_size)
        if free > 0:
            return free, []
        return max(0, SHORT - (len(self._jobs) - tasks)), list(TASKS)

    def _work(self, job, unit):
        context.log_as(job.ctxt)
        LOG.debug('Attempt %d at %s of image %s', job.number, job.kind,
                  job.image_id)
        outcome = 'failed'
        try:
            self._run_flow(job, unit)
            outcome = 'ended'
        except (exceptions.LeaseLost, jobs.LetGo):
            outcome = 'lost'
            LOG.info('Another conductor goes on with %s of image %s',
                     job.kind, job.image_id)
        except exceptions.GlanceError as error:
            LOG.warning('%s of image %s failed in attempt %d: %s', job.kind,
                        job.image_id, job.number, error)
            self._put_back(job, error.message)
        except Exception as error:
            LOG.exception('%s of image %s failed in attempt %d', job.kind,
                          job.image_id, job.number)
            self._put_back(job, type(error).__name__)
        finally:
            counters.WORK_ENDED.labels(job.kind, outcome).inc()
            self._ended.append(job)
            if self._more:
                self._woken.set()

    def _run_flow(self, job, unit):
        if job.kind in TASKS:
            engine.run(job, TASKS[job.kind](job.input))
        elif job.kind in JOBS:
            JOBS[job.kind](job)
        else:
            FLOWS[job.kind](job.ctxt, self._registry, self._stores, unit)

    def _put_back(self, job, reason):
        try:
            job.let_go(self._registry.work.put_back, reason)
        except (exceptions.GlanceError, jobs.LetGo) as error:
            LOG.warning('%s of image %s waits for its lease to run out: %s',
                        job.kind, job.image_id, error)


def _caused_by(unit):
    """:returns: the context of the service, by the request that wanted it"""
    # Of a row that an older release has written, nobody knows.
    return context.internal(unit.get('request_id'))


def _pool_size():
    options = CONF.taskflow_executor
    return options.max_workers if options.engine_mode == 'parallel' else 1
