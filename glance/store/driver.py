"""The contract of a store driver.

A driver keeps the bytes of images under URLs that only this service sees. All
methods may block: callers run them in native threads. Errors are classes of
`glance.common.exceptions` whose messages name no URL, path or credential.

`attempt` tells apart the attempts at writing one image: a text of letters,
digits and dashes, unique for each attempt and never used again.
"""

import abc
from collections.abc import Iterator, Mapping, Sequence
import typing

from oslo_config import cfg
from oslo_log import log

from glance.common import context as contexts
from glance.common import exceptions
from glance.store import breaker
from glance.store import places

LOG = log.getLogger(__name__)


class Written(typing.NamedTuple):
    """:param url: where the data is now
    :param metadata: JSON-able, kept beside the URL; `store` holds the id
    """

    url: str
    metadata: dict[str, typing.Any]


class Found(typing.NamedTuple):
    """An object that `Driver.list` has come across.

    :param image_id: of the image, or of the task, that it is named after
    :param attempt: that has written it and is not settled; None for whole
        data
    :param url: of the data; None where an attempt has not got so far
    :param size: bytes
    :param changed: seconds since the epoch
    :param version: tells it from another one of the same name
    """

    image_id: str
    attempt: str | None
    url: str | None
    size: int
    changed: float
    version: object = None

    @property
    def whole_url(self) -> str:
        """:raises ValueError: an attempt has not got so far"""
        if self.url is None:
            raise ValueError('This object is no whole data.')
        return self.url


class Source(typing.Protocol):
    """What a store takes the bytes of one image from.

    It raises what the transfer fails with, at any time: the client is gone,
    or the data is refused.

    :ivar is_begun: whether it was read as a file
    """

    is_begun: bool

    def next_buffer(self) -> memoryview:
        """:returns: up to 256 KiB, valid until the next call; empty at the
            end
        """

    def read(self, size: int = -1) -> bytes:
        """As of a file, for drivers that want one.

        :param size: bytes wanted; negative for all
        :returns: fewer where fewer are at hand, b'' at the end
        """


class LocalFile(typing.Protocol):
    """A `Reader` of a file, or a range of it, which the kernel can send."""

    offset: int     # where the range begins, bytes
    length: int     # of the range, bytes

    def fileno(self) -> int:
        """An open descriptor, until the reader is closed."""


class Reader(abc.ABC):
    """The bytes of one image, or a range of them, read once.

    That of a local file is a `LocalFile` as well. `store_id` is set by
    whoever chose the store.

    :ivar length: bytes that will come, None when nobody knows
    """

    length: int | None = None
    store_id: str | None = None

    @abc.abstractmethod
    def __iter__(self) -> Iterator[bytes]:
        """Chunks of 256 KiB or more, the last one may be shorter."""

    @abc.abstractmethod
    def close(self) -> None:
        """Free what is held; may be called twice."""


class Driver(abc.ABC):
    """A store.

    Its class takes `values` as well, after `store_id`: an object with the
    options of the store by name.

    :param store_id: id in the configuration
    :param weight: larger is preferred when an image is in several stores
    :param named: the locations of this store carry its id; not so where the
        configuration knows stores by type only
    :ivar problem: why the store cannot be used as it is configured, for
        administrators; None if it can
    :ivar breaker: for those who write and open
    """

    type: str | None = None             # as in `enabled_backends`
    schemes: tuple[str, ...] = ()       # of the URLs, lower case
    problem: str | None = None
    # Beginnings of URLs that are of this store, too: [DEFAULT]
    # former_locations.
    former: tuple[str, ...] = ()
    # What stands before the name in its URLs.
    before_name = '/'
    # Options of its type that it does not need: {name: reason}.
    IDLE: Mapping[str, str] = {}
    # Its options; None for those that glance_store declares for this type,
    # with EXTRA.
    OPTIONS: Sequence[cfg.Opt] | None = None
    EXTRA: Sequence[cfg.Opt] = ()

    def __init__(self, store_id: str, weight: int = 0,
                 description: str | None = None, named: bool = True) -> None:
        self.id = store_id
        self.weight = weight
        self.description = description
        self.metadata = {'store': store_id} if named else {}
        self.breaker = breaker.Breaker(store_id, self.check)

    @property
    def read_only(self) -> bool:
        """Whether it takes no data."""
        return False

    @property
    def has_readers(self) -> bool:
        """Whether it judges by itself who may read: see `set_readers`."""
        return False

    @abc.abstractmethod
    def write(self, image_id: str, attempt: str, source: Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> Written:
        """Store everything `source` gives.

        When `source` raises, nothing written stays and its error goes on.

        :param size: bytes to come, None if unknown
        :param context: of the caller, where stores need it
        :raises StorageFull: no room left
        :raises Gone: the store takes no data
        :raises Duplicate: this attempt was written before
        :raises StoreUnavailable: the store fails or refuses to write
        """

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> Written | None:
        """Store a copy of data that is in this store, without reading it.

        The copy may share bytes with the original as long as neither changes.
        The result is as that of `write`, and is settled or discarded alike.

        :returns: None when the store cannot do so
        :raises: as `write` and `open`
        """
        return None

    def copy(self, source: typing.Self, url: str, image_id: str, attempt: str,
             context: contexts.Caller | None = None) -> Written | None:
        """Store a copy of data that is in another store, without reading it.

        The copy has bytes of its own.

        :param source: a driver of the same class, the data is in its store
        :returns: as `clone`
        """
        return None

    def settle(self, image_id: str, attempt: str) -> None:
        """The location is recorded: the data of `attempt` is there to stay.

        After this `discard` of the same attempt does nothing, where the
        store can note that; nobody calls it for recorded locations. Before,
        the data can be read already.
        """

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        """Remove what an attempt that never succeeded has left.

        Harmless for attempts that left nothing, and for newer attempts.

        :param url: what `write` returned, if it did return
        """

    def discard_failed(self, image_id: str, attempt: str) -> None:
        """As `discard`, after a failed write: what made that fail is what
        the caller has to know, so this raises nothing.
        """
        try:
            self.discard(image_id, attempt)
        except exceptions.GlanceError as error:
            LOG.error('Store %(id)s: what a failed write left was not '
                      'removed: %(error)s', {'id': self.id, 'error': error})

    @abc.abstractmethod
    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> Reader:
        """:param offset: bytes to leave out
        :param length: bytes wanted, None for all that follow `offset`
        :raises NotFound: no data there
        :raises StoreUnavailable: the store fails
        """

    @abc.abstractmethod
    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        """:returns: bytes stored under `url`; raises as `open`"""

    @abc.abstractmethod
    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        """Remove the data; data already gone is no error.

        :raises InUseByStore: the store refuses, for instance for a clone
        :raises Forbidden: the store allows no deletion
        :raises StoreUnavailable: the store fails
        """

    def check_unused(self, url: str, context: contexts.Caller | None = None
                     ) -> None:
        """Find out whether `delete` would be refused, and change nothing.

        Somebody waits for the answer: it comes within seconds. Stores that
        never need the data of one object for another one say nothing.

        :raises InUseByStore: as things are it would
        :raises StoreUnavailable: the store cannot tell
        """

    def set_readers(self, url: str, projects: Sequence[str] | None) -> None:
        """Let projects read the data with tokens of their own.

        :param projects: their ids; None for all who have a token
        :raises NotFound: no data there
        :raises StoreUnavailable: the store fails
        """

    def list(self) -> Iterator[Found] | None:
        """All objects that may be ours, settled or not.

        :returns: None when the store cannot tell
        :raises StoreUnavailable: the store fails, also while iterating
        """
        return None

    def drop(self, found: Found) -> None:
        """Remove an object that belongs to nobody, if it is still the same.

        :param found: as `list` gave it
        :raises: as `delete`
        """
        if found.attempt is not None:
            self.discard(found.image_id, found.attempt, found.url)
        else:
            self.delete(found.whole_url)

    def place(self, url: str) -> places.Place:
        """Read the URL of a location: no other way leads from it to data.

        Every method here that takes a URL asks first. What neither this
        store nor one of an older release writes is refused: a query, a dot
        segment, an empty or encoded one, one too many, a user, another host
        or folder, another spelling of the scheme.

        :raises BadLocation: neither has written it
        :raises StoreUnavailable: the store cannot tell what is its own
        """
        for prefix in self.former:
            if url.startswith(prefix):
                return places.former(prefix, url)
        return self.find_place(url)

    def is_former(self, url: str) -> bool:
        """:returns: whether it is of an earlier configuration"""
        return url.startswith(self.former)

    @abc.abstractmethod
    def find_place(self, url: str) -> places.Place:
        """As `place`, of what is written under the present configuration."""

    @property
    def strict(self) -> typing.Self:
        """The store, for data that is being added and not recorded yet: it
        judges URLs as those that users name now.
        """
        return self

    def refuses(self, url: str) -> bool:
        """:returns: whether an option of the store, or a rule of it, keeps
            a recorded location from being read; it may block
        """
        return False

    def is_same(self, url: str, other: str) -> bool:
        """:returns: whether two URLs name the same data of this store"""
        return self.owns(url) and self.owns(other) and (
            self.place(url) == self.place(other))

    def may_be_same(self, url: str, other: str) -> bool:
        """:returns: as `is_same`; also where only one is of an earlier
            configuration: the store may just have got another address
        """
        return self.is_same(url, other) or (
            self.is_former(url) != self.is_former(other)
            and self.owns(url) and self.owns(other)
            and self.place(url).name == self.place(other).name)

    def names(self, url: str) -> set[str]:
        """:returns: what results of tasks call the data there, those of former
            releases included, which took what follows the last slash
        """
        return {self.place(url).name, url.rpartition('/')[2]}

    def owns(self, url: str) -> bool:
        """:returns: whether `url` points into this store"""
        try:
            self.place(url)
        except (exceptions.BadLocation, exceptions.StoreUnavailable):
            return False
        return True

    def details(self) -> dict[str, str | None]:
        """:returns: {name: value} that administrators want to know of the
        store beside its options
        """
        return {'problem': self.problem} if self.problem else {}

    def check(self) -> None:
        """Look whether the store can be used, now and by a small request.

        Many ask, and often. It gives up by itself within seconds, so that
        the next look can tell that the store is back.

        :raises StoreUnavailable: it can not
        """

    def free_space(self) -> int | None:
        """:returns: bytes that can still be written, None where the store
            does not tell
        :raises StoreUnavailable: the store fails
        """
        return None

    def clock_ahead(self) -> float | None:
        """:returns: seconds by which the store's clock is ahead of ours, None
            where it does not matter or nobody knows
        :raises StoreUnavailable: the store fails
        """
        return None
