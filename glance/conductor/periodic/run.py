"""One run of a duty in the hands of this conductor."""

from collections.abc import Mapping
import time

from glance.common import concurrency
from glance.common import context
from glance.common import leases
from glance.conductor import claims
from glance.conf import CONF
from glance.registry import rpcapi
from glance.store import backends

_SLICE = 0.5        # seconds


# How a run of a duty went, JSON-able, for people.
Outcome = Mapping[str, object]


class Run(claims.Claim):
    """:param name: of the duty"""

    def __init__(self, ctxt: context.BusContext,
                 registry: rpcapi.RegistryAPI, stores: backends.Stores,
                 name: str, number: int) -> None:
        super().__init__(ctxt, registry, stores, name, number)
        self.lease = leases.Lease('the duty ' + name, CONF.work.lease,
                                  self._renew)

    def pause(self, seconds: float) -> None:
        """Wait in whatever thread; raises as `check`."""
        until = time.monotonic() + seconds
        sleep = (concurrency.native.time.sleep
                 if concurrency.in_native_thread() else time.sleep)
        while (left := until - time.monotonic()) > 0:
            self.check()
            sleep(min(left, _SLICE))
        self.check()

    def _renew(self) -> None:
        asked = time.monotonic()
        self.registry.duties.renew(self.ctxt, self.kind, self.number)
        self.lease.renewed(asked)
