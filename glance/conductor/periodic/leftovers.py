"""Data in the stores that belongs to no image and to no work.

A store that can list its objects is asked for those that have not changed for
a while; the registry knows whose they are. What an attempt has left that
nobody goes on with goes, and so does whole data of a known image which has no
such location. Data named after an id that the database has never heard of is
only told of: it may be another service's, or the database an old copy. The
objects of export tasks belong to whoever exported them, as long as they are
those that the tasks have told of.
"""

from collections.abc import Iterator
import itertools
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.periodic import run as runs
from glance.conf import CONF
from glance.objects import at_rest
from glance.store import backends
from glance.store import driver

LOG = log.getLogger(__name__)

_MOST = 500
REMOVE, SETTLE, KEEP, UNKNOWN = 'remove', 'settle', 'keep', 'unknown'
# (store, what it has, verdict)
Leftover = tuple[driver.Driver, driver.Found, str]


def do(run: runs.Run) -> runs.Outcome:
    """:returns: {"remove", "settle", "unknown": how many objects, "bytes":
        removed}
    """
    if CONF.periodic.leftovers == 'off':
        return {'off': True}
    totals = {REMOVE: 0, SETTLE: 0, UNKNOWN: 0, 'bytes': 0}
    for store, found, verdict in find(run, CONF.periodic.leftovers_grace):
        LOG.info(describe(store, found, verdict))
        if CONF.periodic.leftovers == 'remove' and not _act(store, found,
                                                            verdict):
            continue
        totals[verdict] += 1
        totals['bytes'] += found.size if verdict == REMOVE else 0
    return totals


def find(run: runs.Run, grace: float) -> Iterator[Leftover]:
    """Yield what belongs to nobody.

    :param grace: seconds since the last change
    """
    for store in run.stores:
        until = time.time() - grace
        for batch in _batches(store):
            run.check()
            old = [found for found in batch if found.changed <= until]
            yield from _judged(run, store, old)


def _batches(store: driver.Driver) -> Iterator[list[driver.Found]]:
    """What a store lists, as far as it does; the others have their turn."""
    try:
        objects = concurrency.run_blocking(store.list) or iter(())
        while batch := concurrency.run_blocking(_next, objects):
            yield batch
    except exceptions.StoreUnavailable as error:
        LOG.warning('What store %(id)s holds was not looked through: '
                    '%(error)s', {'id': store.id, 'error': error})


def _next(objects: Iterator[driver.Found]) -> list[driver.Found]:
    return list(itertools.islice(objects, _MOST))


def _judged(run: runs.Run, store: driver.Driver,
            objects: list[driver.Found]) -> Iterator[Leftover]:
    if not objects:
        return
    owners = run.registry.deletions.owners(
        run.ctxt, sorted({found.image_id for found in objects}))
    for found in objects:
        verdict = _judge(run.stores, store, found, owners[found.image_id])
        if verdict != KEEP:
            yield store, found, verdict


def _judge(stores: backends.Stores, store: driver.Driver,
           found: driver.Found, owner: at_rest.Owner) -> str:
    if owner['is_busy']:
        return KEEP
    if found.url is not None and any(
            stores.may_be_in(store, url, found.url)
            for url in owner['urls']):
        return KEEP if found.attempt is None else SETTLE
    if not owner['is_known']:
        return UNKNOWN
    if found.attempt is None and not owner['is_image']:
        return _judge_exported(store, found, owner)
    return REMOVE


def _judge_exported(store: driver.Driver, found: driver.Found,
                    owner: at_rest.Owner) -> str:
    """Stores that settle nothing do not tell what came too late."""
    # A registry of the release before does not say what was exported.
    exported = owner.get('object')
    if exported is None or exported in store.names(found.whole_url):
        return KEEP
    return REMOVE


def _act(store: driver.Driver, found: driver.Found, verdict: str) -> bool:
    """:returns: whether it is done; if not, the next run tries again"""
    try:
        if verdict == REMOVE:
            concurrency.run_blocking(store.drop, found)
        elif verdict == SETTLE:
            concurrency.run_blocking(store.settle, found.image_id,
                                     found.attempt)
    except exceptions.GlanceError as error:
        # A volume may need it, or the store may be away by now.
        LOG.warning('Store %(id)s has kept what is left of %(image)s: '
                    '%(error)s', {'id': store.id, 'image': found.image_id,
                                  'error': error})
        return False
    return True


def describe(store: driver.Driver, found: driver.Found, verdict: str) -> str:
    """:returns: what people may want to know, without the URL"""
    return 'store %s: %s%s, %d bytes, unchanged for %d seconds: %s' % (
        store.id, found.image_id,
        ' (attempt %s)' % found.attempt if found.attempt else '',
        found.size, time.time() - found.changed, verdict)
