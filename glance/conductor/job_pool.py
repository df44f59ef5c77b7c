"""Work under way in this process: begun, kept, and let go in the end."""

import threading

from oslo_log import log

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conductor import work_kinds
from glance.metrics import counters

LOG = log.getLogger(__name__)

ENDED, FAILED, LOST = 'ended', 'failed', 'lost'


class JobPool:
    """:param registry: `glance.registry.rpcapi.RegistryAPI`
    :param stores: `glance.store.backends.Stores`
    :param on_end: called when a unit has ended in whatever way
    """

    def __init__(self, registry, stores, on_end=lambda: None):
        self._registry, self._stores = registry, stores
        self._on_end = on_end
        self._jobs, self._stopping = set(), False
        self._changed = threading.Condition()

    def count(self, names):
        """:returns: how many units of some kinds are under way"""
        with self._changed:
            return sum(job.kind in names for job in self._jobs)

    def begin(self, unit, asked=None):
        """Work on a claimed unit.

        :param asked: when it was claimed, by the monotonic clock; None for
            now
        :returns: a task; its outcome is ENDED, FAILED or LOST
        """
        if _is_taken_over(unit):
            counters.WORK_TAKEN_OVER.labels(unit['kind']).inc()
        job = jobs.Job(_caused_by(unit), self._registry, self._stores, unit)
        if asked is not None:
            job.lease.renewed(asked)
        with self._changed:
            self._jobs.add(job)
        if self._stopping:
            job.stop(jobs.Draining())
        return concurrency.spawn(self._work, job, unit)

    def stop(self):
        """Whatever heeds it is handed over to others."""
        self._stopping = True
        with self._changed:
            for job in self._jobs:
                job.stop(jobs.Draining())

    def wait(self, seconds):
        """Until nothing is under way, or so long; None for ever."""
        with self._changed:
            self._changed.wait_for(lambda: not self._jobs, seconds)

    def _work(self, job, unit):
        context.log_as(job.ctxt)
        LOG.debug('Attempt %d at %s of image %s', job.number, job.kind,
                  job.image_id)
        outcome = FAILED
        try:
            with job.lease:
                outcome = _outcome(job, unit)
            return outcome
        finally:
            counters.WORK_ENDED.labels(job.kind, outcome).inc()
            with self._changed:
                self._jobs.remove(job)
                self._changed.notify_all()
            self._on_end()


def _is_taken_over(unit):
    # A registry of the release before does not say so; there, what was put
    # back is 'waiting'.
    return unit.get('taken_over', unit['state'] == 'running')


def _caused_by(unit):
    """:returns: the context of the service, by the request that wanted it"""
    # Of a row that an older release has written, nobody knows.
    return context.internal(unit.get('request_id'))


def _outcome(job, unit):
    try:
        work_kinds.run(job, unit)
        return ENDED
    except (exceptions.LeaseLost, jobs.OutcomeUnknown):
        LOG.info('Another conductor goes on with %s of image %s',
                 job.kind, job.image_id)
        # Perhaps it looked for what we left before we had written it.
        job.traces.remove_patiently()
        return LOST
    except jobs.Draining:
        _release(job, job.release_midway, 'Handed over', 0)
        return LOST
    except exceptions.GlanceError as error:
        LOG.warning('%s of image %s failed in attempt %d: %s', job.kind,
                    job.image_id, job.number, error)
        reason = error.message
    except Exception as error:
        LOG.exception('%s of image %s failed in attempt %d', job.kind,
                      job.image_id, job.number)
        reason = type(error).__name__
    _release(job, job.release, job.registry.work.put_back, reason)
    return FAILED


def _release(job, method, *args):
    try:
        method(*args)
    except (exceptions.GlanceError, jobs.OutcomeUnknown) as error:
        LOG.warning('%s of image %s waits for its lease to run out: %s',
                    job.kind, job.image_id, error)
        job.traces.remove_patiently()
