"""Undo an upload whose worker has died, or could not remove its data.

The claim has raised the attempt, so the old worker can finish nothing any
more, should it come back. Its own attempt tells which bytes are its.
"""

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import job as jobs

LOG = log.getLogger(__name__)


def run(job: jobs.Job) -> None:
    # Who could not remove its data has noted `glance.objects.upload.Left`.
    left = job.noted
    try:
        store = job.stores.by_id(job.input['store'])
    except exceptions.BadRequest:
        _leave(job)
    else:
        concurrency.run_blocking(store.discard, job.image_id, job.id,
                                 left.get('url'))
    job.registry.uploads.fail(
        job.ctxt, job.image_id, job.id, job.number,
        left.get('reason') or 'The worker that received the data has died',
        received=left.get('received', job.input.get('size') != 0))


def _leave(job: jobs.Job) -> None:
    """The image need not wait for a store that may never come back."""
    store_id = job.input['store']
    LOG.error('Data of an upload to image %s may be left in the store %s, '
              'which is not configured; it is removed when the store is '
              'there again', job.image_id, store_id)
    job.registry.imports.discard_later(job.ctxt, job.id, job.number,
                                       job.image_id, store_id, [job.id])
