"""Remove the bytes of one location of a deleted image."""

from glance.common import concurrency


def run(ctxt, registry, stores, unit):
    location = {'url': unit['input']['url'],
                'metadata': unit['input']['metadata']}
    store = stores.by_location(location)
    concurrency.run_blocking(store.delete, location['url'])
    registry.work.data_deleted(ctxt, unit['id'], unit['attempt'],
                               unit['image_id'])
