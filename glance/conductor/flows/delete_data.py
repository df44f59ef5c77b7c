"""Remove the bytes of one location of a deleted image."""

from glance.common import concurrency
from glance.common import exceptions


def run(ctxt, registry, stores, unit):
    location = {'url': unit['input']['url'],
                'metadata': unit['input']['metadata']}
    store = stores.by_location(location)
    try:
        concurrency.run_blocking(store.delete, location['url'])
    except exceptions.Forbidden:
        # Such as an HTTP server: the data was never ours to delete.
        pass
    registry.work.data_deleted(ctxt, unit['id'], unit['attempt'],
                               unit['image_id'])
