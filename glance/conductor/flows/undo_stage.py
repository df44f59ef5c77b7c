"""Staged data that nobody will import: its worker, or its image, is gone."""

from glance.common import concurrency
from glance.conductor import job as jobs
from glance.store import staging


def run(job: jobs.Job) -> None:
    """An upload into the staging area whose worker has died."""
    _discard(job, job.id)
    job.registry.stages.fail(job.ctxt, job.image_id, job.id, job.number,
                             received=job.input.get('size') != 0)


def delete(job: jobs.Job) -> None:
    """The image was deleted before its import."""
    _discard(job, job.input.get('attempt'))
    job.registry.work.finish(job.ctxt, job.id, job.number)


def _discard(job: jobs.Job, attempt: str | None) -> None:
    # Where the data is on a host that does not come back, it is left there.
    if attempt and job.is_at_home():
        concurrency.run_blocking(staging.store(job.stores).discard,
                                 job.image_id, attempt)
