"""Copies that stores make by themselves: no byte passes through here.

What a store copies has the hashes of the original; they are not read again.
Between stores that are folders this is not done: there reading costs little,
and finds out early what the disk has damaged.
"""

from oslo_log import log

from glance.common import exceptions
from glance.conductor.steps import sources
from glance.objects import states
from glance.store.transfer import threads
from glance.store.transfer import upload

LOG = log.getLogger(__name__)

_KNOWN = ('size', 'virtual_size', 'checksum', 'os_hash_algo',
          'os_hash_value')


def copy(job, store, image, attempt):
    """Data of an image into a store, from wherever that can get it.

    :returns: `glance.store.transfer.upload.Received`, None if it has to be
        read
    """
    if not image['os_hash_value']:
        return None
    for location in job.stores.by_weight(image['locations']):
        if location['status'] != states.LOCATION_ACTIVE:
            continue
        source = job.stores.by_location(location)
        if not source.owns(location['url']):
            continue
        written = threads.call(_copy, job, store, source, location['url'],
                               image, attempt)
        if written is not None:
            return upload.Received(
                **{name: image[name] for name in _KNOWN},
                url=written.url, metadata=written.metadata)
    return None


def _copy(job, store, source, url, image, attempt):
    context = sources.acting_for(job, image)
    if source is store:
        _check_whole(source, url, image, context)
        return store.clone(url, job.image_id, attempt, context=context)
    if type(source) is not type(store):
        return None
    try:
        _check_whole(source, url, image, context)
        return store.copy(source, url, job.image_id, attempt, context=context)
    except (exceptions.NotFound, exceptions.StoreUnavailable) as error:
        LOG.warning('Image %s is read, for its store does not copy it: %s',
                    image['id'], error)
        return None


def _check_whole(source, url, image, context):
    if source.size(url, context=context) != image['size']:
        raise exceptions.Conflict('The stored data is not whole.')
