"""Undo an upload whose worker has died: no bytes, and a queued image.

The claim has raised the attempt, so the old worker can finish nothing any
more, should it come back. Its own attempt tells which bytes are its.
"""

from glance.common import concurrency


def run(ctxt, registry, stores, unit):
    store = stores.by_id(unit['input']['store'])
    concurrency.run_blocking(store.discard, unit['image_id'], unit['id'])
    registry.uploads.fail(ctxt, unit['image_id'], unit['id'],
                          unit['attempt'],
                          'The worker that received the data has died')
