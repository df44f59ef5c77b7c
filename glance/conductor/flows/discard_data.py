"""Remove what work that has failed left in a store that was away."""

from glance.common import concurrency


def run(ctxt, registry, stores, unit):
    store = stores.by_id(unit['input']['store'])
    for attempt in unit['input']['attempts']:
        concurrency.run_blocking(store.discard, unit['image_id'], attempt)
    registry.work.finish(ctxt, unit['id'], unit['attempt'])
