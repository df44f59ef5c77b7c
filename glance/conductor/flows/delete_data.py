"""Remove the bytes of one location of a deleted image."""

from glance.common import concurrency
from glance.common import exceptions


def run(job):
    """:param job: `glance.conductor.job.Job`"""
    location = {'url': job.input['url'], 'metadata': job.input['metadata']}
    store = job.stores.by_location(location)
    try:
        concurrency.run_blocking(job.lease.do, store.delete, location['url'])
    except exceptions.Forbidden:
        # Such as an HTTP server: the data was never ours to delete.
        pass
    job.registry.work.data_deleted(job.ctxt, job.id, job.number, job.image_id)
