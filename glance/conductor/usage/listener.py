"""Listens to what other services tell, on a queue of our own.

The queue is bound to the same exchanges and topics as those of other readers,
and takes none of their messages. A batch of messages is one write of the
registry, and is acknowledged when the registry has it; a conductor that dies
before leaves it to another one, and what is told twice changes nothing.
"""

import collections
from collections.abc import Iterable, Sequence
import itertools
import threading
import typing

from oslo_log import log
import oslo_messaging
from oslo_messaging.notify import listener

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.conductor.usage import readers
from glance.conductor.usage import shelved
from glance.conf import CONF
from glance.metrics import counters
from glance.objects import usage
from glance.registry import rpcapi

LOG = log.getLogger(__name__)

_BATCH = 100
# Seconds for which a batch waits to become full, and after which what the
# registry has not taken is read again.
_BATCH_WAIT, _AGAIN = 0.5, 2
# Messages in the memory of one conductor; the others wait at the broker.
_HELD = 500

# A message of oslo.messaging.
_Incoming = typing.Any


class Dispatcher:
    """Hands what messages say to the registry; see `Listener`."""

    supported_priorities = ('info',)

    def __init__(self, registry: rpcapi.RegistryAPI) -> None:
        self._registry = registry
        self.stopping = threading.Event()

    def dispatch(self, incoming: Sequence[_Incoming]) -> set[_Incoming]:
        """:returns: what is to be delivered again"""
        found = [event for one in incoming
                 if (event := _read(one.message)) is not None]
        try:
            said = [*itertools.chain(*map(readers.statements, found)),
                    *self._shelved(found)]
            if said:
                self._registry.usage.merge(context.internal(), said)
        except exceptions.GlanceError as error:
            LOG.warning('Events of other services wait, the registry has not '
                        'taken them: %s', error)
            self.stopping.wait(_AGAIN)
            _count('again', len(incoming))
            return set(incoming)
        _count('taken', len(incoming))
        _count_kinds(said)
        return set()

    def _shelved(self, found: Iterable[events.Event]
                 ) -> Iterable[usage.Statement]:
        return shelved.statements(
            context.internal(), self._registry,
            filter(None, map(nova.shelved, found)))


def _read(message: object) -> events.Event | None:
    event = None
    if isinstance(message, dict):
        event = events.read(message.get('event_type'), message.get('payload'),
                            message.get('timestamp'))
    if event is None:
        LOG.debug('A message is passed over: it is no event')
    return event


def _count(outcome: str, number: int) -> None:
    counters.USAGE_MESSAGES.labels(outcome).inc(number)


def _count_kinds(said: Iterable[usage.Statement]) -> None:
    for kind, number in collections.Counter(
            one['kind'] for one in said).items():
        counters.USAGE_STATEMENTS.labels(kind).inc(number)


class Listener:
    """The listener of this conductor; it does nothing without a broker."""

    def __init__(self, registry: rpcapi.RegistryAPI) -> None:
        self._dispatcher = Dispatcher(registry)
        self._server: listener.BatchNotificationServer | None = None
        self._transport: oslo_messaging.Transport | None = None
        self._task: concurrency.Task | None = None

    def start(self) -> None:
        """As long as there is no broker this goes on beside the caller."""
        url = CONF['usage'].transport_url or CONF.transport_url
        if url.startswith('local:'):
            LOG.warning('[usage] is enabled, and there is no bus to listen '
                        'to: neither its transport_url nor [DEFAULT] '
                        'transport_url leads to one')
            return
        self._transport = oslo_messaging.get_notification_transport(
            CONF, _bounded(url))
        self._server = listener.BatchNotificationServer(
            self._transport, _targets(), self._dispatcher,
            allow_requeue=True, pool=CONF['usage'].pool, batch_size=_BATCH,
            batch_timeout=_BATCH_WAIT)
        # One batch at a time: the registry takes them one after the other.
        self._task = concurrency.spawn(self._server.start, 1)

    def stop(self) -> None:
        """Take no more; what was taken is finished."""
        self._dispatcher.stopping.set()
        if self._task is None or self._server is None:
            return
        try:
            self._task.wait(0)
        except TimeoutError:
            return      # there has never been a broker
        self._server.stop()
        self._server.wait()
        if self._transport is not None:
            self._transport.cleanup()


def _bounded(url: str) -> oslo_messaging.TransportURL:
    parsed = oslo_messaging.TransportURL.parse(CONF, url)
    if parsed.transport.startswith('rabbit'):
        parsed.query.setdefault('rabbit_qos_prefetch_count', str(_HELD))
    return oslo_messaging.TransportURL.parse(CONF, str(parsed))


def _targets() -> list[oslo_messaging.Target]:
    options = CONF['usage']
    return [oslo_messaging.Target(exchange=exchange, topic=topic)
            for exchange in options.exchanges for topic in options.topics]
