"""Every other kind of store, through the drivers of glance_store."""

import glance_store
from glance_store import capabilities
from glance_store import location
from oslo_utils import units
from stevedore import driver as stevedore_driver

from glance.common import exceptions
from glance.store import driver
from glance.store.drivers import store_errors

NAMESPACE = 'glance_store.drivers'
_CHUNK = units.Mi


class Reader(driver.Reader):
    """What a driver's `get` gives, cut to the range that was asked for."""

    def __init__(self, store_id, chunks, skip, length):
        self._store_id = store_id
        self._chunks = chunks
        self._skip = skip
        self.length = length

    def __iter__(self):
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

    def close(self):
        inner = getattr(self._chunks, 'wrapped', self._chunks)
        close = getattr(inner, 'close', None)
        if close is not None:
            close()


class Driver(driver.Driver):
    """:param store_type: entry point in glance_store's group of drivers
    :param conf: the global CONF; drivers read their section of it
    """

    def __init__(self, store_id, store_type, conf, named=True, **kwargs):
        super().__init__(store_id, named=named, **kwargs)
        self.type = store_type
        self._conf = conf
        self._group = store_id if named else None
        self._store = self._load(store_type)
        self.schemes = tuple(self._store.get_schemes())
        self._register()
        store_errors.hide_details(type(self._store).__module__)
        if self._store.READ_CHUNKSIZE == glance_store.Store.READ_CHUNKSIZE:
            self._store.READ_CHUNKSIZE = _CHUNK

    def _load(self, store_type):
        args = [self._conf] + ([self._group] if self._group else [])
        manager = stevedore_driver.DriverManager(
            NAMESPACE, store_type, invoke_on_load=True, invoke_args=args)
        manager.driver.configure(re_raise_bsc=False)
        return manager.driver

    def _register(self):
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
    def read_only(self):
        return not self._is_capable(capabilities.BitMasks.WRITE_ACCESS)

    def _is_capable(self, mask):
        return self._store.is_capable(mask)

    def _location(self, url):
        if self._group:
            return location.get_location_from_uri_and_backend(
                url, self._group, conf=self._conf)
        return location.get_location_from_uri(url, conf=self._conf)

    def write(self, image_id, attempt, source, size=None, context=None):
        with store_errors.translated(self.id, 'write'):
            try:
                return self._add(image_id, source, size, context)
            except glance_store.Duplicate:
                # An earlier attempt left something under the plain name.
                name = '%s-%s' % (image_id, attempt)
                return self._add(name, source, size, context)

    def discard(self, image_id, attempt, url=None):
        """Without the URL nothing can be told from newer attempts' data."""
        if url is not None:
            self.delete(url)

    def _add(self, name, source, size, context):
        # The driver insists on a digest; ours is made elsewhere, so take
        # the cheapest.
        url, _size, _md5, _digest, metadata = self._store.add(
            name, source, size or 0, 'sha1', context=context)
        return driver.Written(url, dict(metadata or {}, **self.metadata))

    def open(self, url, offset=0, length=None, context=None):
        with store_errors.translated(self.id, 'open'):
            place = self._location(url)
            if (offset or length is not None) and self._is_capable(
                    capabilities.BitMasks.READ_RANDOM):
                return self._open_range(place, offset, length, context)
            chunks, size = self._store.get(place, context=context)
            return Reader(self.id, chunks, offset,
                          _cut(size, offset, length) if size else length)

    def _open_range(self, place, offset, length, context):
        length = _cut(self._store.get_size(place, context=context), offset,
                      length)
        chunks = ()
        if length:
            chunks, _size = self._store.get(
                place, offset=offset, chunk_size=length, context=context)
        return Reader(self.id, chunks, 0, length)

    def size(self, url, context=None):
        with store_errors.translated(self.id, 'size'):
            return self._store.get_size(self._location(url), context=context)

    def delete(self, url, context=None):
        try:
            with store_errors.translated(self.id, 'delete'):
                self._store.delete(self._location(url), context=context)
        except exceptions.NotFound:
            pass

    def details(self):
        prefix = self._store.url_prefix or ''
        if self.type != 'rbd':
            return {}
        # rbd://FSID/POOL/, without the first while the cluster is away.
        return {'fsid': prefix.split('/')[2] or None}

    def owns(self, url):
        if url.split(':', 1)[0] not in self.schemes:
            return False
        prefix = self._store.url_prefix
        return not prefix or url.startswith(prefix)


def _cut(size, offset, length):
    """:returns: bytes of the range that exist"""
    left = max(0, size - offset)
    return left if length is None else min(length, left)
