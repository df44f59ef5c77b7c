"""The clock: asks which duties are due, and does those it gets."""

from collections.abc import Callable
import time

from oslo_log import log

from glance.common import context
from glance.common import exceptions
from glance.conductor import claims
from glance.conductor.periodic import auditor
from glance.conductor.periodic import expiry
from glance.conductor.periodic import leftovers
from glance.conductor.periodic import reaper
from glance.conductor.periodic import run as runs
from glance.conductor.periodic import staging_cleanup
from glance.conductor.periodic import updater
from glance.conductor.periodic import usage
from glance.conductor.periodic import usage_sync
from glance.conf import CONF
from glance.metrics import counters
from glance.registry import rpcapi
from glance.store import backends
from glance.store import staging

LOG = log.getLogger(__name__)

_LONGEST = 60       # seconds without asking
_SHORTEST = 0.2
# Seconds until a duty is tried again that the bus or a store has failed.
_AGAIN = 30

Duty = Callable[[runs.Run], runs.Outcome]
# name -> (seconds between two runs, what to do)
_DUTIES: dict[str, tuple[Callable[[], float], Duty]] = {
    'expiry': (lambda: 300, expiry.do),
    'reaper': (lambda: max(1, CONF.wakeup_time), reaper.do),
    'leftovers': (lambda: CONF.periodic.leftovers_interval, leftovers.do),
    'update': (lambda: CONF.periodic.audit_pause, updater.do),
    'audit': (lambda: CONF.periodic.audit_pause, auditor.do),
}
_USAGE = (lambda: 3600, usage.do)
_USAGE_SYNC = (lambda: CONF['usage'].sync_interval, usage_sync.do)
_STAGED = (lambda: min(3600, CONF.conductor.staging_grace), staging_cleanup.do)


def duties() -> dict[str, tuple[Callable[[], float], Duty]]:
    """Those of the cluster, and that of the staging area of this host."""
    more = {'usage': _USAGE} if CONF['usage'].enabled else {}
    if usage_sync.is_wanted():
        more['usage_sync'] = _USAGE_SYNC
    return {**_DUTIES, **more, 'staged@' + staging.host(): _STAGED}


class Clock(claims.Holder[runs.Run]):
    """:param worker: the name of this conductor"""

    def __init__(self, worker: str, registry: rpcapi.RegistryAPI,
                 stores: backends.Stores) -> None:
        super().__init__()
        self._worker, self._registry = worker, registry
        self._stores = stores
        self._next = 0.0

    def look(self, ctxt: context.BusContext) -> None:
        """Begin what is due; seldom more than one call a minute.

        :raises GlanceError: nobody answers
        """
        if self._stopping or time.monotonic() < self._next:
            return
        wanted = {name: interval()
                  for name, (interval, _do) in duties().items()}
        answer = self._registry.duties.claim(ctxt, self._worker, wanted)
        self._next = time.monotonic() + min(
            max(answer['wait'], _SHORTEST), _LONGEST)
        for name in answer['taken_over']:
            counters.WORK_TAKEN_OVER.labels(name).inc()
        for duty in answer['duties']:
            self.hold(runs.Run(ctxt, self._registry, self._stores,
                               duty['name'], duty['attempt']), _do)


def _do(run: runs.Run) -> None:
    try:
        with run.lease:
            outcome, seconds = _done(run)
        run.registry.duties.finish(run.ctxt, run.kind, run.number, outcome,
                                   seconds)
    except exceptions.LeaseLost:
        LOG.info('Another conductor goes on with the duty %s', run.kind)
    except exceptions.GlanceError as error:
        LOG.warning('The duty %s waits for its lease to run out: %s',
                    run.kind, error)


def _done(run: runs.Run) -> tuple[runs.Outcome, float]:
    """:returns: how it went, and the seconds until it is due again"""
    interval, do = duties()[run.kind]
    try:
        return do(run), interval()
    except claims.Draining:
        return {'stopped': True}, 0
    except exceptions.LeaseLost:
        raise
    except exceptions.GlanceError as error:
        LOG.warning('The duty %s has failed: %s', run.kind, error)
        return {'error': error.message}, min(_AGAIN, interval())
    except Exception as error:
        LOG.exception('The duty %s has failed', run.kind)
        return {'error': type(error).__name__}, interval()
