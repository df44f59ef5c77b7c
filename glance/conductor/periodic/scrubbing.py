"""Remove at once what is due, as conductors do it in their time."""

from collections.abc import Sequence
import time

from glance.conductor import job_pool
from glance.conductor.periodic import reaper
from glance.conductor.periodic import run as runs
from glance.conductor import work_kinds
from glance.objects import work

_OTHERS = sorted({kind.name for kind in work_kinds.TABLE}
                 - {'delete_data', 'delete_location'})


class Scrubber:
    """:param size: how many locations at the same time
    :ivar removed, failed: how many so far
    """

    def __init__(self, run: runs.Run, size: int) -> None:
        self._run, self._size = run, size
        self._pool = job_pool.JobPool(run.registry, run.stores)
        self.removed = self.failed = 0

    def scrub(self) -> None:
        """Until nothing is due that nobody else has."""
        reaper.do(self._run)
        asked = time.monotonic()
        while units := self._claim():
            tasks = [self._pool.begin(unit, asked) for unit in units]
            outcomes = [task.wait() for task in tasks]
            self.removed += outcomes.count(job_pool.ENDED)
            self.failed += outcomes.count(job_pool.FAILED)
            asked = time.monotonic()

    def _claim(self) -> Sequence[work.Unit]:
        self._run.check()
        return self._run.registry.work.claim(
            self._run.ctxt, self._run.kind, self._size, None, _OTHERS)
