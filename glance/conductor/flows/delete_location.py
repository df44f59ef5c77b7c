"""Remove the bytes of one location of an image that has others.

The API does it while the user waits; here goes on what it has left.
"""

from glance.common import concurrency
from glance.common import exceptions


def run(ctxt, registry, stores, unit):
    location = unit['input']
    held = (unit['image_id'], location['location'], unit['id'],
            unit['attempt'])
    try:
        if not location['shared']:
            store = stores.by_location(location)
            concurrency.run_blocking(store.delete, location['url'])
    except exceptions.InUseByStore:
        registry.locations.fail_delete(ctxt, *held)
        return
    except exceptions.Forbidden:
        # The store deletes nothing, or not for us: it is no location of the
        # image any more, that has to do.
        pass
    registry.locations.finish_delete(ctxt, *held)
