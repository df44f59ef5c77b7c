"""The server's end of the bus: endpoints, contexts and errors.

Every answer is a dict, `{'result': ...}` or `{'error': {...}}`. Errors of ours
travel as class name and message; of anything else the caller learns nothing,
the log of the server has the traceback.
"""

from collections.abc import Sequence
import logging
import os
import socket
import threading
import typing

import oslo_messaging
from oslo_messaging.rpc import server as rpc_server

from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import tracing
from glance import conf
from glance.metrics import calls
from glance.metrics import counters
from glance.rpc import self_check
from glance.rpc import transport

LOG = logging.getLogger(__name__)

# A message of oslo.messaging.
_Incoming = typing.Any


class Ping:
    """What a client asks to see whether the service answers."""

    target = oslo_messaging.Target(namespace='bus', version='1.0')

    def ping(self, ctxt: context.BusContext) -> str:
        return 'pong'


class Dispatcher(oslo_messaging.RPCDispatcher):
    """Calls the endpoint and turns its outcome into the answer."""

    def __init__(self, service: str, endpoints: Sequence[typing.Any],
                 worker: concurrency.Worker | None,
                 heard: self_check.SelfCheck) -> None:
        super().__init__([*endpoints, Ping()], context.Serializer())
        self._service, self._worker, self._heard = service, worker, heard

    def dispatch(self, incoming: _Incoming) -> dict[str, typing.Any]:
        context.log_as(context.BusContext.from_bus(incoming.ctxt))
        with self._heard.message(), calls.Call(
                counters.RPC_SERVED, counters.RPC_SERVED_SECONDS,
                self._service, _name(incoming)) as call:
            try:
                return {'result': self._call(incoming)}
            except Exception as exc:
                error = _as_ours(incoming, exc)
                call.outcome = calls.outcome(error)
                return {'error': _described(error)}
            finally:
                LOG.debug('%s: %s', _name(incoming), call.outcome)

    def _call(self, incoming: _Incoming) -> typing.Any:
        if self._worker is None:
            return self._traced(incoming)
        return self._worker.run(concurrency.carried(self._traced), incoming)

    def _traced(self, incoming: _Incoming) -> typing.Any:
        with tracing.serving(incoming.ctxt.get('trace_info'), self._service,
                             _name(incoming)):
            return super().dispatch(incoming)


def _name(incoming: _Incoming) -> str:
    return '%s.%s' % (incoming.message.get('namespace'),
                      incoming.message.get('method'))


def _described(error: exceptions.GlanceError) -> dict[str, typing.Any]:
    described = {'class': type(error).__name__, 'message': error.message}
    if isinstance(error, exceptions.CallOutdated):
        described['now_ms'] = error.now_ms
    return described


def _as_ours(incoming: _Incoming, exc: Exception) -> exceptions.GlanceError:
    """:returns: the error that the caller learns of"""
    if isinstance(exc, exceptions.GlanceError):
        if exc.status >= 500:
            LOG.warning('%s: %s', _name(incoming), exc.message)
        return exc
    if isinstance(exc, (oslo_messaging.NoSuchMethod,
                        oslo_messaging.UnsupportedVersion)):
        LOG.warning('A client of another release calls %s: %s',
                    _name(incoming), exc)
        return exceptions.ServiceUnavailable(
            'The operation is not known to the release of a running '
            'service; try again when the upgrade is complete.')
    LOG.error('Unexpected error in %s', _name(incoming), exc_info=exc)
    return exceptions.GlanceError()


def server_name() -> str:
    return '%s:%d' % (socket.gethostname(), os.getpid())


class Server:
    """An RPC server of a service; see `make_server`."""

    def __init__(self, service: str, topic: str,
                 endpoints: Sequence[typing.Any],
                 worker: concurrency.Worker | None, fanout: bool,
                 whose: str) -> None:
        self._transport = transport.get_transport(service, whose)
        self._target = oslo_messaging.Target(
            exchange=transport.EXCHANGE, topic=topic, server=server_name(),
            fanout=fanout)
        self._self_check = self_check.SelfCheck(topic, self._send_one,
                                                self._listen_anew)
        self._dispatcher = Dispatcher(service, endpoints, worker,
                                      self._self_check)
        # Within one process nothing gets lost.
        self._is_local = transport.is_local(service, whose)
        self._lock = threading.Lock()
        self._server = self._make()

    def _make(self) -> typing.Any:
        return rpc_server.RPCServer(self._transport, self._target,
                                    self._dispatcher)

    def start(self) -> None:
        self._server.start()
        if not self._is_local:
            self._self_check.start()

    def stop(self) -> None:
        """Take no more messages; those taken are finished by `wait`."""
        with self._lock:
            self._self_check.stop()
        self._server.stop()

    def wait(self) -> None:
        self._server.wait()

    def _send_one(self) -> None:
        sender = oslo_messaging.get_rpc_client(
            self._transport, self._target(server=None, fanout=None),
            serializer=context.Serializer(), retry=0)
        options = oslo_messaging.TransportOptions(at_least_once=True)
        sender.prepare(
            namespace='bus', version='1.0', transport_options=options).cast(
                context.internal(), 'ping')

    def _listen_anew(self) -> None:
        fresh = self._make()
        # This takes as long as there is no broker.
        fresh.start()
        with self._lock:
            done = fresh
            if not self._self_check.is_stopped():
                done, self._server = self._server, fresh
        done.stop()
        done.wait()


def make_server(service: str, topic: str | None,
                endpoints: Sequence[typing.Any],
                worker: concurrency.Worker | None = None,
                fanout: bool = False,
                whose: str = transport.SERVERS) -> Server:
    """A server for the endpoints of a service, not yet started.

    :param service: 'registry' or 'conductor'
    :param topic: queue name, None for the configured one
    :param endpoints: objects with an oslo.messaging `target`
    :param worker: `concurrency.Worker` that runs the endpoints, for those
                   that would block the hub (SQLite)
    :param fanout: whether it is sent what goes to all servers of the topic
    :param whose: CLIENTS of `transport` to serve where the clients of this
                  process call
    """
    return Server(service, topic or conf.CONF[service].topic, endpoints,
                  worker, fanout, whose)
