"""Undo an upload whose worker has died, or could not remove its data.

The claim has raised the attempt, so the old worker can finish nothing any
more, should it come back. Its own attempt tells which bytes are its.
"""

from glance.common import concurrency


def run(ctxt, registry, stores, unit):
    left = unit.get('progress') or {}
    store = stores.by_id(unit['input']['store'])
    concurrency.run_blocking(store.discard, unit['image_id'], unit['id'],
                             left.get('url'))
    registry.uploads.fail(
        ctxt, unit['image_id'], unit['id'], unit['attempt'],
        left.get('reason') or 'The worker that received the data has died')
