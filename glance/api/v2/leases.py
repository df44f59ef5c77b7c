"""Keep the lease of an upload alive while its data arrives."""

import threading
import time

from oslo_log import log as logging

from glance.api import services
from glance.common import concurrency
from glance.common import exceptions

LOG = logging.getLogger(__name__)

_GROWTH_INTERVAL = 2    # seconds


class Keeper:
    """Renews a lease beside the request, as a context manager.

    :param upload: what `uploads.begin` returned
    :param growth: `glance.api.v2.quotas.Growth` for the data that nobody has
        announced: the registry is told of it more often
    """

    def __init__(self, ctxt, image_id, upload, growth=None):
        self._ctxt = ctxt
        self._image_id = image_id
        self._upload = upload
        self._growth = growth
        self._interval = upload['lease'] / 3
        if growth is not None:
            self._interval = min(self._interval, _GROWTH_INTERVAL)
        self._ended = threading.Event()
        self._expires = time.monotonic() + upload['lease']
        self._lost = None

    def __enter__(self):
        self._task = concurrency.spawn(self._keep)
        return self

    def __exit__(self, *exc_info):
        self._ended.set()

    def lost(self):
        """Any thread may ask.

        :returns: the error with which the upload has to stop, else None
        """
        return self._lost

    def _keep(self):
        while self._lost is None and not self._ended.wait(self._interval):
            self._renew()

    def _renew(self):
        started = time.monotonic()
        growth = self._growth
        charge = (growth.held(), growth.limits) if growth else ()
        try:
            services.registry().uploads.renew(
                self._ctxt, self._image_id, self._upload['id'],
                self._upload['attempt'], *charge)
        except (exceptions.LeaseLost, exceptions.Gone,
                exceptions.LimitExceeded) as error:
            self._lost = error
        except Exception as error:
            LOG.warning('Renewing the lease of the upload of image %s: %s',
                        self._image_id, error)
            # A worker that cannot renew stops before another takes over.
            if time.monotonic() > self._expires:
                self._lost = exceptions.LeaseLost()
        else:
            self._expires = started + self._upload['lease']
