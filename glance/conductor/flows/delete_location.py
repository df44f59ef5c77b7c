"""Remove the bytes of one location of an image that has others.

The API does it while the user waits; here goes on what it has left.
"""

from glance.common import concurrency
from glance.common import exceptions


def run(job):
    """:param job: `glance.conductor.job.Job`"""
    location = job.input
    held = job.image_id, location['location'], job.id, job.number
    try:
        if not location['shared']:
            store = job.stores.by_location(location)
            concurrency.run_blocking(job.lease.do, store.delete,
                                     location['url'])
    except exceptions.InUseByStore:
        job.registry.locations.fail_delete(job.ctxt, *held)
        return
    except exceptions.Forbidden:
        # The store deletes nothing, or not for us: it is no location of the
        # image any more, that has to do.
        pass
    job.registry.locations.finish_delete(job.ctxt, *held)
