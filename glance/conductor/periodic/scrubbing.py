"""Remove at once what is due, as conductors do it in their time."""

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.flows import delete_data
from glance.conductor.flows import delete_location
from glance.conductor import job as jobs
from glance.conductor import leases
from glance.conductor import manager
from glance.conductor.periodic import reaper

LOG = log.getLogger(__name__)

_FLOWS = {'delete_data': delete_data.run,
          'delete_location': delete_location.run}
_OTHERS = sorted({*manager.FLOWS, *manager.JOBS, *manager.TASKS}
                 - set(_FLOWS))


class Scrubber:
    """:param run: `glance.conductor.periodic.run.Run`
    :param size: how many locations at the same time
    :ivar removed, failed: how many so far
    """

    def __init__(self, run, size):
        self._run, self._size = run, size
        self._jobs = {}
        self.removed = self.failed = 0

    def scrub(self):
        """Until nothing is due that nobody else has."""
        reaper.do(self._run)
        keeper = leases.Keeper(self._jobs)
        keeper.start()
        try:
            while units := self._claim():
                for task in [self._begin(unit) for unit in units]:
                    task.wait()
                self._jobs.clear()
        finally:
            keeper.stop()

    def _claim(self):
        self._run.check()
        return self._run.registry.work.claim(
            self._run.ctxt, self._run.kind, self._size, None, _OTHERS)

    def _begin(self, unit):
        job = jobs.Job(self._run.ctxt, self._run.registry, self._run.stores,
                       unit)
        self._jobs[job] = task = concurrency.spawn(self._work, job, unit)
        return task

    def _work(self, job, unit):
        try:
            _FLOWS.get(job.kind, _leave)(job.ctxt, job.registry, job.stores,
                                         unit)
            self.removed += 1
        except exceptions.LeaseLost:
            LOG.info('A conductor removes the data of image %s', job.image_id)
        except exceptions.GlanceError as error:
            self.failed += 1
            LOG.warning('Data of image %s cannot be removed: %s',
                        job.image_id, error)
            job.registry.work.put_back(job.ctxt, job.id, job.number,
                                       error.message)


def _leave(ctxt, registry, stores, unit):
    raise exceptions.Conflict('A newer release knows what to do here.')
