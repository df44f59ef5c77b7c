"""One run of a duty in the hands of this conductor."""

import time

from glance.common import concurrency
from glance.common import leases
from glance.conf import CONF

_SLICE = 0.5        # seconds


class Stopped(Exception):
    """This conductor ends; another one has the duty next."""


class Run:
    """:ivar kind: name of the duty
    :ivar lease: `glance.common.leases.Lease`
    """

    def __init__(self, ctxt, registry, stores, name, attempt):
        self.ctxt, self.registry, self.stores = ctxt, registry, stores
        self.kind, self.attempt = name, attempt
        self._stop = None
        self.lease = leases.Lease('the duty ' + name, CONF.work.lease,
                                  self._renew)

    def stop(self, error):
        """Let the duty end with an error soon; any thread may say so."""
        self._stop = self._stop or error

    def check(self):
        """:raises Exception: the reason to stop"""
        error = self.lease.lost() or self._stop
        if error is not None:
            raise error

    def pause(self, seconds):
        """Wait in whatever thread; raises as `check`."""
        until = time.monotonic() + seconds
        sleep = (concurrency.native.time.sleep
                 if concurrency.in_native_thread() else time.sleep)
        while (left := until - time.monotonic()) > 0:
            self.check()
            sleep(min(left, _SLICE))
        self.check()

    def _renew(self):
        asked = time.monotonic()
        self.registry.duties.renew(self.ctxt, self.kind, self.attempt)
        self.lease.renewed(asked)
