"""Images as objects of Swift.

Data is written as objects whose names begin with image and attempt. A static
manifest, marked with the attempt, then gives it the name of the image, which
is where bare metal services look for it; so there is never a question whose
bytes are behind a name. Where the cluster has no such manifests, the name with
the attempt remains.
"""

import collections
from collections.abc import Iterable, Iterator, Sequence
import contextlib
import functools
import http.client
import types
import typing

from glance_store._drivers.swift import store as their_driver
from glance_store import exceptions as theirs
from glance_store import location
import swiftclient

from glance.common import context as contexts
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import silence
from glance.store.drivers import store_errors
from glance.store.drivers.swift import swift_list
from glance.store.drivers.swift import swift_objects
from glance.store.drivers.swift import swift_parts
from glance.store.drivers.swift import swift_places
from glance.store.drivers.swift import swift_tenants
from glance.store import places

_MARK = 'x-object-meta-glance-attempt'


# The driver makes one for each client of Keystone.
their_driver.ks_session = types.SimpleNamespace(Session=silence.Session)


class Driver(adapter.Driver):

    def __init__(self, *args: typing.Any, **kwargs: typing.Any) -> None:
        # With the tokens that they have.
        self._asking: collections.deque[swiftclient.Connection] = (
            collections.deque(maxlen=1))
        super().__init__(*args, **kwargs)
        for name in ('get_connection', 'get_store_connection'):
            setattr(self._store, name, silence.bounded(
                getattr(self._store, name), silence.limit_connection))

    def _ask(self, timeout: float) -> None:
        try:
            connection = self._asking.pop()
        except IndexError:
            connection = self._connect_hastily(timeout)
        try:
            self._head_all(connection)
        except swiftclient.ClientException as error:
            if error.http_status != http.client.UNAUTHORIZED:
                raise
            connection = self._connect_hastily(timeout)
            self._head_all(connection)
        self._asking.append(connection)

    def _connect_hastily(self, timeout: float) -> swiftclient.Connection:
        """:returns: a connection that does not try again"""
        context = self._context(None)
        connection = self._store.get_connection(
            self._store.create_location('x' * 32, context), context)
        connection.timeout, connection.retries = timeout, 0
        return connection

    def _head_all(self, connection: swiftclient.Connection) -> None:
        """Of containers for many images, none is there for certain."""
        options = self._options()
        if not self._has_one_container:
            connection.head_account()
            return
        found = swift_objects.has_container(connection,
                                            options.swift_store_container)
        if not found and not options.swift_store_create_container_on_put:
            raise theirs.BackendException()

    @property
    def _has_one_container(self) -> bool:
        return not (self._for_tenants
                    or self._options().swift_store_multiple_containers_seed)

    @property
    def _for_tenants(self) -> bool:
        return isinstance(self._store, their_driver.MultiTenantStore)

    @property
    def has_readers(self) -> bool:
        return self._for_tenants

    @functools.cached_property
    def _places(self) -> swift_places.OfService | swift_places.OfTenants:
        """How URLs are read; made of options, which do not change."""
        kind = (swift_places.OfTenants if self._for_tenants
                else swift_places.OfService)
        return kind(self._store, self._options())

    def find_place(self, url: str) -> places.Place:
        return self._places.place(url)

    def is_same(self, url: str, other: str) -> bool:
        """The address of a cluster may have been another one."""
        if not self._for_tenants:
            return super().is_same(url, other)
        return self.owns(url) and self.owns(other) and (
            url.rsplit('/', 3)[1:] == other.rsplit('/', 3)[1:])

    def _location(self, url: str) -> location.Location:
        place = self.place(url)
        own = self._places.own(place) if place.url else None
        return self._theirs(own or url)

    def set_readers(self, url: str, projects: Sequence[str] | None) -> None:
        with store_errors.translated(self.id, 'set_readers'):
            self._store.set_acls(
                self._location(url), public=projects is None,
                read_tenants=projects, context=self._context(None))

    def _find_problem(self) -> str | None:
        if self._for_tenants:
            return swift_tenants.problem(self._conf, self._options())
        return None

    def _options(self) -> typing.Any:
        return self._store.store_conf

    def _context(self, context: contexts.Caller | None
                 ) -> contexts.Caller | None:
        if self._for_tenants and not getattr(context, 'auth_token', None):
            return swift_tenants.service_context(self._store, self._options())
        return context

    def _connection(self, place: location.StoreLocation,
                    context: contexts.Caller | None = None
                    ) -> swiftclient.Connection:
        return self._store.get_connection(place, self._context(context))

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        context = self._context(context)
        name = self._name(image_id, attempt)
        place = self._store.create_location(name, context)
        whole = size if (size or 0) < self._store.large_object_size else None
        with self._store.get_manager(place, context,
                                     allow_reauth=not whole) as manager:
            connection = manager.get_connection()
            most = swift_objects.most_segments(connection)
            if not most:
                # Large segments then: other manifests are read slowly. If
                # more is announced, the driver pads its last one in vain.
                return self._add(name, source, whole, context)
            self._store._create_container_if_missing(place.container,
                                                     connection)
            if whole:
                found = swift_parts.put_whole(connection, place, source, whole)
            else:
                found = swift_parts.put_segments(
                    self._store, manager, place, source, swift_parts.lengths(
                        self._store.large_object_chunk_size, size, most))
            return self._publish(manager.get_connection(), place, found, most,
                                 image_id, attempt)

    def _publish(self, connection: swiftclient.Connection,
                 place: location.StoreLocation,
                 entries: Sequence[swift_objects.Entry], most: int,
                 image_id: str, attempt: str) -> driver.Written:
        """Give what is written the name of the image, or its own.

        :param most: segments of a static manifest
        """
        entries = [one for one in entries if one['size_bytes']]
        is_static = 0 < len(entries) <= most
        if is_static and not self._for_tenants and self._take_name(
                connection, place, entries, image_id, attempt):
            return self._written(place, image_id)
        own = '/%s/%s' % (place.container, place.obj)
        if not entries:
            connection.put_object(place.container, place.obj, b'')
        elif is_static and entries[0]['path'] != own:
            swift_objects.put_static(connection, place.container, place.obj,
                                     entries, {})
        elif entries[0]['path'] != own:
            swift_objects.put_dynamic(connection, place.container, place.obj)
        return self._written(place, place.obj)

    @staticmethod
    def _take_name(connection: swiftclient.Connection,
                   place: location.StoreLocation,
                   entries: Sequence[swift_objects.Entry], image_id: str,
                   attempt: str) -> bool:
        """Of two manifests that are put at the same moment both are taken, and
        one is lost. So nobody puts one who sees data of another attempt.

        :returns: whether it was free
        """
        if (swift_objects.head(connection, place.container, image_id)
                is not None or swift_objects.has_others(
                    connection, place.container, image_id, place.obj)):
            return False
        try:
            swift_objects.put_static(
                connection, place.container, image_id, entries,
                {_MARK: attempt, 'If-None-Match': '*'})
        except swiftclient.ClientException as error:
            # Another attempt has just taken the name.
            if error.http_status != http.client.PRECONDITION_FAILED:
                raise
            return False
        return True

    def _written(self, place: location.StoreLocation, name: str
                 ) -> driver.Written:
        return driver.Written(self._url(place, name), dict(self.metadata))

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        self.demand()
        if self._for_tenants:
            # Whose account it was is not known.
            super().discard(image_id, attempt, url)
            return
        with store_errors.translated(self.id, 'discard'):
            place = self._store.create_location(self._name(image_id, attempt))
            self._discard(self._connection(place), place, image_id, attempt)

    def _discard(self, connection: swiftclient.Connection,
                 place: location.StoreLocation, image_id: str, attempt: str
                 ) -> None:
        head = swift_objects.head(connection, place.container, image_id)
        if head is not None and head.get(_MARK) == attempt:
            swift_objects.delete(connection, place.container, image_id)
        for name in swift_parts.names(connection, place.container, place.obj):
            swift_objects.delete(connection, place.container, name)

    def list(self) -> Iterator[driver.Found] | None:
        with store_errors.translated(self.id, 'list'):
            found = self._containers()
        return None if found is None else self._list(found)

    def _containers(self) -> Iterator[swift_objects.Container] | None:
        """:returns: those that may have images; None if nobody can tell"""
        own = self._options().swift_store_container
        if self._for_tenants:
            callers = swift_tenants.accounts(self._store, self._options())
            return callers and self._of_accounts(callers, own)
        place = self._store.create_location('')
        place.container = own
        connection = self._connection(place)
        if self._has_one_container:
            return iter([(connection, place)])
        return swift_objects.containers(connection, place, own)

    def _of_accounts(self, callers: Iterable[contexts.Caller], own: str
                     ) -> Iterator[swift_objects.Container]:
        for caller in callers:
            place = self._store.create_location('', caller)
            yield from swift_objects.containers(
                self._connection(place, caller), place, own)

    def _list(self, containers: Iterable[swift_objects.Container]
              ) -> Iterator[driver.Found]:
        with store_errors.translated(self.id, 'list'):
            for connection, place in containers:
                yield from self._list_one(connection, place)

    def _list_one(self, connection: swiftclient.Connection,
                  place: location.StoreLocation) -> Iterator[driver.Found]:
        entries = (entry for entry in swift_objects.listing(
            connection, place.container)
            if self._places.is_ours(place.container, entry['name']))
        for one in swift_list.read(
                entries, lambda name: self._names(connection, place, name)):
            yield driver.Found(
                one.image_id, one.attempt,
                one.name and self._url(place, one.name), one.size,
                one.changed, self._url(place, ''))

    def drop(self, found: driver.Found) -> None:
        """Where it was found: others may be written elsewhere by now."""
        if found.attempt is None:
            self.delete(found.whole_url)
            return
        with store_errors.translated(self.id, 'drop'):
            place = self._theirs(typing.cast(str, found.version)
                                 ).store_location
            place.obj = self._name(found.image_id, found.attempt)
            connection = self._connection(place)
            self._discard(connection, place, found.image_id, found.attempt)
            if self._for_tenants:
                connection.delete_container(place.container)

    @staticmethod
    def _names(connection: swiftclient.Connection,
               place: location.StoreLocation, name: str) -> Sequence[str]:
        """:returns: what the object of a name consists of, if it is there"""
        place.obj = name
        if swift_objects.head(connection, place.container, name) is None:
            return ()
        return [path.partition('/')[2]
                for path in swift_objects.pieces(connection, place)]

    def _url(self, place: location.StoreLocation, name: str) -> str:
        place.obj = name
        return place.get_uri(credentials_included=not self._options()
                             .swift_store_config_file)

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        return self.copy(self, url, image_id, attempt, context)

    def copy(self, source: typing.Self, url: str, image_id: str, attempt: str,
             context: contexts.Caller | None = None) -> driver.Written | None:
        near = ('auth_address', 'user', 'region')
        if self._for_tenants or source._for_tenants or any(
                getattr(self._store, name) != getattr(source._store, name)
                for name in near):
            return None
        try:
            return self._kept(image_id, attempt, self._copy,
                              source._place(url), image_id, attempt)
        except swift_objects.CannotCopy:
            return None

    def _copy(self, origin: location.StoreLocation, image_id: str, attempt: str
              ) -> driver.Written:
        place = self._store.create_location(self._name(image_id, attempt))
        connection = self._connection(place)
        self._store._create_container_if_missing(place.container, connection)
        pieces = swift_objects.pieces(connection, origin)
        names = [place.obj]
        if len(pieces) > 1:
            names = [swift_objects.segment(place.obj, number)
                     for number in range(1, len(pieces) + 1)]
        copies = [swift_objects.copy(connection, path, place.container, name)
                  for path, name in zip(pieces, names)]
        return self._publish(connection, place, copies,
                             swift_objects.most_segments(connection),
                             image_id, attempt)

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> adapter.Reader:
        place = place.store_location
        headers = {}
        if offset or length is not None:
            last = '' if length is None else offset + length - 1
            headers['Range'] = 'bytes=%d-%s' % (offset, last)
        if length == 0:
            return adapter.Reader(self.id, (), 0, 0)
        try:
            with _found():
                found, body = self._connection(place, context).get_object(
                    place.container, place.obj, resp_chunk_size=adapter.CHUNK,
                    headers=headers)
        except swiftclient.ClientException as error:
            if error.http_status == (
                    http.client.REQUESTED_RANGE_NOT_SATISFIABLE):
                return adapter.Reader(self.id, (), 0, 0)
            raise
        return adapter.Reader(self.id, _chunks(body), 0,
                              int(found['content-length']),
                              getattr(body, 'close', None))

    def _size(self, place: location.Location, context: contexts.Caller | None
              ) -> int:
        """The driver answers 0 for what is not there."""
        place = place.store_location
        head = swift_objects.head(self._connection(place, context),
                                  place.container, place.obj)
        if head is None:
            raise theirs.NotFound()
        return int(head['content-length'])

    def _delete(self, place: location.Location, context: contexts.Caller | None
                ) -> None:
        super()._delete(place, self._context(context))


@contextlib.contextmanager
def _found() -> Iterator[None]:
    """A manifest is in conflict with a piece that is gone or has changed."""
    try:
        yield
    except swiftclient.ClientException as error:
        if error.http_status in (http.client.NOT_FOUND, http.client.CONFLICT):
            raise theirs.NotFound() from None
        raise


def _chunks(body: Iterable[bytes]) -> Iterator[bytes]:
    """After an early end the client asks for the rest, and is told why."""
    with _found():
        yield from body
