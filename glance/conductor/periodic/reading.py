"""Read the data of a location slowly, and judge it."""

import hashlib
import time

from oslo_log import log

from glance.common import exceptions
from glance.conf import CONF
from glance.store.checks import hashing
from glance.store.checks import inspection

LOG = log.getLogger(__name__)

_FACTS = ('size', 'checksum', 'os_hash_value')


class Throttle:
    """Keeps all readings of one run together below a rate.

    :param rate: bytes per second
    """

    def __init__(self, run, rate):
        self._run, self._rate = run, rate
        self._until = time.monotonic()

    def take(self, count):
        """Wait until so many bytes may have been read.

        :raises Exception: the run has to stop
        """
        now = time.monotonic()
        # What was not read in the last second may be caught up with.
        self._until = max(self._until, now - 1) + count / self._rate
        self._run.pause(self._until - now)


def read(store, image, location, throttle):
    """Read a location from beginning to end.

    :param image: facts as `glance.registry.rpcapi.audits` gives them
    :returns: (facts, reason): what the data says of itself, and why it is
        bad: missing, size, hash; None when it is right
    :raises StoreUnavailable: the store fails: nothing is known
    """
    view = _View(image, throttle)
    try:
        data = hashing.digest(store, location['url'], _algorithm(image),
                              view.tick, view.feed)
    except exceptions.NotFound:
        return None, 'missing'
    if image['os_hash_algo'] not in (None, data['os_hash_algo']):
        # Nobody here can compute the hash that the image has.
        data.update(os_hash_algo=None, os_hash_value=None)
    return dict(data, virtual_size=view.virtual_size()), _reason(image, data)


def _algorithm(image):
    name = image['os_hash_algo']
    return (name if name in hashlib.algorithms_available
            else CONF.hashing_algorithm)


def _reason(image, data):
    for name in _FACTS:
        if None not in (image[name], data[name]) and (
                image[name] != data[name]):
            return 'size' if name == 'size' else 'hash'
    return None


class _View:
    """What is done with the bytes beside hashing them."""

    def __init__(self, image, throttle):
        self._throttle, self._total = throttle, 0
        self._inspector = None
        if image['virtual_size'] is None:
            self._inspector = inspection.for_image(image, CONF)

    def tick(self, total):
        self._throttle.take(total - self._total)
        self._total = total

    def feed(self, chunk):
        self._inspect(lambda: self._inspector.feed(memoryview(chunk)))

    def virtual_size(self):
        self._inspect(lambda: self._inspector.finish())
        return self._inspector and self._inspector.virtual_size

    def _inspect(self, do):
        if self._inspector is None:
            return
        try:
            do()
        except exceptions.ContentRejected as error:
            # It was let in by an older release: that is not for us to judge.
            LOG.debug('The virtual size remains unknown: %s', error)
            self._inspector = None
