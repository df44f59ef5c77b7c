"""Images as objects of Swift.

Data is written as objects whose names begin with image and attempt. A static
manifest, marked with the attempt, then gives it the name of the image, which
is where bare metal services look for it; so there is never a question whose
bytes are behind a name. Where the cluster has no such manifests, the name with
the attempt remains.
"""

import collections
from collections.abc import Iterable, Iterator, Mapping, Sequence
import contextlib
import functools
import http.client
import itertools
import json
import types
import typing
import urllib.parse

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
from glance.store.drivers.swift import swift_places
from glance.store.drivers.swift import swift_tenants
from glance.store import places

_MARK = 'x-object-meta-glance-attempt'
_SEGMENTS = 'x-static-large-object'
_MANIFEST = 'x-object-manifest'
_CANNOT = (http.client.METHOD_NOT_ALLOWED, http.client.PRECONDITION_FAILED,
           http.client.REQUEST_ENTITY_TOO_LARGE)


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
        found = _head_container(connection, options.swift_store_container)
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
        if size and size >= self._store.large_object_size:
            # Announced, the driver pads its last segment in vain.
            size = None
        written = self._add(self._name(image_id, attempt), source, size,
                            self._context(context))
        if self._for_tenants:
            return written
        return self._publish(written, image_id, attempt)

    def _publish(self, written: driver.Written, image_id: str, attempt: str
                 ) -> driver.Written:
        place = self._place(written.url)
        connection = self._connection(place)
        if 'slo' not in connection.get_capabilities():
            return written
        segments, manifest = self._segments(connection, place)
        if not segments or _head(connection, place.container, image_id):
            return written
        try:
            connection.put_object(
                place.container, image_id, json.dumps(segments),
                query_string='multipart-manifest=put',
                headers={_MARK: attempt, 'If-None-Match': '*'})
        except swiftclient.ClientException as error:
            # Another attempt has just taken the name.
            if error.http_status != http.client.PRECONDITION_FAILED:
                raise
            return written
        if manifest:
            connection.delete_object(place.container, place.obj)
        url = written.url[:-len(place.obj)] + image_id
        return driver.Written(url, written.metadata)

    def _segments(self, connection: swiftclient.Connection,
                  place: location.StoreLocation
                  ) -> tuple[list[dict[str, typing.Any]], bool]:
        """What an object consists of: the driver numbers segments from 1.

        :returns: entries of a static manifest, and whether the object is a
            manifest itself
        """
        head = connection.head_object(place.container, place.obj)
        if _MANIFEST not in head:
            return [_entry(place.container, place.obj, head)], False
        found: list[dict[str, typing.Any]] = []
        while True:
            name = _segment(place.obj, len(found) + 1)
            head = _head(connection, place.container, name)
            if head is None:
                return found, True
            found.append(_entry(place.container, name, head))

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        self.demand()
        if self._for_tenants:
            # Whose account it was is not known.
            super().discard(image_id, attempt, url)
            return
        with store_errors.translated(self.id, 'discard'):
            place = self._store.create_location(self._name(image_id, attempt))
            connection = self._connection(place)
            head = _head(connection, place.container, image_id)
            if head is not None and head.get(_MARK) == attempt:
                _delete(connection, place.container, image_id)
            for name in self._left(connection, place):
                _delete(connection, place.container, name)

    @staticmethod
    def _left(connection: swiftclient.Connection, place: location.StoreLocation
              ) -> Iterator[str]:
        """What an attempt has written: the list of a container may lack what
        is young, so names that follow from others are tried, too.
        """
        try:
            found = connection.get_container(
                place.container, prefix=place.obj, full_listing=True)[1]
        except swiftclient.ClientException as error:
            if error.http_status != http.client.NOT_FOUND:
                raise
            return
        listed = {entry['name'] for entry in found
                  if entry['name'].startswith(place.obj + '-')}
        yield from listed
        yield place.obj
        for number in itertools.count(1):
            name = _segment(place.obj, number)
            if name in listed:
                continue
            if _head(connection, place.container, name) is None:
                return
            yield name

    def list(self) -> Iterator[driver.Found] | None:
        return self._list() if self._has_one_container else None

    def _list(self) -> Iterator[driver.Found]:
        with store_errors.translated(self.id, 'list'):
            place = self._store.create_location('')
            connection = self._connection(place)
            for one in swift_list.read(
                    _entries(connection, place.container),
                    lambda name: self._names(connection, place, name)):
                yield driver.Found(
                    one.image_id, one.attempt,
                    one.name and self._url(place, one.name), one.size,
                    one.changed)

    @staticmethod
    def _names(connection: swiftclient.Connection,
               place: location.StoreLocation, name: str) -> Sequence[str]:
        """:returns: what the object of a name consists of, if it is there"""
        place.obj = name
        if _head(connection, place.container, name) is None:
            return ()
        return [path.partition('/')[2]
                for path in _pieces(connection, place)]

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
        except _CannotCopy:
            return None

    def _copy(self, origin: location.StoreLocation, image_id: str, attempt: str
              ) -> driver.Written:
        place = self._store.create_location(self._name(image_id, attempt))
        connection = self._connection(place)
        self._store._create_container_if_missing(place.container, connection)
        pieces = _pieces(connection, origin)
        for number, path in enumerate(pieces, 1):
            name = place.obj
            if len(pieces) > 1:
                name += '-%05d' % number
            _copy_object(connection, path, place.container, name)
        if len(pieces) > 1:
            connection.put_object(place.container, place.obj, b'', headers={
                'X-Object-Manifest': '%s/%s-' % (place.container, place.obj)})
        written = driver.Written(self._url(place, place.obj),
                                 dict(self.metadata))
        return self._publish(written, image_id, attempt)

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
        head = _head(self._connection(place, context), place.container,
                     place.obj)
        if head is None:
            raise theirs.NotFound()
        return int(head['content-length'])

    def _delete(self, place: location.Location, context: contexts.Caller | None
                ) -> None:
        super()._delete(place, self._context(context))


class _CannotCopy(theirs.BackendException):
    """The cluster does not copy, or not this."""


def _entries(connection: swiftclient.Connection, container: str
             ) -> Iterator[swift_list.Entry]:
    marker = ''
    while True:
        try:
            found = connection.get_container(container, marker=marker)[1]
        except swiftclient.ClientException as error:
            if error.http_status != http.client.NOT_FOUND:
                raise
            return
        if not found:
            return
        yield from found
        marker = found[-1]['name']


def _pieces(connection: swiftclient.Connection, place: location.StoreLocation
            ) -> Sequence[str]:
    """:returns: paths of the objects that an image consists of"""
    head = connection.head_object(place.container, place.obj)
    if head.get(_SEGMENTS, '').lower() == 'true':
        _head_again, body = connection.get_object(
            place.container, place.obj,
            query_string='multipart-manifest=get')
        return [entry['name'].lstrip('/') for entry in json.loads(body)]
    if _MANIFEST not in head:
        return ['%s/%s' % (place.container, place.obj)]
    container, prefix = urllib.parse.unquote(head[_MANIFEST]).split('/', 1)
    found = connection.get_container(container, prefix=prefix,
                                     full_listing=True)[1]
    return ['%s/%s' % (container, entry['name']) for entry in found]


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


def _copy_object(connection: swiftclient.Connection, path: str, container: str,
                 name: str) -> None:
    try:
        connection.copy_object(*path.split('/', 1),
                               '/%s/%s' % (container, name),
                               headers={'X-Fresh-Metadata': 'true'})
    except swiftclient.ClientException as error:
        if error.http_status in _CANNOT:
            raise _CannotCopy() from None
        raise


def _segment(name: str, number: int) -> str:
    """:returns: what the driver calls a part of an object"""
    return '%s-%05d' % (name, number)


def _entry(container: str, name: str, head: Mapping[str, str]
           ) -> dict[str, typing.Any]:
    return {'path': '/%s/%s' % (container, name), 'etag': head['etag'],
            'size_bytes': int(head['content-length'])}


def _head(connection: swiftclient.Connection, container: str, name: str
          ) -> dict[str, str] | None:
    try:
        return connection.head_object(container, name)
    except swiftclient.ClientException as error:
        if error.http_status == http.client.NOT_FOUND:
            return None
        raise


def _head_container(connection: swiftclient.Connection, container: str
                    ) -> bool:
    """:returns: whether it is there"""
    try:
        connection.head_container(container)
    except swiftclient.ClientException as error:
        if error.http_status != http.client.NOT_FOUND:
            raise
        return False
    return True


def _delete(connection: swiftclient.Connection, container: str, name: str
            ) -> None:
    try:
        connection.delete_object(container, name)
    except swiftclient.ClientException as error:
        if error.http_status != http.client.NOT_FOUND:
            raise
