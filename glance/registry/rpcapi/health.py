"""Health: whether a registry answers, and what it says of itself."""

from glance.common import context
from glance.common import exceptions
from glance.objects import health
from glance.registry.rpcapi import base


class Health(base.Resource):
    """A round trip to any registry."""

    namespace = 'health'
    version = '1.6'

    def check(self, ctxt: context.Caller) -> health.Health:
        """What a registry says of itself; since 1.6.

        One that does not know this yet is only asked whether it answers.
        """
        try:
            return self._call(ctxt, 'check')
        except exceptions.ServiceUnavailable:
            self._rpc.call(ctxt, 'bus', 'ping')
            return {}
