"""The bytes of an image on their way into Swift.

The driver of glance_store sends one segment after the other, and makes two
hashes of its own, where ours are made already.
"""

from collections.abc import Iterator
import http.client
import itertools
import typing

import glance_store
from glance_store import location
import swiftclient

from glance.common import concurrency
from glance.store import driver
from glance.store.drivers import parts
from glance.store.drivers.swift import swift_objects

# Segments on their way at a time, and bytes of one where that is few enough.
_PLACES = 4
_PIECE = 16 << 20
# Where the size is unknown: after how many segments they grow, and how far.
_STEP = 50
_LARGEST = 64 << 20
# What one upload takes when it needs large segments.
_MEMORY = 256 << 20


class Lengths(typing.NamedTuple):
    """How data is cut.

    :param first: bytes of the first segment
    :param largest: bytes of any
    :param places: segments on their way at a time
    """

    first: int
    largest: int
    places: int


def lengths(configured: int, size: int | None, most: int) -> Lengths:
    """Segments are in memory, so they are no larger than they need to be.

    :param configured: bytes of a segment at most
    :param size: of the data, None if unknown
    :param most: segments that a manifest can have
    """
    first = min(configured, max(_PIECE, -(-(size or 0) // most)))
    largest = first if size is not None else min(
        configured, max(first, _LARGEST))
    return Lengths(first, largest, min(_PLACES, _MEMORY // first) or 1)


class _Whole:
    """Data that is read once, in the buffers of its source.

    swiftclient asks for 16 KiB, and takes what it gets.
    """

    def __init__(self, source: driver.Source) -> None:
        self._source = source

    def read(self, size: int) -> memoryview:
        return self._source.next_buffer()


class _Part:
    """Data that is read at once, and again when it is sent again."""

    def __init__(self, data: bytearray) -> None:
        self._data, self._left = data, True

    def __len__(self) -> int:
        return len(self._data)

    def read(self, size: int) -> bytearray:
        left, self._left = self._left, False
        return self._data if left else bytearray()

    def tell(self) -> int:
        return 0

    def seek(self, offset: int) -> None:
        self._left = True


def put_whole(connection: swiftclient.Connection,
              place: location.StoreLocation, source: driver.Source, size: int
              ) -> list[swift_objects.Entry]:
    """Store all that a source gives as one object.

    :param size: bytes to come
    """
    data = _Whole(source) if size else b''
    etag = connection.put_object(place.container, place.obj, data, size)
    return [swift_objects.entry(place.container, place.obj, etag, size)]


def put_segments(store: glance_store.Store, manager: typing.Any,
                 place: location.StoreLocation, source: driver.Source,
                 cut: Lengths) -> list[swift_objects.Entry]:
    """Store all that a source gives as objects named after a place.

    :param manager: of glance_store, has tokens for long uploads
    :returns: what a manifest says of them; nothing where nothing came
    """
    found: dict[int, swift_objects.Entry] = {}

    def put(sender: _Sender, number: int, piece: bytearray) -> None:
        name = swift_objects.segment(place.obj, number)
        etag = sender.connection().put_object(
            place.container, name, _Part(piece), len(piece))
        found[number] = swift_objects.entry(place.container, name, etag,
                                            len(piece))

    tokens = _Tokens(store, manager)
    parts.send(source, parts.sizes(cut.first, _STEP, cut.largest), cut.places,
               lambda: _Sender(tokens), put)
    return [one for _number, one in sorted(found.items())]


class _Tokens:
    """What long uploads need new ones of; for several threads.

    :param manager: made for one thread
    """

    def __init__(self, store: glance_store.Store, manager: typing.Any) -> None:
        self._store, self._manager = store, manager
        self._lock = concurrency.native.threading.Lock()

    def token(self) -> str:
        """:returns: one that lasts for a while"""
        with self._lock:
            return self._manager.get_connection().token

    def connect(self, token: str) -> swiftclient.Connection:
        return self._store.get_store_connection(token,
                                                self._manager.storage_url)


class _Sender:
    """The connection of one thread."""

    def __init__(self, tokens: _Tokens) -> None:
        self._tokens = tokens
        self._token: str | None = None

    def connection(self) -> swiftclient.Connection:
        token = self._tokens.token()
        if token != self._token:
            self._connection = self._tokens.connect(token)
            self._token = token
        return self._connection


def names(connection: swiftclient.Connection, container: str, name: str
          ) -> Iterator[str]:
    """What an attempt has written, under a name and those of its segments.

    The list of a container may lack what is young, so names that follow from
    others are tried, too: between two segments, as many may be missing as were
    on their way.
    """
    try:
        found = connection.get_container(container, prefix=name,
                                         full_listing=True)[1]
    except swiftclient.ClientException as error:
        if error.http_status != http.client.NOT_FOUND:
            raise
        return
    listed = {entry['name'] for entry in found
              if entry['name'].startswith(name + '-')}
    yield from listed
    yield name
    missing = 0
    for number in itertools.count(1):
        one = swift_objects.segment(name, number)
        if one not in listed:
            if swift_objects.head(connection, container, one) is None:
                missing += 1
                if missing == _PLACES:
                    return
                continue
            yield one
        missing = 0
