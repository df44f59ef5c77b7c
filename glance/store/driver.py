"""The contract of a store driver.

A driver keeps the bytes of images under URLs that only this service sees. All
methods may block: callers run them in native threads. Errors are classes of
`glance.common.exceptions` whose messages name no URL, path or credential.

`attempt` tells apart the attempts at writing one image: a text of letters,
digits and dashes, unique for each attempt and never used again.
"""

import abc
import typing

from oslo_log import log

from glance.common import exceptions
from glance.store import places

LOG = log.getLogger(__name__)


class Written(typing.NamedTuple):
    """:param url: where the data is now
    :param metadata: JSON-able dict kept beside the URL; `store` holds the id
    """

    url: str
    metadata: dict


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


class Reader(abc.ABC):
    """The bytes of one image, or a range of them, read once.

    `length` is how many bytes will come, or None when nobody knows. A reader
    of a local file has a `fileno()`, an `offset` and a `length`, so that the
    kernel can send the file. `store_id` is set by whoever chose the store.
    """

    length = store_id = None

    @abc.abstractmethod
    def __iter__(self):
        """Chunks of 256 KiB or more, the last one may be shorter."""

    @abc.abstractmethod
    def close(self):
        """Free what is held; may be called twice."""


class Driver(abc.ABC):
    """A store.

    :param store_id: id in the configuration
    :param weight: larger is preferred when an image is in several stores
    :param named: the locations of this store carry its id; not so where the
        configuration knows stores by type only
    :ivar problem: why the store cannot be used as it is configured, for
        administrators; None if it can
    """

    type = None                # as in `enabled_backends`
    schemes = ()               # of the URLs, lower case
    read_only = False
    problem = None
    # Whether the store judges by itself who may read: see `set_readers`.
    has_readers = False
    # Beginnings of URLs that are of this store, too: [DEFAULT]
    # former_locations.
    former = ()
    # What stands before the name in its URLs.
    before_name = '/'
    # Options of its type that it does not need: {name: reason}.
    IDLE = {}
    # Options beside those that glance_store declares for this type.
    EXTRA = ()

    def __init__(self, store_id, weight=0, description=None,
                 named=True):
        self.id = store_id
        self.weight = weight
        self.description = description
        self.metadata = {'store': store_id} if named else {}

    @abc.abstractmethod
    def write(self, image_id, attempt, source, size=None, context=None):
        """Store everything `source` gives.

        When `source` raises, nothing written stays and its error goes on.

        :param source: `next_buffer()` gives a memoryview of up to 256 KiB
            that is valid until the next call, empty at the end; `read(n)`
            gives bytes, for drivers that want a file
        :param size: bytes to come, None if unknown
        :param context: the caller's RequestContext, where stores need it
        :returns: Written
        :raises StorageFull: no room left
        :raises Gone: the store takes no data
        :raises Duplicate: this attempt was written before
        :raises StoreUnavailable: the store fails or refuses to write
        """

    def clone(self, url, image_id, attempt, context=None):
        """Store a copy of data that is in this store, without reading it.

        The copy may share bytes with the original as long as neither changes.
        The result is as that of `write`, and is settled or discarded alike.

        :returns: Written; None when the store cannot do so
        :raises: as `write` and `open`
        """
        return None

    def copy(self, source, url, image_id, attempt, context=None):
        """Store a copy of data that is in another store, without reading it.

        The copy has bytes of its own.

        :param source: a driver of the same class, the data is in its store
        :returns: as `clone`
        """
        return None

    def settle(self, image_id, attempt):
        """The location is recorded: the data of `attempt` is there to stay.

        After this `discard` of the same attempt does nothing, where the
        store can note that; nobody calls it for recorded locations. Before,
        the data can be read already.
        """

    def discard(self, image_id, attempt, url=None):
        """Remove what an attempt that never succeeded has left.

        Harmless for attempts that left nothing, and for newer attempts.

        :param url: what `write` returned, if it did return
        """

    def discard_failed(self, image_id, attempt):
        """As `discard`, after a failed write: what made that fail is what
        the caller has to know, so this raises nothing.
        """
        try:
            self.discard(image_id, attempt)
        except exceptions.GlanceError as error:
            LOG.error('Store %(id)s: what a failed write left was not '
                      'removed: %(error)s', {'id': self.id, 'error': error})

    @abc.abstractmethod
    def open(self, url, offset=0, length=None, context=None):
        """:param length: bytes wanted, None for all that follow `offset`
        :returns: Reader
        :raises NotFound: no data there
        :raises StoreUnavailable: the store fails
        """

    @abc.abstractmethod
    def size(self, url, context=None):
        """:returns: bytes stored under `url`; raises as `open`"""

    @abc.abstractmethod
    def delete(self, url, context=None):
        """Remove the data; data already gone is no error.

        :raises InUseByStore: the store refuses, for instance for a clone
        :raises Forbidden: the store allows no deletion
        :raises StoreUnavailable: the store fails
        """

    def check_unused(self, url, context=None):
        """Find out whether `delete` would be refused, and change nothing.

        Somebody waits for the answer: it comes within seconds. Stores that
        never need the data of one object for another one say nothing.

        :raises InUseByStore: as things are it would
        :raises StoreUnavailable: the store cannot tell
        """

    def set_readers(self, url, projects):
        """Let projects read the data with tokens of their own.

        :param projects: their ids; None for all who have a token
        :raises NotFound: no data there
        :raises StoreUnavailable: the store fails
        """

    def list(self):
        """All objects that may be ours, settled or not.

        :returns: iterator of Found; None when the store cannot tell
        :raises StoreUnavailable: the store fails, also while iterating
        """
        return None

    def drop(self, found):
        """Remove an object that belongs to nobody, if it is still the same.

        :param found: as `list` gave it
        :raises: as `delete`
        """
        if found.attempt is not None:
            self.discard(found.image_id, found.attempt, found.url)
        else:
            self.delete(found.url)

    def place(self, url):
        """Read the URL of a location: no other way leads from it to data.

        Every method here that takes a URL asks first. What neither this
        store nor one of an older release writes is refused: a query, a dot
        segment, an empty or encoded one, one too many, a user, another host
        or folder, another spelling of the scheme.

        :returns: `glance.store.places.Place`
        :raises BadLocation:
        :raises StoreUnavailable: the store cannot tell what is its own
        """
        for prefix in self.former:
            if url.startswith(prefix):
                return places.former(prefix, url)
        return self.find_place(url)

    @abc.abstractmethod
    def find_place(self, url):
        """As `place`, of what is written under the present configuration."""

    @property
    def strict(self):
        """The store, for data that is being added and not recorded yet: it
        judges URLs as those that users name now.
        """
        return self

    def refuses(self, url):
        """:returns: whether an option of the store, or a rule of it, keeps
            a recorded location from being read; it may block
        """
        return False

    def is_same(self, url, other):
        """:returns: whether two URLs name the same data of this store"""
        return self.owns(url) and self.owns(other) and (
            self.place(url) == self.place(other))

    def names(self, url):
        """:returns: what results of tasks call the data there, those of former
            releases included, which took what follows the last slash
        """
        return {self.place(url).name, url.rpartition('/')[2]}

    def owns(self, url):
        """:returns: whether `url` points into this store"""
        try:
            self.place(url)
        except (exceptions.BadLocation, exceptions.StoreUnavailable):
            return False
        return True

    def details(self):
        """:returns: {name: value} that administrators want to know of the
        store beside its options
        """
        return {}

    def check(self):
        """Look whether the store can be used, now and by a small request.

        Many ask, and often. It gives up by itself within seconds, so that
        the next look can tell that the store is back.

        :raises StoreUnavailable: it can not
        """
