"""Read the data at rest, so that damage is found before the data is needed.

Data that differs from the hashes of its image is read a second time before it
counts as bad: then nobody is given it any more, and work is written that heals
it from a good copy. A store that does not answer proves nothing. Data that is
not there is bad as well, unless nothing at all is there: then it is the store
that is away, such as a folder that is not mounted. What is deleted between the
list and its turn says nothing, of itself or of the store.
"""

import collections
from collections.abc import Callable
from collections.abc import Sequence
import itertools

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.periodic import reading
from glance.conductor.periodic import run as runs
from glance.conductor import recorded
from glance.conf import CONF
from glance.metrics import counters
from glance.objects import at_rest
from glance.objects import location as location_types
from glance.store import driver

LOG = log.getLogger(__name__)

_MOST = 50
# So many missing ones, and nothing else, mean that the store is away.
_SUSPICIOUS = 3
# A store that has failed so often is left alone until the next run.
_PATIENCE = 3


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {result: how many locations}"""
    def list_oldest(last: at_rest.Due | None) -> Sequence[at_rest.Due]:
        return run.registry.audits.list_oldest(
            run.ctxt, last and last['place'], _MOST,
            CONF.periodic.audit_interval, CONF.periodic.audit_interval_bad)
    run.registry.audits.forget_deleted(run.ctxt)
    return look_through(run, list_oldest)


def look_through(run: runs.Run,
                 list_some: Callable[[at_rest.Due | None],
                                     Sequence[at_rest.Due]],
                 ) -> runs.Outcome:
    """Read all locations of a list.

    :param list_some: gives those after another one, or the first ones
    """
    if not CONF.periodic.audit_rate:
        return {'off': True}
    audit = _Audit(run)
    entries = list_some(None)
    while audit.examine_new(entries):
        audit.report_skipped()
        entries = list_some(entries[-1])
    audit.report_missing()
    return dict(audit.results)


class _Audit:

    def __init__(self, run: runs.Run) -> None:
        self._run = run
        self._throttle = reading.Throttle(run, CONF.periodic.audit_rate)
        self.results: collections.Counter[str] = collections.Counter()
        self._present: set[driver.Driver] = set()
        self._skipped: list[int] = []
        self._failures: collections.Counter[driver.Driver] = (
            collections.Counter())
        self._missing: dict[driver.Driver, list[at_rest.Due]] = (
            collections.defaultdict(list))
        self._seen: set[int] = set()

    def examine_new(self, entries: Sequence[at_rest.Due]) -> bool:
        """Data may be due again while other data is read.

        :returns: whether there was anything new
        """
        new = [entry for entry in entries
               if entry['location']['id'] not in self._seen]
        for entry in new:
            self._run.check()
            self._seen.add(entry['location']['id'])
            self.examine(entry)
        return bool(new)

    def examine(self, entry: at_rest.Due) -> None:
        store = self._store(entry)
        if store is None:
            self._skipped.append(entry['location']['id'])
            return
        if self._failures[store] == _PATIENCE:
            return
        try:
            facts, reason = self._read(store, entry)
        except exceptions.StoreUnavailable as error:
            if not self._is_recorded(entry):
                return
            LOG.warning('The data of image %s was not audited: %s',
                        entry['image']['id'], error)
            self._failures[store] += 1
            self._count(store, 'unreadable')
            return
        if reason == 'missing':
            self._missing[store].append(entry)
            return
        self._present.add(store)
        if reason is not None:
            self._fail(store, entry, reason)
        elif facts is not None:
            self._pass(store, entry, facts)

    def _store(self, entry: at_rest.Due) -> driver.Driver | None:
        """:returns: None when what is there is not ours to judge"""
        try:
            store: driver.Driver = self._run.stores.place(
                entry['location'])[0]
        except (exceptions.BadRequest, exceptions.BadLocation):
            # It is not configured, or not any more, or has not made this.
            return None
        return None if store.read_only else store

    def report_skipped(self) -> None:
        """They need not be listed again soon."""
        if self._skipped:
            self._run.registry.audits.skipped(self._run.ctxt, self._skipped)
            self._skipped = []

    def _read(self, store: driver.Driver, entry: at_rest.Due,
              ) -> tuple[location_types.AllFacts | None, str | None]:
        arguments = (store, entry['image'], entry['location'],
                     self._throttle)
        facts, reason = reading.read(*arguments)
        if reason in ('size', 'hash') and entry['reason'] is None:
            return reading.read(*arguments)
        return facts, reason

    def _pass(self, store: driver.Driver, entry: at_rest.Due,
              facts: location_types.AllFacts) -> None:
        self._run.registry.audits.passed(
            self._run.ctxt, entry['image']['id'], _place(entry), facts)
        self._count(store, 'good')

    def _fail(self, store: driver.Driver, entry: at_rest.Due,
              reason: str) -> None:
        heals = self._run.registry.audits.failed(
            self._run.ctxt, entry['image']['id'], _place(entry), reason)
        if heals is None:
            return
        if entry['reason'] is None:
            LOG.error('The data of image %(id)s in store %(store)s is bad: '
                      '%(reason)s; %(then)s',
                      {'id': entry['image']['id'], 'store': store.id,
                       'reason': reason, 'then': 'it will be healed'
                       if heals else 'there is no good copy'})
        self._count(store, 'missing' if reason == 'missing' else 'bad')

    def report_missing(self) -> None:
        """Tell of what was not there, now that the stores are known."""
        for store, entries in self._missing.items():
            is_away = self._is_away(store, entries)
            if is_away:
                LOG.error('Store %s seems to be away: no data is there',
                          store.id)
            for entry in entries:
                if is_away:
                    self._count(store, 'unreadable')
                else:
                    self._fail(store, entry, 'missing')

    def _is_away(self, store: driver.Driver,
                 entries: list[at_rest.Due]) -> bool:
        try:
            concurrency.run_blocking(store.check)
        except exceptions.StoreUnavailable:
            return True
        if store in self._present or not self._are_suspicious(entries):
            return False
        objects = concurrency.run_blocking(store.list)
        return objects is None or (
            concurrency.run_blocking(next, objects, None) is None)

    def _are_suspicious(self, entries: list[at_rest.Due]) -> bool:
        missing = filter(self._is_recorded, entries)
        return len([*itertools.islice(missing, _SUSPICIOUS)]) == _SUSPICIOUS

    def _is_recorded(self, entry: at_rest.Due) -> bool:
        return recorded.is_recorded(self._run, entry['image']['id'],
                                    _place(entry))

    def _count(self, store: driver.Driver, result: str) -> None:
        counters.AUDITS.labels(store.id, result).inc()
        self.results[result] += 1


def _place(entry: at_rest.Due) -> location_types.Named:
    return {'id': entry['location']['id'], 'url': entry['location']['url']}
