"""The conductor as its callers see it.

History of the version:

* 1.0: work.wake
"""

from glance.common import context
from glance.rpc import client

VERSION = '1.0'


class ConductorAPI:
    """:raises ConductorUnavailable: when no conductor listens"""

    def __init__(self, rpc: client.Client) -> None:
        self._rpc = rpc

    def wake(self, ctxt: context.Caller) -> None:
        """Look for work at once; a cast; since 1.0.

        What is to be done is in the database. A lost call costs a few
        seconds until the next look, nothing else.
        """
        self._rpc.cast(ctxt, 'work', 'wake')

    def ping(self, ctxt: context.Caller) -> None:
        """A round trip to any conductor; since 1.0."""
        self._rpc.call(ctxt, 'bus', 'ping')


def connect() -> ConductorAPI:
    """Over the configured bus."""
    return ConductorAPI(client.Client('conductor', None, VERSION))
