"""Remove the data of a location, if it is a location's to remove."""

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.objects import states

LOG = log.getLogger(__name__)


def remove(job: jobs.Job) -> None:
    """:param job: whose input is a location, as `delete_data` has it
    :raises GlanceError: it is not removed, now
    """
    try:
        store, _place = job.stores.place(job.location)
        if not _is_needed(job):
            concurrency.run_blocking(job.lease.do, store.delete,
                                     job.location['url'])
    except exceptions.BadLocation:
        LOG.error('Location %(location)s of image %(image)s is not one that '
                  'its store has made: what it names is not removed',
                  {'location': job.input.get('location'),
                   'image': job.image_id})
    except exceptions.Forbidden:
        # Such as an HTTP server: the data was never ours to delete.
        pass


def _is_needed(job: jobs.Job) -> bool:
    """Whether another location of an image that stays is of the same data."""
    if not job.input.get('stays'):
        return False
    try:
        image = job.registry.images.get(job.ctxt, job.image_id)
    except exceptions.NotFound:
        return False
    return any(one['status'] != states.LOCATION_PENDING_DELETE
               and job.stores.may_be_same(one, job.location)
               for one in image['locations'])
