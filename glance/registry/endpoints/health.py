"""Health: whether this registry can do its work."""

import oslo_messaging

from glance.common import probe
from glance.conf import CONF
from glance.db import engine
from glance.db import health


class HealthEndpoint:
    """See `glance.registry.rpcapi.Health` for arguments and answers."""

    target = oslo_messaging.Target(namespace='health', version='1.6')

    def __init__(self):
        self._database = probe.Probe(_ages)

    def check(self, ctxt):
        # The answer must come also while the database hangs.
        found, error = self._database.ask(CONF.health.timeout / 2,
                                          CONF.health.kept / 2)
        return dict(found or {}, database=error is None)


@engine.retry_on_conflict
def _ages():
    with engine.reader() as conn:
        return health.ages(conn)
