"""Every other kind of store, through the drivers of glance_store.

A driver of glance_store decides by itself what it leaves in a store under
which names. The modules beside this one know that for the kinds that matter;
they write under names that hold the attempt, and so find what an attempt that
was killed has left. Of any other kind only data with a known URL is removed.
"""

from collections.abc import Callable, Iterable, Iterator
import re
import time
import typing

import glance_store
from glance_store import capabilities
from glance_store import driver as their_driver
from glance_store import location
from oslo_config import cfg
from oslo_log import log
from oslo_utils import units
from stevedore import driver as stevedore_driver

from glance.common import context as contexts
from glance.common import exceptions
from glance.metrics import counters
from glance.store import driver
from glance.store.drivers import store_errors
from glance.store import places

LOG = log.getLogger(__name__)

NAMESPACE = 'glance_store.drivers'
CHUNK = units.Mi
# Their drivers may name what they like; only nothing goes another way.
_SEGMENT = re.compile(r'(?!\.)[A-Za-z0-9_.~:?@=&+,;-]+', re.ASCII)
_PATIENCE = 10      # seconds between looks at a store with a problem

_Args = typing.TypeVarTuple('_Args')
_Kept = typing.TypeVar('_Kept')


class Reader(driver.Reader):
    """What a driver's `get` gives, cut to the range that was asked for.

    :param close: frees what is behind the chunks; None if they can do so
    """

    def __init__(self, store_id: str, chunks: Iterable[bytes], skip: int,
                 length: int | None, close: Callable[[], object] | None = None
                 ) -> None:
        self._store_id = store_id
        self._chunks = chunks
        self._skip = skip
        self._close = close
        self.length = length

    def __iter__(self) -> Iterator[bytes]:
        skip, left = self._skip, self.length
        with store_errors.translated(self._store_id, 'open'):
            for chunk in self._chunks:
                if skip >= len(chunk):
                    skip -= len(chunk)
                    continue
                chunk, skip = chunk[skip:], 0
                if left is not None:
                    chunk = chunk[:left]
                    left -= len(chunk)
                yield chunk
                if left == 0:
                    return

    def close(self) -> None:
        inner = getattr(self._chunks, 'wrapped', self._chunks)
        close = self._close or getattr(inner, 'close', None)
        if close is not None:
            close()


class Driver(driver.Driver):
    """:param store_type: entry point in glance_store's group of drivers
    :param conf: the global CONF; drivers read their section of it
    """

    def __init__(self, store_id: str, store_type: str, conf: cfg.ConfigOpts,
                 named: bool = True, **kwargs: typing.Any) -> None:
        super().__init__(store_id, named=named, **kwargs)
        self.type = store_type
        self._conf = conf
        self._group = store_id if named else None
        self._store = self._load(store_type)
        self.schemes = tuple(self._store.get_schemes())
        self._register()
        for module in (type(self._store).__module__, their_driver.__name__):
            store_errors.hide_details(module)
        store_errors.hide_requests()
        self._configure()
        if self._store.READ_CHUNKSIZE == glance_store.Store.READ_CHUNKSIZE:
            self._store.READ_CHUNKSIZE = CHUNK

    def _load(self, store_type: str) -> glance_store.Store:
        plugin = stevedore_driver.DriverManager(
            NAMESPACE, store_type, invoke_on_load=False).driver
        # Not every driver does so before it reads them.
        for group in (self._group or 'glance_store',
                      their_driver.SHARED_CONF_GROUP):
            self._conf.register_opts(plugin.OPTIONS or (), group=group)
        args = [self._conf] + ([self._group] if self._group else [])
        try:
            return plugin(*args)
        except glance_store.BadStoreConfiguration as error:
            raise ValueError(store_errors.reason(error)) from None

    def _configure(self) -> None:
        """Let the driver read its options; it may connect to its store."""
        self._away = self._is_wrong = False
        self._looked = time.monotonic()
        try:
            self._store.configure(re_raise_bsc=True)
            self.problem = self._find_problem()
        except Exception as error:
            self.problem = store_errors.reason(error)
            self._is_wrong = store_errors.is_mistake(error)
            self._away = not self._is_wrong
        if self.problem:
            LOG.error('Store %(id)s cannot be used as it is: %(problem)s',
                      {'id': self.id, 'problem': self.problem})

    def _find_problem(self) -> str | None:
        """:returns: what the driver does not see itself, None if nothing"""

    def check(self) -> None:
        self.demand()
        try:
            self._ask(max(1, self._conf.health.timeout))
        except Exception as error:
            # Whoever asks, asks again soon: the log would be full of it.
            LOG.debug('Store %(id)s does not answer: %(name)s',
                      {'id': self.id, 'name': type(error).__name__})
            counters.STORE_ERRORS.labels(self.id, 'check').inc()
            raise exceptions.StoreUnavailable() from None

    def _ask(self, timeout: float) -> None:
        """One cheap round trip, where the kind has one.

        :param timeout: seconds that each step of it may take
        :raises Exception: the store cannot be used
        """

    def demand(self) -> None:
        """Look anew, now and then: what was away may be back.

        :raises StoreUnavailable: it has not answered since we started
        """
        if self._away and time.monotonic() > self._looked + _PATIENCE:
            self._configure()
        if self._away:
            raise exceptions.StoreUnavailable()

    def _register(self) -> None:
        """Drivers find each other's location classes in these maps."""
        entry = {'store': self._store, 'store_entry': self.type,
                 'location_class': self._store.get_store_location_class()}
        if self._group:
            location.register_scheme_backend_map(
                {scheme: {self._group: entry} for scheme in self.schemes})
        else:
            location.register_scheme_map(
                {scheme: entry for scheme in self.schemes})

    @property
    def read_only(self) -> bool:
        return self._is_wrong or not self._is_capable(
            capabilities.BitMasks.WRITE_ACCESS)

    def _is_capable(self, mask: capabilities.BitMasks) -> bool:
        return self._store.is_capable(mask)

    def find_place(self, url: str) -> places.Place:
        """All that is known of the URLs of a kind is how they begin."""
        prefix = self._store.url_prefix or ''
        scheme, _colon, rest = url.partition('://')
        if scheme not in self.schemes or not all(
                map(_SEGMENT.fullmatch, rest.removeprefix('/').split('/'))):
            raise exceptions.BadLocation()
        if '://' in prefix and (not url.startswith(prefix) or (
                prefix[-1].isalnum() and url[len(prefix):][:1] != '/')):
            raise exceptions.BadLocation()
        folder, _slash, name = rest.rpartition('/')
        return places.named((scheme, folder), name, url)

    def _known(self, name: str) -> typing.Any:
        """What the driver has read from its options.

        :raises StoreUnavailable: it has not got so far
        """
        value = getattr(self._store, name, None)
        if value is None:
            raise exceptions.StoreUnavailable()
        return value

    def _location(self, url: str) -> location.Location:
        """The location of a library, of a URL that has a place here."""
        return self._theirs(self.place(url).url or url)

    def _theirs(self, url: str) -> location.Location:
        if self._group:
            return location.get_location_from_uri_and_backend(
                url, self._group, conf=self._conf)
        return location.get_location_from_uri(url, conf=self._conf)

    def _place(self, url: str) -> location.StoreLocation:
        """:returns: the parts of the URL as attributes, like `_location`"""
        return self._location(url).store_location

    @staticmethod
    def _name(image_id: str, attempt: str) -> str:
        return '%s-%s' % (image_id, attempt)

    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> driver.Written:
        self.demand()
        if self.read_only:
            raise exceptions.Gone('The store takes no data.')
        return self._kept(image_id, attempt, self._write, image_id, attempt,
                          source, size, context)

    def _kept(self, image_id: str, attempt: str, fn: Callable[[*_Args], _Kept],
              *args: *_Args) -> _Kept:
        """Call what stores something; nothing stays if it fails."""
        try:
            with store_errors.translated(self.id, 'write'):
                return fn(*args)
        except exceptions.Duplicate:
            raise
        except BaseException:
            self.discard_failed(image_id, attempt)
            raise

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        try:
            return self._add(image_id, source, size, context)
        except glance_store.Duplicate:
            # An earlier attempt left something under the plain name. Where
            # the driver finds out late, the data it has read is gone.
            if source.is_begun:
                raise exceptions.StoreUnavailable() from None
            return self._add(self._name(image_id, attempt), source, size,
                             context)

    def _add(self, name: str, source: driver.Source, size: int | None,
             context: contexts.Caller | None,
             store: glance_store.Store | None = None) -> driver.Written:
        # The driver insists on a digest; ours is made elsewhere, so take
        # the cheapest.
        url, _size, _md5, _digest, metadata = (store or self._store).add(
            name, source, size or 0, 'sha1', context=context)
        return driver.Written(url, dict(metadata or {}, **self.metadata))

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        """Without the URL nothing can be told from newer attempts' data."""
        if url is not None:
            self.delete(url)

    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> driver.Reader:
        with store_errors.translated(self.id, 'open'):
            return self._open(self._location(url), offset, length, context)

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> driver.Reader:
        if (offset or length is not None) and self._is_capable(
                capabilities.BitMasks.READ_RANDOM):
            return self._open_range(place, offset, length, context)
        chunks, size = self._store.get(place, context=context)
        return Reader(self.id, chunks, offset,
                      cut(size, offset, length) if size else length)

    def _open_range(self, place: location.Location, offset: int,
                    length: int | None, context: contexts.Caller | None
                    ) -> driver.Reader:
        length = cut(self._store.get_size(place, context=context), offset,
                     length)
        chunks = ()
        if length:
            chunks, _size = self._store.get(
                place, offset=offset, chunk_size=length, context=context)
        return Reader(self.id, chunks, 0, length)

    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        with store_errors.translated(self.id, 'size'):
            return self._size(self._location(url), context)

    def _size(self, place: location.Location, context: contexts.Caller | None
              ) -> int:
        return self._store.get_size(place, context=context)

    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        with store_errors.translated(self.id, 'delete'):
            place = self._location(url)
        try:
            with store_errors.translated(self.id, 'delete'):
                self._delete(place, context)
        except exceptions.NotFound:
            pass

    def _delete(self, place: location.Location, context: contexts.Caller | None
                ) -> None:
        self._store.delete(place, context=context)


def cut(size: int, offset: int, length: int | None) -> int:
    """:returns: bytes of the range that exist"""
    left = max(0, size - offset)
    return left if length is None else min(length, left)
