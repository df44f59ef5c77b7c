"""Health: whether this registry can do its work."""

from alembic import util as alembic_util
import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.common import probe
from glance.conf import CONF
from glance.db.connect import engine
from glance.db.connect import error_codes
from glance.db import health
from glance.db.migrations.upgrade import phases
from glance.objects import health as health_types


class HealthEndpoint:
    """See `glance.registry.rpcapi.Health` for arguments and answers."""

    target = oslo_messaging.Target(namespace='health', version='1.6')

    def __init__(self) -> None:
        self._database = probe.Probe(self._ages)
        self._is_expanded = False

    def check(self, ctxt: context.BusContext) -> health_types.Health:
        # The answer must come also while the database hangs.
        found, error = self._database.ask(CONF.health.timeout / 2,
                                          CONF.health.kept / 2)
        answer: health_types.Health = {'database': error is None}
        if found:
            answer.update(found)
        problem = _problem(error)
        if problem:
            answer['problem'] = problem
        return answer

    @engine.retry_on_conflict
    def _ages(self) -> health_types.Health:
        with engine.reader() as conn:
            # A later release may add to it, but nobody takes it away.
            self._is_expanded = self._is_expanded or _is_expanded(conn)
            if not self._is_expanded:
                raise exceptions.DatabaseUnavailable(error_codes.OUTDATED)
            return health.ages(conn)


def _is_expanded(conn: sa.Connection) -> bool:
    try:
        return phases.is_expanded(conn)
    except alembic_util.CommandError:
        # Its revision is one that only a later release knows.
        return True


def _problem(error: Exception | None) -> str | None:
    """:returns: what is wrong beside that there is no answer, or None"""
    plain = exceptions.DatabaseUnavailable.default
    if isinstance(error, exceptions.DatabaseUnavailable):
        return error.message if error.message != plain else None
    return None
