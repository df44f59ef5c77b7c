"""What a conductor holds, units and duties, until they end or it does."""

from collections.abc import Callable
import threading
import typing

from glance.common import concurrency
from glance.common import context
from glance.common import leases
from glance.registry import rpcapi
from glance.store import backends


class Draining(Exception):
    """This conductor ends; another one goes on from here."""


class Claim:
    """A unit of work or a duty in the hands of this conductor.

    :ivar kind: of the work; name of the duty
    :ivar number: of the attempt that this is
    """

    lease: leases.Lease

    def __init__(self, ctxt: context.BusContext,
                 registry: rpcapi.RegistryAPI, stores: backends.Stores,
                 kind: str, number: int) -> None:
        self.ctxt, self.registry, self.stores = ctxt, registry, stores
        self.kind, self.number = kind, number
        self._stop: Exception | None = None

    def stop(self, error: Exception) -> None:
        """Let it end with an error soon; any thread may say so."""
        self._stop = self._stop or error

    def stopped(self) -> Exception | None:
        """:returns: the error with which to stop"""
        return self.lease.lost() or self._stop

    def check(self) -> None:
        """:raises Exception: the reason to stop"""
        error = self.stopped()
        if error is not None:
            raise error


_Claim = typing.TypeVar('_Claim', bound=Claim)


class Holder(typing.Generic[_Claim]):
    """Has claims under way, and lets go of them in the end.

    :param on_end: called when one of them has ended in whatever way
    """

    def __init__(self, on_end: Callable[[], object] = lambda: None) -> None:
        self._on_end = on_end
        self._held: set[_Claim] = set()
        self._stopping = False
        self._changed = threading.Condition()

    def stop(self) -> None:
        """Whatever heeds it is left to others."""
        self._stopping = True
        with self._changed:
            for claim in self._held:
                claim.stop(Draining())

    def wait(self, seconds: float | None) -> None:
        """Until nothing is under way, or so long; None for ever."""
        with self._changed:
            self._changed.wait_for(lambda: not self._held, seconds)

    def hold(self, claim: _Claim,
             do: Callable[[_Claim], object]) -> concurrency.Task:
        """Begin what is to be done with a claim.

        :returns: a task with the outcome of `do`
        """
        with self._changed:
            self._held.add(claim)
        # Also what is claimed while this conductor ends is told so.
        if self._stopping:
            claim.stop(Draining())
        task: concurrency.Task = concurrency.spawn(self._run, claim, do)
        return task

    def _run(self, claim: _Claim, do: Callable[[_Claim], object]) -> object:
        try:
            return do(claim)
        finally:
            with self._changed:
                self._held.remove(claim)
                self._changed.notify_all()
            self._on_end()
