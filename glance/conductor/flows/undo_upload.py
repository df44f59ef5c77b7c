"""Undo an upload whose worker has died, or could not remove its data.

The claim has raised the attempt, so the old worker can finish nothing any
more, should it come back. Its own attempt tells which bytes are its.
"""

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions

LOG = log.getLogger(__name__)


def run(ctxt, registry, stores, unit):
    left = unit.get('progress') or {}
    try:
        store = stores.by_id(unit['input']['store'])
    except exceptions.BadRequest:
        _leave(ctxt, registry, unit)
    else:
        concurrency.run_blocking(store.discard, unit['image_id'], unit['id'],
                                 left.get('url'))
    registry.uploads.fail(
        ctxt, unit['image_id'], unit['id'], unit['attempt'],
        left.get('reason') or 'The worker that received the data has died',
        received=left.get('received', unit['input'].get('size') != 0))


def _leave(ctxt, registry, unit):
    """The image need not wait for a store that may never come back."""
    store_id = unit['input']['store']
    LOG.error('Data of an upload to image %s may be left in the store %s, '
              'which is not configured; it is removed when the store is '
              'there again', unit['image_id'], store_id)
    registry.imports.discard_later(ctxt, unit['id'], unit['attempt'],
                                   unit['image_id'], store_id, [unit['id']])
