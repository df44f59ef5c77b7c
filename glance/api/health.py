"""Is this service ready: the health checks for oslo.middleware.

A health check of the paste file names them as its backends, beside
disable_by_file. Nobody has to log in for the answer, so it consists of
sentences of ours and ids of stores.
"""

from oslo_middleware.healthcheck import pluginbase

from glance.api import services
from glance.common import context
from glance.common import probe
from glance.conf import CONF
from glance.store.transfer import threads


def _ask_registry():
    return services.registry().health.check(context.internal())


def _ask_conductor():
    services.conductor().ping(context.internal())


def _look_at_store(store_id):
    # In a thread of its own: others may all wait for a store.
    threads.call(services.stores().get(store_id).check)


# One call tells of the registry, its database, events and work.
_registry = probe.Probe(_ask_registry)
_conductor = probe.Probe(_ask_conductor)
_stores = {}


def _store(store_id):
    if store_id not in _stores:
        _stores[store_id] = probe.Probe(lambda: _look_at_store(store_id))
    return _stores[store_id]


def _ask(one):
    return one.ask(CONF.health.timeout, CONF.health.kept)


def reachable_stores():
    """Look at all stores that users may name, at the same time.

    :returns: {id of a store: whether it can be used}
    """
    probes = {one.id: _store(one.id) for one in services.stores()}
    for one in probes.values():
        one.begin(CONF.health.kept)
    return {store_id: _ask(one)[1] is None
            for store_id, one in probes.items()}


def reset():
    """Forget what was found, with the services it was found of."""
    global _registry, _conductor
    _registry = probe.Probe(_ask_registry)
    _conductor = probe.Probe(_ask_conductor)
    _stores.clear()


class _Check(pluginbase.HealthcheckBaseExtension):
    """:ivar fine: what is said when nothing is wrong"""

    fine = None

    def healthcheck(self, server_port):
        problem = self.problem()
        return pluginbase.HealthcheckResult(available=not problem,
                                            reason=problem or self.fine)

    def problem(self):
        """:returns: a sentence, nothing if all is well"""
        raise NotImplementedError()

    def answer(self):
        """:returns: what the registry says, {} if it says nothing"""
        return _ask(_registry)[0] or {}


class Registry(_Check):
    """A message to a registry and back."""

    fine = 'A registry answers.'

    def problem(self):
        _answer, error = _ask(_registry)
        return error and 'No registry answers.'


class Database(_Check):
    """The database of the registry that answers."""

    fine = 'The database answers.'

    def problem(self):
        answer, error = _ask(_registry)
        if error is not None:
            return 'The database is not known to answer.'
        # A registry of an older release does not say.
        if not answer.get('database', True):
            return answer.get('problem') or 'The database does not answer.'
        return None


class Stores(_Check):
    """All stores that users may name."""

    fine = 'The stores can be used.'

    def problem(self):
        bad = [store_id for store_id, is_well in reachable_stores().items()
               if not is_well]
        return bad and 'Stores that cannot be used: %s.' % ', '.join(bad)


class Events(_Check):
    """The oldest event that is not sent."""

    fine = 'Events are sent.'

    def problem(self):
        return _too_old(self.answer().get('event_age'),
                        CONF.health.max_event_age, 'An event waits')


class Work(_Check):
    """The oldest work that a conductor should have taken.

    Without conductors most requests are served as ever, and what they leave
    to do waits: this is told, but does not end the readiness at once.
    """

    @property
    def fine(self):
        if _ask(_conductor)[1] is not None:
            return 'No conductor answers: work waits.'
        return 'Work is taken.'

    def problem(self):
        return _too_old(self.answer().get('work_overdue'),
                        CONF.health.max_work_overdue, 'Work waits')


def _too_old(age, limit, what):
    if limit and (age or 0) > limit:
        return '%s for %d seconds.' % (what, age)
    return None
