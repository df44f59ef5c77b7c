"""What a claim of work has written, in case that it has lost its claim.

A writer that stands still for longer than its lease may make its files after
its successor has looked for them, even after all has ended: nobody else
removes them then. So whoever does not learn that its data counts removes it.
It may do so without asking, as long as the registry was never told of the
data: the names are those of its own attempt. Once it was told, and the answer
is unknown, only the registry knows.
"""

from collections.abc import Callable, Iterable
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.common import pauses
from glance.conf import CONF
from glance.objects import work
from glance.store import driver

LOG = log.getLogger(__name__)


class Trace:
    """One attempt at writing.

    :param image_id: of the image, or of the task, that it is named after
    :ivar url: of the data, once it is written
    :ivar is_noted: whether the registry may know of the data
    :ivar is_last: whether nobody goes on with the work when the data counts
    """

    url: str | None = None
    is_noted = is_last = False

    def __init__(self, store: driver.Driver, image_id: str, attempt: str
                 ) -> None:
        self.store, self.image_id, self.attempt = store, image_id, attempt

    def note(self, url: str) -> None:
        """From now on the registry may know of the data."""
        self.url, self.is_noted = url, True

    def counts(self, names: Iterable[str]) -> bool:
        """:param names: as `Work.kept` of the registry gives them"""
        if self.url is None:
            return False
        known = {self.url, self.attempt, *self.store.names(self.url)}
        return any(name in known or self.store.is_same(self.url, name)
                   for name in names)

    def settle(self) -> None:
        concurrency.run_blocking(self.store.settle, self.image_id,
                                 self.attempt)

    def discard(self) -> None:
        concurrency.run_blocking(self.store.discard, self.image_id,
                                 self.attempt, self.url)


class Traces:
    """All that one claim has written.

    :param ask: gives `Work.kept` of the registry
    """

    def __init__(self, ask: Callable[[], work.Kept]) -> None:
        self._ask = ask
        self._left: list[Trace] = []

    def begin(self, store: driver.Driver, image_id: str, attempt: str
              ) -> Trace:
        """To be called before anything is written."""
        trace = Trace(store, image_id, attempt)
        self._left.append(trace)
        return trace

    def remove(self) -> None:
        """Remove what does not count, where the claim may be lost.

        What the registry still takes for ours is left to the next claim, and
        what counts to whoever goes on with the work, if anybody does.

        :raises GlanceError: the registry or a store does not answer
        """
        kept: work.Kept | None = None
        for trace in list(self._left):
            if trace.is_noted:
                kept = kept or self._ask()
            if kept is None or not trace.is_noted:
                trace.discard()
            elif kept['is_held']:
                pass
            elif trace.counts(kept['names']):
                if trace.is_last:
                    trace.settle()
            else:
                trace.discard()
            self._left.remove(trace)

    def remove_patiently(self) -> None:
        """Try so now, and if it has to be beside the caller, for a while."""
        if not self._try(1):
            concurrency.spawn(self._go_on)

    def _go_on(self) -> None:
        for tries in range(1, CONF.work.max_tries):
            time.sleep(pauses.after(tries))
            if self._try(tries + 1):
                return

    def _try(self, number: int) -> bool:
        """:returns: whether there is nothing left to do"""
        try:
            self.remove()
        except exceptions.GlanceError as error:
            is_last = number >= CONF.work.max_tries
            LOG.log(log.ERROR if is_last else log.WARNING,
                    'What a lost attempt has written in store %(store)s for '
                    'image %(image)s is not removed %(when)s: %(error)s',
                    {'store': self._left[0].store.id,
                     'image': self._left[0].image_id, 'error': error,
                     'when': 'and left to the search for leftovers'
                     if is_last else 'yet'})
            return False
        return True
