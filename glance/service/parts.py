"""The parts a process may consist of: registry, conductor, HTTP, metrics."""

import types

from glance.common import answering
from glance.common import concurrency
from glance.common import tracing
from glance import conf
from glance.conf import rpc as rpc_conf
from glance.metrics import exposition
from glance.rpc import server
from glance.rpc import transport
from glance.service import embedding
from glance.service.http import tls


class Rpc:
    """A manager and the server of its endpoints.

    :param make_manager: called in the process that serves
    """

    def __init__(self, service, make_manager):
        self._service, self._make_manager = service, make_manager

    def start(self):
        tracing.start(self._service)
        self._manager = self._make_manager()
        self._server = self._make_server(
            transport.CLIENTS if transport.is_kept(self._service)
            else transport.SERVERS)
        self._manager.start()
        self._server.start()
        self._beside = None
        if transport.is_kept(self._service):
            # This takes as long as there is no broker.
            self._beside = self._make_server(transport.SERVERS)
            self._starting = concurrency.spawn(self._beside.start)

    def _make_server(self, whose):
        return server.make_server(
            self._service, None, self._manager.endpoints,
            worker=self._manager.worker, whose=whose)

    def stop(self, timeout):
        for one in (self._server, *self._started_beside()):
            one.stop()
            one.wait()
        self._manager.stop()

    def _started_beside(self):
        if self._beside is None:
            return []
        try:
            self._starting.wait(0)
        except TimeoutError:
            return []
        return [self._beside]


class Http:
    """The API on a listening socket."""

    def __init__(self, sock):
        self._sock = sock
        self._draining = None

    def start(self):
        # the server has a handle of its own
        self._server = _http().Server(self._sock, self._app(),
                                      self._options(), self._tls())
        self._sock.close()
        self._server.start()

    def _app(self):
        from glance.api import app
        return app.load()

    def _options(self):
        return conf.CONF

    def _tls(self):
        return tls.context(conf.CONF)

    def drain(self, timeout):
        """Take nothing new; what is under way has `timeout` seconds."""
        self._draining = concurrency.spawn(self._server.stop, timeout)
        self._draining.wait()

    def stop(self, timeout):
        if self._draining is None:
            self._draining = concurrency.spawn(self._server.stop, timeout)
        try:
            self._draining.wait(timeout)
        except TimeoutError:
            pass
        answering.wait()


class Metrics(Http):
    """What this program has counted, on a listening socket."""

    def _tls(self):
        return None

    def _app(self):
        return exposition.make_app()

    def _options(self):
        return types.SimpleNamespace(
            max_connections=4, http_keepalive=True, backlog=conf.CONF.backlog,
            client_socket_timeout=30, request_head_timeout=30,
            max_header_line=conf.CONF.max_header_line)


def _http():
    if concurrency.is_green():
        from glance.service.http import http_green as http
    else:
        from glance.service.http import http_threads as http
    return http


def registry():
    def make():
        from glance.notifications import bus
        from glance.registry import manager
        bus.register_opts(conf.CONF)
        return manager.Manager()
    return Rpc('registry', make)


def conductor():
    def make():
        from glance.conductor import manager
        from glance.registry import rpcapi
        from glance.store import backends as stores
        return manager.Manager(rpcapi.connect(), stores.load(conf.CONF))
    return Rpc('conductor', make)


def local():
    """What a process has to host because its bus does not leave it."""
    return [make() for service, make in _RPC.items()
            if transport.hosts_locally(service)]


def beside_api():
    """What a process of the API runs besides: what its calls do not leave it
    for, and what it may have to.
    """
    missed = []
    for service, make in _RPC.items():
        embed = conf.CONF[service].embed.lower()
        if transport.hosts_locally(service):
            continue
        if embed == rpc_conf.ALWAYS:
            transport.keep(service)
        elif embed == rpc_conf.AUTO:
            missed.append(embedding.Embedded(service, make))
    return [*local(), *missed]


_RPC = {'registry': registry, 'conductor': conductor}
