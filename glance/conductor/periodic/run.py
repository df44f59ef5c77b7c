"""One run of a duty in the hands of this conductor."""

import time

from glance.common import concurrency
from glance.common import exceptions
from glance.conf import CONF

_SLICE = 0.5        # seconds


class Stopped(Exception):
    """This conductor ends; another one has the duty next."""


class Run:
    """:ivar kind: name of the duty; `image_id` is there for the log only"""

    image_id = None

    def __init__(self, ctxt, registry, stores, name, attempt):
        self.ctxt, self.registry, self.stores = ctxt, registry, stores
        self.kind, self.attempt = name, attempt
        self._stop = None
        self._renewal = time.monotonic()

    def stop(self, error):
        """Let the duty end with an error soon; any thread may say so."""
        self._stop = self._stop or error

    def check(self):
        """:raises Exception: the reason to stop"""
        if self._stop is not None:
            raise self._stop

    def pause(self, seconds):
        """Wait in whatever thread; raises as `check`."""
        until = time.monotonic() + seconds
        sleep = (concurrency.native.time.sleep
                 if concurrency.in_native_thread() else time.sleep)
        while (left := until - time.monotonic()) > 0:
            self.check()
            sleep(min(left, _SLICE))
        self.check()

    def tell(self):
        """Called now and then beside the duty: a sign of life."""
        age = time.monotonic() - self._renewal
        if age < CONF.work.lease / 3:
            return
        try:
            self.registry.duties.renew(self.ctxt, self.kind, self.attempt)
            self._renewal = time.monotonic()
        except exceptions.LeaseLost as error:
            self.stop(error)
        except exceptions.GlanceError:
            # Who cannot renew stops before somebody else takes over.
            if age > CONF.work.lease:
                self.stop(exceptions.LeaseLost())
            raise
