"""Nova and cinder in all regions, as openstacksdk shows them.

Versions are not discovered and links of answers not followed: the hosts would
be those that a document names, and they would get the token.
"""

from collections.abc import Callable, Iterator, Sequence
import time
import typing

from keystoneauth1 import exceptions as keystone_exceptions
from openstack import connection
from openstack import exceptions as sdk_exceptions
from openstack import proxy

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor.usage.sync import credentials
from glance.conductor.usage.sync import kinds
from glance.conf import CONF

# Entries of a page that are tried as its end; others may have been deleted.
_MARKERS = 5
_SLICE = 0.5        # seconds
_NO_SUCH_MARKER = (400, 404)
# What libraries make of an answer that is not as agreed is among it.
_FAILURES = (keystone_exceptions.ClientException, sdk_exceptions.SDKException,
             OSError, ValueError, LookupError, TypeError, AttributeError,
             RuntimeError)

# A resource of openstacksdk.
Entry = typing.Any


class Unanswered(exceptions.GlanceError):
    """A service has not said what it was asked.

    :param code: the status of HTTP, None without one
    """

    default = 'A service has not said what it was asked.'

    def __init__(self, message: str | None = None,
                 code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class Cloud:
    """:param check: raises when it is time to stop
    :raises Unanswered: credentials cannot be used; also from every method
    """

    def __init__(self, check: Callable[[], object]) -> None:
        self._check = check
        # Clients find it by its session, which does not keep it.
        self._connection = connection.Connection(
            session=self._ask(credentials.session))
        self._session = self._connection.session

    def clients(self, kind: kinds.Kind) -> list[proxy.Proxy]:
        """:returns: one for each region; none without such a service"""
        return [proxy.Proxy(
            session=self._session, service_type=kind.service,
            interface=_interfaces(), region_name=region,
            default_microversion=kind.microversion)
            for region in self._ask(self._regions, kind.service)]

    def _regions(self, service: str) -> list[str | None]:
        catalogue = self._session.auth.get_access(
            self._session).service_catalog
        return sorted({endpoint.region_name for endpoint in
                       catalogue.get_endpoint_data_list(
                           service, None, CONF['usage'].region_name)},
                      key=str)

    def pages(self, client: proxy.Proxy, kind: kinds.Kind
              ) -> Iterator[tuple[int, Sequence[Entry]]]:
        """:returns: when each page was asked for, in milliseconds, and it"""
        if kind.only_administrators is not None:
            # Others would get a list of their own project, without a word.
            self._ask(_list, client, kind.only_administrators, None, {})
        ids: list[str] = []
        while True:
            at_ms = int(time.time() * 1000)
            page = self._page(client, kind, ids)
            if not page:
                return
            yield at_ms, page
            ids = self._ids(page, ids)

    def _page(self, client: proxy.Proxy, kind: kinds.Kind,
              ids: Sequence[str]) -> Sequence[Entry]:
        markers: list[str | None] = [*reversed(ids[-_MARKERS:])] or [None]
        for marker in markers[:-1]:
            try:
                return self._list(client, kind, marker)
            except Unanswered as error:
                if error.code not in _NO_SUCH_MARKER:
                    raise
        return self._list(client, kind, markers[-1])

    def _list(self, client: proxy.Proxy, kind: kinds.Kind,
              marker: str | None) -> Sequence[Entry]:
        query = {'all_projects': True, 'limit': CONF['usage'].sync_limit}
        if marker is not None:
            query['marker'] = marker
        found: Sequence[Entry] = self._ask(_list, client, kind.resource,
                                           kind.path, query)
        return found

    def _ids(self, page: Sequence[Entry], before: Sequence[str]) -> list[str]:
        ids = [one.id for one in page]
        if not ids[-1] or [*ids[-1:]] == [*before[-1:]]:
            raise Unanswered('the list does not go on')
        return ids

    def exists(self, client: proxy.Proxy, kind: kinds.Kind,
               consumer_id: str) -> bool:
        """Whether a consumer is there, by its own answer."""
        return bool(self._ask(_exists, client, kind.resource, consumer_id))

    def _ask(self, fn: Callable[..., typing.Any], *args: typing.Any
             ) -> typing.Any:
        """Call it beside, so that no server takes longer than agreed."""
        task = concurrency.spawn(_told, fn, args)
        end = time.monotonic() + CONF['usage'].sync_timeout
        while True:
            self._check()
            try:
                return task.wait(_SLICE)
            except TimeoutError:
                if time.monotonic() > end:
                    raise Unanswered('no whole answer within %d seconds' % (
                        CONF['usage'].sync_timeout)) from None


def _interfaces() -> list[str]:
    options = CONF['usage']
    return [options.interface] if options.interface else (
        options.valid_interfaces)


def _told(fn: Callable[..., typing.Any], args: tuple[typing.Any, ...]
          ) -> typing.Any:
    """Errors of libraries name URLs."""
    try:
        return fn(*args)
    except _FAILURES as error:
        code = getattr(error, 'status_code', None) or getattr(
            error, 'http_status', None)
        raise Unanswered('HTTP status %d' % code if code
                         else type(error).__name__, code) from None


def _list(client: proxy.Proxy, resource: typing.Any, path: str | None,
          query: dict[str, typing.Any]) -> list[Entry]:
    return [*resource.list(client, paginated=False, base_path=path, **query)]


def _exists(client: proxy.Proxy, resource: typing.Any, consumer_id: str
            ) -> bool:
    try:
        resource.new(id=consumer_id).fetch(client)
    except sdk_exceptions.NotFoundException:
        return False
    return True
