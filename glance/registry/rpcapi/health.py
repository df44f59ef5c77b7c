"""Health: whether a registry answers, and what it says of itself."""

from glance.common import exceptions
from glance.registry.rpcapi import base


class Health(base.Resource):
    """A round trip to any registry."""

    namespace = 'health'
    version = '1.6'

    def check(self, ctxt):
        """What a registry says of itself; since 1.6.

        One that does not know this yet is only asked whether it answers.

        :returns: {"database": whether it answers; "event_age": seconds for
            which the oldest event waits to be sent, "work_overdue": seconds
            for which work waits for a conductor, be it one of its host, or
            null; "problem": why the database is of no use, a sentence for
            everybody}; nothing is there that is not known
        """
        try:
            return self._call(ctxt, 'check')
        except exceptions.ServiceUnavailable:
            self._rpc.call(ctxt, 'bus', 'ping')
            return {}
