"""Remove what work that has failed left in a store that was away."""

from glance.common import concurrency
from glance.conductor import job as jobs


def run(job: jobs.Job) -> None:
    store = job.stores.by_id(job.input['store'])
    for attempt in job.input['attempts']:
        concurrency.run_blocking(store.discard, job.image_id, attempt)
    job.registry.work.finish(job.ctxt, job.id, job.number)
