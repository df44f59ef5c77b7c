"""Remove the bytes of one location of an image.

In the input are `url` and `metadata`, `location`, its id, and `stays`, whether
the image goes on without it; the last two are not there in work of releases
that did not have them.
"""

from glance.conductor.flows import removal
from glance.conductor import job as jobs


def run(job: jobs.Job) -> None:
    removal.remove(job)
    job.registry.work.data_deleted(job.ctxt, job.id, job.number, job.image_id)
