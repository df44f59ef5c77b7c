"""The data of images that are there, to be read by tasks."""

import dataclasses
import hashlib

from oslo_log import log

from glance.common import exceptions
from glance.conf import CONF
from glance.objects import states
from glance.store.checks import hashing
from glance.store.transfer import image_data
from glance.store.transfer import reader_file

LOG = log.getLogger(__name__)


def image(job):
    """The image that a task reads.

    :raises Conflict: it has no data any more
    """
    found = job.registry.images.get(
        job.ctxt, job.input.get('source_id') or job.image_id)
    if found['status'] not in states.WITH_DATA:
        raise exceptions.Conflict('Image %s has no data.' % found['id'])
    return found


def acting_for(job, image):
    """:returns: a context for stores that note whose image they keep"""
    return dataclasses.replace(job.ctxt, project_id=image['owner'])


def open(job, image, but=None):
    """The data of an image, from the first store that gives it.

    :param but: id of a store to leave out
    :returns: `glance.store.transfer.reader_file.ReaderFile`
    :raises DataDamaged: what there is was found to be bad
    :raises StoreUnavailable: none does
    """
    if image_data.is_damaged(image):
        raise exceptions.DataDamaged()
    locations = [location for location
                 in image_data.in_order(job.stores, image)
                 if but is None or job.stores.id_of(location) != but]
    try:
        return reader_file.ReaderFile(image_data.open_(
            job.stores, image, locations, context=job.ctxt))
    except exceptions.GlanceError:
        # Also what is not there now may be there later.
        raise exceptions.StoreUnavailable(
            'The data of the image cannot be read from any store.') from None


def digest(store, image_id, url, algorithm, tick):
    """Hash the data at a location, in several tries.

    :param store, url, algorithm, tick: as for
        `glance.store.checks.hashing.digest`
    :raises NotFound:
    :raises StoreUnavailable: not even after [DEFAULT] http_retries
    """
    for left in range(CONF.http_retries, -1, -1):
        try:
            return hashing.digest(store, url, algorithm, tick)
        except exceptions.StoreUnavailable as error:
            LOG.warning('The data of image %s could not be hashed, %d tries '
                        'are left: %s', image_id, left, error)
            if not left:
                raise


def verify(known, received):
    """Compare what was read with what is known of it.

    :param known: dict with size, checksum, os_hash_algo and os_hash_value,
        null where nothing is known
    :param received: `glance.store.transfer.upload.Received`
    :raises Conflict: they differ
    """
    names = ['size', 'checksum']
    if known.get('os_hash_algo') == received.os_hash_algo:
        names.append('os_hash_value')
    for name in names:
        if known.get(name) not in (None, getattr(received, name)):
            raise exceptions.Conflict(
                'The data is not what was stored or announced before: its '
                '%s differs.' % name)


class Hashing:
    """A source that hashes what passes through it.

    :param image: whose algorithm to use
    """

    def __init__(self, image, source, job):
        self._image, self._source, self._job = image, source, job
        self.os_hash_algo = image['os_hash_algo'] or CONF.hashing_algorithm
        self._digests = [hashlib.new(name, usedforsecurity=False)
                         for name in ('md5', self.os_hash_algo)]
        self.size = 0
        self._interrupted = False

    def read(self, size):
        self._job.check()
        if self._interrupted:
            raise exceptions.ServiceUnavailable()
        data = self._source.read(size)
        self.size += len(data)
        for digest in self._digests:
            digest.update(data)
        return bytes(data)

    def interrupt(self):
        """Stop soon: nobody waits for the outcome any more."""
        self._interrupted = True

    @property
    def checksum(self):
        return self._digests[0].hexdigest()

    @property
    def os_hash_value(self):
        return self._digests[1].hexdigest()

    def verify(self):
        verify(self._image, self)

    def result(self):
        return {name: getattr(self, name) for name in
                ('size', 'checksum', 'os_hash_algo', 'os_hash_value')}
