"""Copies that stores make by themselves: no byte passes through here.

What a store copies has the hashes of the original; they are not read again.
Between stores that are folders this is not done: there reading costs little,
and finds out early what the disk has damaged.
"""

import typing

from oslo_log import log

from glance.common import context as contexts
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conductor.steps import sources
from glance.objects import image as image_types
from glance.objects import states
from glance.store import driver
from glance.store.transfer import threads
from glance.store.transfer import upload

LOG = log.getLogger(__name__)

_KNOWN = ('size', 'virtual_size', 'checksum', 'os_hash_algo',
          'os_hash_value')


def copy(job: jobs.Job, store: driver.Driver, image: image_types.Image,
         attempt: str) -> upload.Received | None:
    """Data of an image into a store, from wherever that can get it.

    :returns: None if it has to be read
    """
    if not image['os_hash_value'] or image['size'] is None:
        return None
    for location in job.stores.by_weight(image['locations']):
        if location['status'] != states.LOCATION_ACTIVE:
            continue
        source = job.stores.by_location(location)
        if not source.owns(location['url']):
            continue
        written: driver.Written | None = threads.call(
            _copy, job, store, source, location['url'], image, attempt)
        if written is not None:
            # An image that has a hash has all of them.
            known = typing.cast(dict[str, typing.Any], image)
            return upload.Received(
                **{name: known[name] for name in _KNOWN},
                url=written.url, metadata=written.metadata)
    return None


def _copy(job: jobs.Job, store: driver.Driver, source: driver.Driver,
          url: str, image: image_types.Image, attempt: str,
          ) -> driver.Written | None:
    context = sources.acting_for(job, image)
    if source is store:
        _check_whole(source, url, image, context)
        clone: driver.Written | None = store.clone(
            url, job.image_id, attempt, context=context)
        return clone
    if type(source) is not type(store):
        return None
    try:
        _check_whole(source, url, image, context)
        copied: driver.Written | None = store.copy(
            source, url, job.image_id, attempt, context=context)
    except (exceptions.NotFound, exceptions.StoreUnavailable) as error:
        LOG.warning('Image %s is read, for its store does not copy it: %s',
                    image['id'], error)
        return None
    return copied


def _check_whole(source: driver.Driver, url: str, image: image_types.Image,
                 context: contexts.BusContext) -> None:
    if source.size(url, context=context) != image['size']:
        raise exceptions.Conflict('The stored data is not whole.')
