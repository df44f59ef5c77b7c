"""The data of images that are there, to be read by tasks."""

from collections.abc import Mapping
import dataclasses
import hashlib
import typing

from oslo_log import log

from glance.common import context as contexts
from glance.common import exceptions
from glance.conductor import job as jobs
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.store.checks import hashing
from glance.store import driver
from glance.store.transfer import image_data
from glance.store.transfer import reader_file
from glance.store.transfer import upload

LOG = log.getLogger(__name__)


class Readable(typing.Protocol):
    """Where data comes from."""

    def read(self, size: int, /) -> bytes | memoryview:
        """:returns: up to so many bytes, b'' at the end"""


class Source(Readable, typing.Protocol):
    """:ivar length: bytes, None if nobody knows"""

    length: int | None


def image(job: jobs.Job) -> image_types.Image:
    """The image that a task reads.

    :raises Conflict: it has no data any more
    """
    found = job.registry.images.get(
        job.ctxt, job.input.get('source_id') or job.image_id)
    if found['status'] not in states.WITH_DATA:
        raise exceptions.Conflict('Image %s has no data.' % found['id'])
    return found


def to_be(job: jobs.Job, image: image_types.Image) -> image_types.Image:
    """The image with what the steps before have found for it."""
    return typing.cast(image_types.Image, dict(
        image, **job.state.get('values', {})))


def acting_for(job: jobs.Job, image: image_types.Image) -> contexts.BusContext:
    """:returns: a context for stores that note whose image they keep"""
    return dataclasses.replace(job.ctxt, project_id=image['owner'])


def open(job: jobs.Job, image: image_types.Image,
         but: str | None = None) -> reader_file.ReaderFile:
    """The data of an image, from the first store that gives it.

    :param but: id of a store to leave out
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


def digest(job: jobs.Job, store: driver.Driver, url: str, algorithm: str,
           ) -> location_types.Facts:
    """Hash the data at a location, in several tries.

    :param store, url, algorithm: as for
        `glance.store.checks.hashing.digest`
    :raises NotFound:
    :raises StoreUnavailable: not even after [DEFAULT] http_retries
    """
    left = CONF.http_retries
    while True:
        try:
            data: location_types.Facts = hashing.digest(store, url, algorithm,
                                                        job.tick)
            return data
        except exceptions.StoreUnavailable as error:
            LOG.warning('The data of image %s could not be hashed, %d tries '
                        'are left: %s', job.image_id, left, error)
            if not left:
                raise
            left -= 1


class Hashing:
    """A source that hashes what passes through it.

    :param image: whose algorithm to use
    """

    def __init__(self, image: image_types.Image, source: Readable,
                 job: jobs.Job) -> None:
        self._image, self._source, self._job = image, source, job
        self.os_hash_algo = hashing.algorithm_for(image['os_hash_algo'])
        self._digests = [hashlib.new(name, usedforsecurity=False)
                         for name in ('md5', self.os_hash_algo)]
        self.size = 0
        self._interrupted = False

    def read(self, size: int) -> bytes:
        self._job.check()
        if self._interrupted:
            raise exceptions.ServiceUnavailable()
        data = self._source.read(size)
        self.size += len(data)
        for digest in self._digests:
            digest.update(data)
        return bytes(data)

    def interrupt(self) -> None:
        """Stop soon: nobody waits for the outcome any more."""
        self._interrupted = True

    @property
    def checksum(self) -> str:
        return self._digests[0].hexdigest()

    @property
    def os_hash_value(self) -> str:
        return self._digests[1].hexdigest()

    def verify(self) -> None:
        verify(self._image, self)

    def result(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in
                ('size', 'checksum', 'os_hash_algo', 'os_hash_value')}


def verify(known: Mapping[str, object],
           received: upload.Received | Hashing) -> None:
    """Compare what was read with what is known of it.

    :param known: with size, checksum, os_hash_algo and os_hash_value,
        null where nothing is known
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
