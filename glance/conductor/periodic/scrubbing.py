"""Remove at once what is due, as conductors do it in their time."""

import time

from glance.conductor import crew
from glance.conductor import kinds
from glance.conductor.periodic import reaper

_OTHERS = sorted({*kinds.short(), *kinds.long()}
                 - {'delete_data', 'delete_location'})


class Scrubber:
    """:param run: `glance.conductor.periodic.run.Run`
    :param size: how many locations at the same time
    :ivar removed, failed: how many so far
    """

    def __init__(self, run, size):
        self._run, self._size = run, size
        self._crew = crew.Crew(run.registry, run.stores)
        self.removed = self.failed = 0

    def scrub(self):
        """Until nothing is due that nobody else has."""
        reaper.do(self._run)
        asked = time.monotonic()
        while units := self._claim():
            tasks = [self._crew.begin(unit, asked) for unit in units]
            outcomes = [task.wait() for task in tasks]
            self.removed += outcomes.count(crew.ENDED)
            self.failed += outcomes.count(crew.FAILED)
            asked = time.monotonic()

    def _claim(self):
        self._run.check()
        return self._run.registry.work.claim(
            self._run.ctxt, self._run.kind, self._size, None, _OTHERS)
