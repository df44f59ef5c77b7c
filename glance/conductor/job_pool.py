"""Work under way in this process: begun, kept, and let go in the end."""

from collections.abc import Callable
from collections.abc import Collection
import typing

from oslo_log import log

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor import job as jobs
from glance.conductor import work_kinds
from glance.metrics import counters
from glance.objects import states
from glance.objects import work
from glance.registry import rpcapi
from glance.store import backends

LOG = log.getLogger(__name__)

ENDED, FAILED, LOST = 'ended', 'failed', 'lost'
_Args = typing.TypeVarTuple('_Args')


class JobPool(claims.Holder[jobs.Job]):
    """:param on_end: called when a unit has ended in whatever way"""

    def __init__(self, registry: rpcapi.RegistryAPI, stores: backends.Stores,
                 on_end: Callable[[], object] = lambda: None) -> None:
        super().__init__(on_end)
        self._registry, self._stores = registry, stores

    def count(self, names: Collection[str]) -> int:
        """:returns: how many units of some kinds are under way"""
        with self._changed:
            return sum(job.kind in names for job in self._held)

    def begin(self, unit: work.Unit,
              asked: float | None = None) -> concurrency.Task:
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
        return self.hold(job, _work)


def _work(job: jobs.Job) -> str:
    context.log_as(job.ctxt)
    LOG.debug('Attempt %d at %s of image %s', job.number, job.kind,
              job.image_id)
    outcome = FAILED
    try:
        with job.lease:
            outcome = _outcome(job)
        return outcome
    finally:
        counters.WORK_ENDED.labels(job.kind, outcome).inc()


def _is_taken_over(unit: work.Unit) -> bool:
    # A registry of the release before does not say so; there, what was put
    # back is 'waiting'.
    return unit.get('taken_over', unit['state'] == states.WORK_RUNNING)


def _caused_by(unit: work.Unit) -> context.BusContext:
    """:returns: the context of the service, by the request that wanted it"""
    # Of a row that an older release has written, nobody knows.
    return context.internal(unit.get('request_id'))


def _outcome(job: jobs.Job) -> str:
    try:
        work_kinds.run(job)
        return ENDED
    except (exceptions.LeaseLost, jobs.OutcomeUnknown):
        LOG.info('Another conductor goes on with %s of image %s',
                 job.kind, job.image_id)
        # Perhaps it looked for what we left before we had written it.
        job.traces.remove_patiently()
        return LOST
    except claims.Draining:
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


def _release(job: jobs.Job, method: Callable[[*_Args], None],
             *args: *_Args) -> None:
    try:
        method(*args)
    except (exceptions.GlanceError, jobs.OutcomeUnknown) as error:
        LOG.warning('%s of image %s waits for its lease to run out: %s',
                    job.kind, job.image_id, error)
        job.traces.remove_patiently()
