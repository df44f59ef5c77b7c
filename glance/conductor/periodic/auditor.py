"""Read the data at rest, so that damage is found before the data is needed.

Data that differs from the hashes of its image is read a second time before it
counts as bad: then nobody is given it any more, and work is written that heals
it from a good copy. A store that does not answer proves nothing. Data that is
not there is bad as well, unless nothing at all is there: then it is the store
that is away, such as a folder that is not mounted. What is deleted between the
list and its turn says nothing, of itself or of the store.
"""

import collections
import itertools

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.periodic import reading
from glance.conductor import recorded
from glance.conf import CONF
from glance.metrics import counters

LOG = log.getLogger(__name__)

_MOST = 50
# So many missing ones, and nothing else, mean that the store is away.
_SUSPICIOUS = 3
# A store that has failed so often is left alone until the next run.
_PATIENCE = 3


def do(run):
    """:returns: {result: how many locations}"""
    def list_oldest(last):
        return run.registry.audits.list_oldest(
            run.ctxt, last and last['place'], _MOST,
            CONF.periodic.audit_interval, CONF.periodic.audit_interval_bad)
    run.registry.audits.forget_deleted(run.ctxt)
    return look_through(run, list_oldest)


def look_through(run, list_some):
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

    def __init__(self, run):
        self._run = run
        self._throttle = reading.Throttle(run, CONF.periodic.audit_rate)
        self.results = collections.Counter()
        self._present, self._skipped = set(), []
        self._failures = collections.Counter()
        self._missing = collections.defaultdict(list)
        self._seen = set()

    def examine_new(self, entries):
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

    def examine(self, entry):
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
        if reason is None:
            self._pass(store, entry, facts)
        else:
            self._fail(store, entry, reason)

    def _store(self, entry):
        """:returns: None when what is there is not ours to judge"""
        try:
            store, _place = self._run.stores.place(entry['location'])
        except (exceptions.BadRequest, exceptions.BadLocation):
            # It is not configured, or not any more, or has not made this.
            return None
        return None if store.read_only else store

    def report_skipped(self):
        """They need not be listed again soon."""
        if self._skipped:
            self._run.registry.audits.skipped(self._run.ctxt, self._skipped)
            self._skipped = []

    def _read(self, store, entry):
        arguments = (store, entry['image'], entry['location'],
                     self._throttle)
        facts, reason = reading.read(*arguments)
        if reason in ('size', 'hash') and entry['reason'] is None:
            return reading.read(*arguments)
        return facts, reason

    def _pass(self, store, entry, facts):
        self._run.registry.audits.passed(
            self._run.ctxt, entry['image']['id'], _place(entry), facts)
        self._count(store, 'good')

    def _fail(self, store, entry, reason):
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

    def report_missing(self):
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

    def _is_away(self, store, entries):
        try:
            concurrency.run_blocking(store.check)
        except exceptions.StoreUnavailable:
            return True
        if store in self._present or not self._are_suspicious(entries):
            return False
        objects = concurrency.run_blocking(store.list)
        return objects is None or (
            concurrency.run_blocking(next, objects, None) is None)

    def _are_suspicious(self, entries):
        missing = filter(self._is_recorded, entries)
        return len([*itertools.islice(missing, _SUSPICIOUS)]) == _SUSPICIOUS

    def _is_recorded(self, entry):
        return recorded.is_recorded(self._run, entry['image']['id'],
                                    _place(entry))

    def _count(self, store, result):
        counters.AUDITS.labels(store.id, result).inc()
        self.results[result] += 1


def _place(entry):
    return {name: entry['location'][name] for name in ('id', 'url')}
