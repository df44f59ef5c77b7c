"""Read the data of a location, for the hashes of the image.

A further location counts once its data is known to be the same; the first one
gives the image the hashes it has not.
"""

import threading

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.steps import sources
from glance.conf import CONF

LOG = log.getLogger(__name__)

_LOOK = 5       # seconds


def run(ctxt, registry, stores, unit):
    data = None
    try:
        image = registry.images.get(ctxt, unit['image_id'])
        with Watch(ctxt, registry, unit['image_id']) as watch:
            data = sources.digest(
                stores, unit['image_id'], unit['input'],
                image['os_hash_algo'] or CONF.hashing_algorithm, watch.tick)
    except (exceptions.NotFound, exceptions.StoreUnavailable) as error:
        LOG.warning('The data at a location of image %s was not hashed: %s',
                    unit['image_id'], error)
    registry.locations.hashed(ctxt, unit['image_id'], unit['id'],
                              unit['attempt'], unit['input']['url'], data)


class Watch:
    """Looks now and then whether the image is still there."""

    def __init__(self, ctxt, registry, image_id):
        self._ask = lambda: registry.images.get(ctxt, image_id)
        self._ended = threading.Event()
        self._error = None

    def __enter__(self):
        self._task = concurrency.spawn(self._look)
        return self

    def __exit__(self, *exc_info):
        self._ended.set()
        self._task.wait()

    def tick(self, total):
        """:raises NotFound: the image is gone"""
        if self._error is not None:
            raise self._error

    def _look(self):
        while self._error is None and not self._ended.wait(_LOOK):
            try:
                self._ask()
            except exceptions.NotFound as error:
                self._error = error
            except exceptions.GlanceError as error:
                LOG.debug('Looking for the image: %s', error)
