"""Read the data of a location, for the hashes of the image.

A further location counts once its data is known to be the same; the first one
gives the image the hashes it has not.
"""

from oslo_log import log

from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conductor import recorded
from glance.conf import CONF
from glance.objects import location as location_types
from glance.store.checks import hashing

LOG = log.getLogger(__name__)

_FAILED = 'The data at a location of image %s was not hashed: %s'


def run(job: jobs.Job) -> None:
    # That it has a step makes it tell of its progress, and hear that the
    # image is gone.
    job.next = 'hash'
    data: location_types.Facts | None = None
    try:
        data = _read(job)
    except (exceptions.ImageNotFound, exceptions.Gone) as error:
        LOG.info(_FAILED, job.image_id, error)
    except (exceptions.NotFound, exceptions.BadLocation) as error:
        LOG.log(log.WARNING if _is_recorded(job) else log.INFO, _FAILED,
                job.image_id, error)
    except (exceptions.StoreUnavailable, exceptions.BadRequest) as error:
        if _is_recorded(job) and _hand_back(job, error):
            return
    job.registry.locations.hashed(job.ctxt, job.image_id, job.id, job.number,
                                  job.input['url'], data)


def _is_recorded(job: jobs.Job) -> bool:
    return recorded.is_recorded(job, job.image_id, job.input)


def _hand_back(job: jobs.Job, error: exceptions.GlanceError) -> bool:
    """:returns: whether there are tries left"""
    LOG.warning('The data at a location of image %s could not be hashed, '
                '%d tries are left: %s', job.image_id,
                max(0, CONF.http_retries - job.tries), error)
    job.tries += 1
    if job.tries > CONF.http_retries:
        return False
    job.release_midway(error.message, job.pause())
    return True


def _read(job: jobs.Job) -> location_types.Facts:
    image = job.registry.images.get(job.ctxt, job.image_id)
    data: location_types.Facts = hashing.digest(
        job.stores.by_location(job.location), job.input['url'],
        image['os_hash_algo'] or CONF.hashing_algorithm, job.tick)
    return data
