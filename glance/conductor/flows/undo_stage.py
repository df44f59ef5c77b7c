"""Staged data that nobody will import: its worker, or its image, is gone."""

from glance.common import concurrency
from glance.store import staging


def run(ctxt, registry, stores, unit):
    """An upload into the staging area whose worker has died."""
    _discard(stores, unit, unit['id'])
    registry.stages.fail(ctxt, unit['image_id'], unit['id'],
                         unit['attempt'],
                         received=unit['input'].get('size') != 0)


def delete(ctxt, registry, stores, unit):
    """The image was deleted before its import."""
    _discard(stores, unit, unit['input'].get('attempt'))
    registry.work.finish(ctxt, unit['id'], unit['attempt'])


def _discard(stores, unit, attempt):
    # Where the data is on a host that does not come back, it is left there.
    if attempt and staging.name_now(
            unit['host'], None) in (None, staging.host()):
        concurrency.run_blocking(staging.store(stores).discard,
                                 unit['image_id'], attempt)
