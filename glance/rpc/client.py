"""The caller's end of the bus: deadlines, repeats and one kind of failure.

Whatever goes wrong between here and the service becomes RegistryUnavailable
or ConductorUnavailable, at once while the bus is known to be down. What the
service itself refuses is raised as the class of `glance.common.exceptions` it
was raised as over there.
"""

from collections.abc import Callable, Iterator
import contextlib
import dataclasses
import logging
import time
import typing
import uuid

import oslo_messaging

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import tracing
from glance import conf
from glance.metrics import calls
from glance.metrics import counters
from glance.rpc import breaker
from glance.rpc import transport

LOG = logging.getLogger(__name__)

UNAVAILABLE = {'registry': exceptions.RegistryUnavailable,
               'conductor': exceptions.ConductorUnavailable}

# So many pings without an answer, then twice as many, and so on, until the
# next transport is tried.
RENEW_AFTER = 3

# {"result": what the endpoint returned} or {"error": {...}}
_Answer = dict[str, typing.Any]
# Sends, and waits so many seconds.
_Send = Callable[[float], _Answer]


class Client:
    """Sends to one service; make one for each process and service.

    :param service: 'registry' or 'conductor'
    :param topic: queue name, None for the configured one
    :param version: version of the interface this code is written for
    :param version_cap: highest version to send, None for
                        [upgrade_levels], which is no cap when unset
    """

    def __init__(self, service: str, topic: str | None, version: str,
                 version_cap: str | None = None) -> None:
        self._service = service
        self._options = conf.CONF[service]
        self._unavailable = UNAVAILABLE[service]
        self._cap = version_cap or conf.CONF.upgrade_levels[service] or version
        self._target = oslo_messaging.Target(
            exchange=transport.EXCHANGE, topic=topic or self._options.topic)
        self._silences = 0
        self._connect()
        # by how much the clock of the service is ahead of ours
        self._ahead_ms = 0
        # in one process nothing can get lost and a deadline is kept anyway
        self._breaker: breaker.Breaker | None = None
        if not transport.hosts_locally(service):
            self._breaker = breaker.Breaker(service, self._ping, self._touch,
                                            self._unavailable)

    def _connect(self) -> None:
        renewals = transport.renewals
        self._transport = transport.get_transport(self._service,
                                                  transport.CLIENTS)
        self._rpc = oslo_messaging.get_rpc_client(
            self._transport, self._target, retry=0, version_cap=self._cap,
            serializer=context.Serializer())
        # Last, as other threads send meanwhile.
        self._renewals = renewals

    def call(self, ctxt: context.Caller, namespace: str, method: str,
             version: str = '1.0', **kwargs: typing.Any) -> typing.Any:
        """Ask for something that may safely be done twice (a read).

        :returns: what the endpoint returned
        :raises: GlanceError as the endpoint raised it, or Unavailable
        """
        return self._exchange(ctxt.to_bus(), namespace, method, version,
                              kwargs)

    def write(self, ctxt: context.Caller, namespace: str, method: str,
              version: str = '1.0', **kwargs: typing.Any) -> typing.Any:
        """Like `call`, with a call_id by which the service acts only once.

        It does not act at all once nobody waits here any more.
        """
        values = dict(ctxt.to_bus())
        values['call_id'] = values.get('call_id') or uuid.uuid4().hex
        return self._exchange(values, namespace, method, version, kwargs)

    def cast(self, ctxt: context.Caller, namespace: str, method: str,
             version: str = '1.0', fanout: bool = False,
             **kwargs: typing.Any) -> None:
        """Send without waiting for an outcome; raises Unavailable when the
        broker did not take it.

        :param fanout: send to all servers of the topic that listen to that
        """
        sender = self._prepare(namespace, version, fanout=fanout or None)
        with self._counted(ctxt.to_bus(), namespace, method) as bus_context:
            self._send(lambda timeout: sender(timeout).cast(
                bus_context, method, **kwargs))

    def can_send(self, version: str) -> bool:
        """Whether the version is below the cap of a rolling upgrade."""
        is_below: bool = self._rpc.can_send_version(version)
        return is_below

    def check(self, version: str) -> None:
        """:raises Unavailable: the version is above that cap"""
        if not self.can_send(version):
            raise self._unavailable(
                'This operation needs version %s of the %s interface, which '
                'is pinned to %s until the upgrade is complete.'
                % (version, self._service, self._cap))

    def close(self) -> None:
        if self._breaker is not None:
            self._breaker.stop()

    def _exchange(self, values: dict[str, typing.Any], namespace: str,
                  method: str, version: str,
                  kwargs: dict[str, typing.Any]) -> typing.Any:
        sender = self._prepare(namespace, version)
        with self._counted(values, namespace, method) as bus_context:
            answer = self._send(lambda timeout: sender(timeout).call(
                self._dated(bus_context, timeout), method, **kwargs),
                is_write=bool(bus_context.call_id))
            if 'error' in answer:
                raise _rebuilt(answer['error'])
        return answer['result']

    def _dated(self, bus_context: context.BusContext,
               timeout: float) -> context.BusContext:
        """A write says for how long it is waited for."""
        if not bus_context.call_id:
            return bus_context
        return dataclasses.replace(
            bus_context, sent_ms=_clock_ms() + self._ahead_ms,
            valid_ms=int(timeout * 1000))

    @contextlib.contextmanager
    def _counted(self, values: dict[str, typing.Any], namespace: str,
                 method: str) -> Iterator[context.BusContext]:
        """Count and trace a call; gives the context to send."""
        name = '%s.%s' % (namespace, method)
        with (calls.Call(counters.RPC_CALLS, counters.RPC_SECONDS,
                         self._service, name),
              tracing.calling(self._service, name) as trace):
            yield context.BusContext.from_bus(dict(values, trace_info=trace))

    def _prepare(self, namespace: str, version: str,
                 **target: typing.Any) -> Callable[[float | None],
                                                   typing.Any]:
        self.check(version)
        if self._renewals != transport.renewals:
            self._connect()
        options = oslo_messaging.TransportOptions(at_least_once=True)
        target = {k: v for k, v in target.items() if v is not None}

        def sender(timeout: float | None) -> typing.Any:
            return self._rpc.prepare(
                namespace=namespace, version=version, timeout=timeout,
                transport_options=options, **target)
        return sender

    def _send(self, send: _Send, is_write: bool = False) -> _Answer:
        """Send, and once more when that was lost; and once more when only the
        clocks were at odds.

        :raises Unavailable: nothing came of it within `rpc_timeout`, of which
            the first attempt has half
        """
        limit = self._options.rpc_timeout
        deadline = time.monotonic() + limit
        timeout = limit / 2
        was_lost = was_late = False
        while True:
            try:
                answer = self._attempt(send, timeout, is_write)
            except _Lost as lost:
                if was_lost:
                    self._note_loss(lost)
                    raise self._unavailable()
                LOG.debug('Sending to the %s again: %s', self._service, lost)
                was_lost = True
                timeout = deadline - time.monotonic()
            else:
                # Who hears that it came too late, so early, did wait.
                if (was_late or not _is_outdated(answer)
                        or deadline - time.monotonic() < limit / 2):
                    return answer
                was_late = True
                self._set_clock(answer['error']['now_ms'])

    def _attempt(self, send: _Send, timeout: float,
                 is_write: bool) -> _Answer:
        """Send in a helper, which stays behind when the caller gives up:
        oslo.messaging may wait for a broker without end. Hence the bound on
        them.

        :raises _Lost:
        :raises Unavailable: that is known before anything is sent
        """
        guard = self._breaker
        if guard is None:
            return _sent(send, timeout)
        if not guard.is_up():
            raise self._unavailable()
        if guard.count() >= self._options.rpc_max_pending:
            LOG.warning('Too many calls to the %s are under way',
                        self._service)
            raise self._unavailable()
        pending = guard.begin(is_write)
        concurrency.spawn(_help, guard, send, timeout, pending)
        outcome = pending.wait(timeout + 1)
        if outcome is None:
            raise _Lost('no answer within %.1f s' % timeout)
        answer: _Answer
        answer, error = outcome
        if error is not None:
            raise error
        return answer

    def _set_clock(self, now_ms: int) -> None:
        self._ahead_ms = int(now_ms) - _clock_ms()
        LOG.info('The clock of the %s is %.1f s ahead of ours',
                 self._service, self._ahead_ms / 1000)

    def _note_loss(self, lost: Exception) -> None:
        if self._breaker is None:
            return
        if isinstance(lost, _Silent):
            self._breaker.doubt()
        else:
            self._breaker.trip(str(lost), is_broker=True)

    def _ping(self, timeout: float) -> None:
        self._look_for_broker()
        try:
            answer = self._bus('call', timeout)
        except oslo_messaging.MessagingTimeout:
            self._note_silence()
            raise
        self._silences = 0
        if answer != {'result': 'pong'}:
            raise _Lost('unexpected answer')

    def _note_silence(self) -> None:
        """The broker may have forgotten who reads the answers.

        The silence may as well be that of the service, so it is tried less
        and less often.
        """
        self._silences += 1
        tries, rest = divmod(self._silences, RENEW_AFTER)
        if not rest and tries.bit_count() == 1:
            LOG.warning('The %s takes messages and nothing is heard of it; '
                        'connecting anew', self._service)
            transport.renew(self._service, self._transport)

    def _look_for_broker(self) -> None:
        if not transport.broker_listens(self._service):
            raise _Lost('no broker takes connections')

    def _touch(self) -> None:
        self._look_for_broker()
        self._bus('cast', None)

    def _bus(self, verb: str, timeout: float | None) -> typing.Any:
        sender = self._prepare('bus', '1.0')(timeout)
        return getattr(sender, verb)(context.internal(), 'ping')


class _Lost(Exception):
    """The bus did not take the message, or no answer came."""


class _Silent(_Lost):
    """The broker works; the service may still have the message."""


def _help(guard: breaker.Breaker, send: _Send, timeout: float,
          pending: breaker.Pending) -> None:
    try:
        pending.finish((_sent(send, timeout), None))
    except Exception as exc:
        pending.finish((None, exc))
    finally:
        guard.end(pending)


def _clock_ms() -> int:
    return int(time.time() * 1000)


def _sent(send: _Send, timeout: float) -> _Answer:
    """:raises _Lost: the bus did not take it, or nobody answered"""
    try:
        return send(timeout)
    except exceptions.GlanceError:
        raise
    except oslo_messaging.RemoteError as exc:
        LOG.error('An answer that is not ours: %s', exc)
        raise exceptions.GlanceError()
    except (oslo_messaging.MessagingTimeout,
            oslo_messaging.MessageUndeliverable) as exc:
        raise _Silent('%s: %s' % (type(exc).__name__, exc))
    except Exception as exc:
        # errors of kombu, amqp and the sockets below come through as they are
        raise _Lost('%s: %s' % (type(exc).__name__, exc))


def _is_outdated(answer: _Answer | None) -> bool:
    """Whether it is that of a service which took the call for too old."""
    error = (answer or {}).get('error') or {}
    return error.get('class') == exceptions.CallOutdated.__name__


def _rebuilt(error: dict[str, typing.Any]) -> exceptions.GlanceError:
    cls = getattr(exceptions, error.get('class') or '', None)
    if not (isinstance(cls, type)
            and issubclass(cls, exceptions.GlanceError)):
        cls = exceptions.GlanceError
    return cls(error.get('message'))
