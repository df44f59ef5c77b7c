"""The clock: asks which duties are due, and does those it gets."""

import threading
import time

from oslo_log import log

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.periodic import auditor
from glance.conductor.periodic import expiry
from glance.conductor.periodic import leftovers
from glance.conductor.periodic import reaper
from glance.conductor.periodic import run as runs
from glance.conductor.periodic import staging_cleanup
from glance.conductor.periodic import updater
from glance.conf import CONF
from glance.metrics import counters
from glance.store import staging

LOG = log.getLogger(__name__)

_LONGEST = 60       # seconds without asking
_SHORTEST = 0.2
# Seconds until a duty is tried again that the bus or a store has failed.
_AGAIN = 30

# name -> (seconds between two runs, what to do)
_DUTIES = {
    'expiry': (lambda: 300, expiry.do),
    'reaper': (lambda: max(1, CONF.wakeup_time), reaper.do),
    'leftovers': (lambda: CONF.periodic.leftovers_interval, leftovers.do),
    'update': (lambda: CONF.periodic.audit_pause, updater.do),
    'audit': (lambda: CONF.periodic.audit_pause, auditor.do),
}
_STAGED = (lambda: min(3600, CONF.conductor.staging_grace), staging_cleanup.do)


def duties():
    """Those of the cluster, and that of the staging area of this host."""
    return dict(_DUTIES, **{'staged@' + staging.host(): _STAGED})


class Clock:
    """:param worker: the name of this conductor
    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :param stores: `glance.store.backends.Stores`
    """

    def __init__(self, worker, registry, stores):
        self._worker, self._registry = worker, registry
        self._stores = stores
        self._running, self._stopping = set(), False
        self._changed = threading.Condition()
        self._next = 0

    def stop(self):
        """What is under way is left to another conductor."""
        self._stopping = True
        with self._changed:
            for run in self._running:
                run.stop(runs.Stopped())

    def wait(self, seconds):
        """Until nothing is under way, or so long; None for ever."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, seconds)

    def look(self, ctxt):
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
            self._begin(runs.Run(ctxt, self._registry, self._stores,
                                 duty['name'], duty['attempt']))

    def _begin(self, run):
        with self._changed:
            self._running.add(run)
        if self._stopping:
            run.stop(runs.Stopped())
        concurrency.spawn(self._do, run)

    def _do(self, run):
        try:
            with run.lease:
                outcome, seconds = _done(run)
            self._registry.duties.finish(run.ctxt, run.kind, run.attempt,
                                         outcome, seconds)
        except exceptions.LeaseLost:
            LOG.info('Another conductor goes on with the duty %s', run.kind)
        except exceptions.GlanceError as error:
            LOG.warning('The duty %s waits for its lease to run out: %s',
                        run.kind, error)
        finally:
            with self._changed:
                self._running.remove(run)
                self._changed.notify_all()


def _done(run):
    """:returns: how it went, and the seconds until it is due again"""
    interval, do = duties()[run.kind]
    try:
        return do(run), interval()
    except runs.Stopped:
        return {'stopped': True}, 0
    except exceptions.LeaseLost:
        raise
    except exceptions.GlanceError as error:
        LOG.warning('The duty %s has failed: %s', run.kind, error)
        return {'error': error.message}, min(_AGAIN, interval())
    except Exception as error:
        LOG.exception('The duty %s has failed', run.kind)
        return {'error': type(error).__name__}, interval()
