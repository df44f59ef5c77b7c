"""Remove the bytes of one location of an image that has others.

The API does it while the user waits; here goes on what it has left.
"""

from glance.common import exceptions
from glance.conductor.flows import removal
from glance.conductor import job as jobs


def run(job: jobs.Job) -> None:
    location = job.input
    held = job.image_id, location['location'], job.id, job.number
    try:
        if not location['shared']:
            removal.remove(job)
    except exceptions.InUseByStore:
        job.registry.locations.fail_delete(job.ctxt, *held)
        return
    job.registry.locations.finish_delete(job.ctxt, *held)
