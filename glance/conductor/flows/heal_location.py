"""Put good data in the place of bad data, from another store.

The copy is written first, then the location is changed, then other work
removes the bad data. Whoever goes on after a conductor that has died sees by
the location whether its copy counts.
"""

from collections.abc import Callable

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conductor import recorded
from glance.conductor.steps import sources
from glance.conf import CONF
from glance.metrics import counters
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.store.checks import hashing
from glance.store import driver
from glance.store import traces
from glance.store.transfer import image_data
from glance.store.transfer import reader_file
from glance.store.transfer import upload

LOG = log.getLogger(__name__)

_NAME = 'heal'


def run(job: jobs.Job) -> None:
    try:
        _heal(job, job.stores.by_location(job.location))
    except exceptions.Gone as error:
        LOG.info('Image %s is not healed: %s', job.image_id, error)
    except (exceptions.ServiceUnavailable, exceptions.BadRequest) as error:
        # Its store may have left the configuration for good. While it is
        # bad, every audit that reads the data asks for it to be healed.
        if job.number < CONF.work.max_tries:
            raise
        _report_unhealed(job, error.message)
    job.registry.work.finish(job.ctxt, job.id, job.number)


def _heal(job: jobs.Job, store: driver.Driver) -> None:
    image = _image(job)
    location = _location(job, image)
    if (image is None or location is None
            or location['url'] != job.input['url']):
        _end_attempts(job, store.discard if location is None
                      else store.settle)
        return
    _end_attempts(job, store.discard)
    if location['status'] != states.LOCATION_BAD:
        return
    if store.read_only or not _from_any(job, store, image):
        _report_unhealed(job, 'no store has good data for it')


def _report_unhealed(job: jobs.Job, reason: str) -> None:
    if not recorded.is_recorded(job, job.image_id, job.input):
        LOG.info('Image %s is not healed: its data was deleted',
                 job.image_id)
        return
    store_id = job.stores.id_of(job.location) or job.input['metadata'].get(
        'store', 'unknown')
    counters.AUDITS.labels(store_id, 'unhealed').inc()
    LOG.error('The data of image %s in store %s cannot be healed: %s',
              job.image_id, store_id, reason)


def _image(job: jobs.Job) -> image_types.Image | None:
    try:
        return job.registry.images.get(job.ctxt, job.image_id)
    except exceptions.NotFound:
        return None


def _location(job: jobs.Job, image: image_types.Image | None,
              ) -> location_types.Location | None:
    for location in image['locations'] if image else ():
        if location['id'] == job.input['id']:
            return location
    return None


def _end_attempts(job: jobs.Job, end: Callable[[str, str], object]) -> None:
    """Of those who were here before: their copy counts, or it goes."""
    for attempt in job.earlier_attempts(_NAME):
        concurrency.run_blocking(end, job.image_id, attempt)


def _from_any(job: jobs.Job, store: driver.Driver,
              image: image_types.Image) -> bool:
    """:returns: whether one of the other locations had good data
    :raises ServiceUnavailable: perhaps one has, later
    """
    failure = None
    for source in image_data.in_order(job.stores, image):
        try:
            copy = _copy(job, store, image, source)
        except exceptions.ServiceUnavailable as error:
            failure = error
            continue
        if copy is not None:
            _record(job, store, *copy)
            return True
    if failure is not None:
        raise failure
    return False


def _copy(job: jobs.Job, store: driver.Driver, image: image_types.Image,
          source: location_types.Location,
          ) -> tuple[upload.Received, traces.Trace] | None:
    """:returns: what was written, and its trace; None when the source is no
        good
    """
    try:
        reader = reader_file.ReaderFile(concurrency.run_blocking(
            job.stores.by_location(source).open, source['url']))
    except exceptions.NotFound:
        _refuse(job, source, 'missing')
        return None
    except exceptions.BadLocation:
        return None
    trace = job.writes(store, _NAME)
    try:
        received = upload.store_file(
            reader, store, job.image_id, trace.attempt,
            algorithm=hashing.algorithm_for(image['os_hash_algo']),
            cancelled=job.stopped,
            context=sources.acting_for(job, image))
    finally:
        reader.close()
    trace.url = received.url
    try:
        sources.verify(image, received)
    except exceptions.Conflict:
        trace.discard()
        _refuse(job, source, 'hash')
        return None
    return received, trace


def _refuse(job: jobs.Job, source: location_types.Location,
            reason: str) -> None:
    job.registry.audits.failed(
        job.ctxt, job.image_id,
        {'id': source['id'], 'url': source['url']}, reason)


def _record(job: jobs.Job, store: driver.Driver, received: upload.Received,
            trace: traces.Trace) -> None:
    trace.note(received.url)
    try:
        job.registry.audits.healed(
            job.ctxt, job.id, job.number, job.image_id,
            {'id': job.input['id'], 'url': job.input['url']},
            {'url': received.url, 'metadata': received.metadata,
             'readers': store.has_readers})
    except (exceptions.LeaseLost, exceptions.Gone):
        trace.is_noted = False
        trace.discard()
        raise
    concurrency.run_blocking(store.settle, job.image_id, trace.attempt)
    counters.AUDITS.labels(store.id, 'healed').inc()
    LOG.info('The data of image %s in store %s is healed', job.image_id,
             store.id)
