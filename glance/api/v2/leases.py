"""Keep the lease of an upload alive while its data arrives."""

import threading
import time

from oslo_log import log as logging

from glance.api import services
from glance.common import concurrency
from glance.common import exceptions

LOG = logging.getLogger(__name__)


class Keeper:
    """Renews a lease beside the request, as a context manager.

    :param upload: what `uploads.begin` returned
    """

    def __init__(self, ctxt, image_id, upload):
        self._ctxt = ctxt
        self._image_id = image_id
        self._upload = upload
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
        while self._lost is None and not self._ended.wait(
                self._upload['lease'] / 3):
            self._renew()

    def _renew(self):
        started = time.monotonic()
        try:
            services.registry().uploads.renew(
                self._ctxt, self._image_id, self._upload['id'],
                self._upload['attempt'])
        except (exceptions.LeaseLost, exceptions.Gone) as error:
            self._lost = error
        except Exception as error:
            LOG.warning('Renewing the lease of the upload of image %s: %s',
                        self._image_id, error)
            # A worker that cannot renew stops before another takes over.
            if time.monotonic() > self._expires:
                self._lost = exceptions.LeaseLost()
        else:
            self._expires = started + self._upload['lease']
