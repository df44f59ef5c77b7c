"""The registry as a server: its endpoints, and the relay beside them."""

from collections.abc import Callable
import typing

from glance.common import concurrency
from glance.db.connect import engine
from glance.metrics import exposition
from glance.notifications import bus
from glance.notifications import relay
from glance.registry.endpoints import audits
from glance.registry.endpoints import cache
from glance.registry.endpoints import deletions
from glance.registry.endpoints import duties
from glance.registry.endpoints import events
from glance.registry.endpoints import health
from glance.registry.endpoints import images
from glance.registry.endpoints import imports
from glance.registry.endpoints import locations
from glance.registry.endpoints import members
from glance.registry.endpoints.metadefs import definitions
from glance.registry.endpoints.metadefs import namespaces
from glance.registry.endpoints import quotas
from glance.registry.endpoints import stages
from glance.registry.endpoints import tasks
from glance.registry.endpoints import uploads
from glance.registry.endpoints import usage
from glance.registry.endpoints import work
from glance.registry import gauges


def endpoints() -> list[typing.Any]:
    """:returns: one object for each resource, as `RegistryAPI` names them"""
    return [images.ImagesEndpoint(), uploads.UploadsEndpoint(),
            members.MembersEndpoint(), events.EventsEndpoint(),
            work.WorkEndpoint(), quotas.QuotasEndpoint(),
            health.HealthEndpoint(),
            tasks.TasksEndpoint(), imports.ImportsEndpoint(),
            stages.StagesEndpoint(),
            namespaces.NamespacesEndpoint(),
            definitions.DefinitionsEndpoint(), locations.LocationsEndpoint(),
            cache.CacheEndpoint(), duties.DutiesEndpoint(),
            deletions.DeletionsEndpoint(), audits.AuditsEndpoint(),
            usage.UsageEndpoint()]


class Manager:
    """What `glance.rpc.server` serves.

    :ivar endpoints: one object for each resource
    :ivar worker: the native thread for all use of the database, or None:
                  SQLite is C code that blocks the hub, the drivers of the
                  other engines turn green
    """

    def __init__(self) -> None:
        """:raises ConfigurationError: no database is configured"""
        self.endpoints = endpoints()
        self.worker: concurrency.Worker | None = None
        # Without a database there is nothing to serve, and now is the time.
        dialect = engine.dialect_name()
        if concurrency.is_green() and dialect == 'sqlite':
            self.worker = concurrency.Worker()
        self._relay = relay.Relay(self._in_database)
        self._gauges = gauges.Gauges(self._in_database)

    def _in_database(self, function: Callable[..., typing.Any],
                     *args: typing.Any) -> typing.Any:
        if self.worker is None:
            return function(*args)
        return self.worker.run(function, *args)

    def start(self) -> None:
        exposition.GAUGES.register(self._gauges)
        if bus.is_configured():
            self._relay.start()

    def stop(self) -> None:
        exposition.GAUGES.unregister(self._gauges)
        self._relay.stop()
