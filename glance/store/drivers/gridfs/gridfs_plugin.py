"""Images in GridFS for whoever loads drivers with glance_store."""

import contextlib
import hashlib

from glance_store import capabilities
from glance_store import driver
from glance_store import exceptions
from glance_store import location

from glance.common import exceptions as ours
from glance.store.drivers import glance_store as adapter
from glance.store.drivers.gridfs import gridfs
from glance.store import places

_TYPE = 'gridfs'
_MASKS = capabilities.BitMasks


class StoreLocation(location.StoreLocation):
    """`name` is that of the file."""

    def process_specs(self):
        self.scheme = _TYPE
        self.name = self.specs.get('name')

    def get_uri(self):
        return gridfs.PREFIX + self.name

    def parse_uri(self, uri):
        try:
            self.name = places.below(gridfs.PREFIX, uri)
        except ours.BadLocation:
            raise exceptions.BadStoreUri(uri=gridfs.PREFIX) from None
        self.scheme = _TYPE


class _Source:
    """Reads a file of an image, and keeps what there is to tell of it."""

    def __init__(self, file, algorithm, verifier):
        self._file, self._verifier = file, verifier
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.digest = hashlib.new(algorithm, usedforsecurity=False)
        self.size = 0

    def read(self, size):
        data = self._file.read(size)
        for one in filter(None, (self.md5, self.digest, self._verifier)):
            one.update(data)
        self.size += len(data)
        return data


class Store(driver.Store):

    _CAPABILITIES = (_MASKS.RW_ACCESS | _MASKS.READ_RANDOM
                     | _MASKS.DRIVER_REUSABLE)
    OPTIONS = gridfs.Driver.OPTIONS
    EXAMPLE_URL = 'gridfs://<IMAGE_ID>'
    _files = None

    def get_schemes(self):
        return _TYPE,

    def configure_add(self):
        try:
            from glance.store.drivers.gridfs import gridfs_client
            from glance.store.drivers.gridfs import gridfs_files
            client = gridfs_client.Client(gridfs_client.Address(
                *map(self._option, ('mongodb_store_uri',
                                    'mongodb_store_db'))))
        except (ImportError, ValueError) as error:
            raise exceptions.BadStoreConfiguration(
                store_name=_TYPE, reason=str(error)) from None
        self._errors = gridfs_client.errors.PyMongoError
        self._files = gridfs_files.Files(client)
        if self.backend_group:
            self._url_prefix = gridfs.PREFIX

    def _option(self, name):
        if self.backend_group:
            return getattr(driver.BackendGroupConfiguration(
                self.OPTIONS, self.backend_group, conf=self.conf), name)
        return self.conf.glance_store[name]

    @contextlib.contextmanager
    def _used(self):
        """:returns: the files; errors of theirs tell nothing of MongoDB"""
        if self._files is None:
            raise exceptions.BadStoreConfiguration(
                store_name=_TYPE, reason='see when it was configured')
        try:
            yield self._files
        except self._errors:
            raise exceptions.BackendException() from None

    @capabilities.check
    def get(self, location, offset=0, chunk_size=None, context=None):
        with self._used() as files:
            file = files.find(location.store_location.name)
        length = adapter.cut(file.size, offset, chunk_size)
        return self._read(file, offset, length), length

    def _read(self, file, offset, length):
        with self._used() as files:
            yield from files.read(file, offset, length)

    def get_size(self, location, context=None):
        with self._used() as files:
            return files.find(location.store_location.name).size

    @driver.back_compat_add
    @capabilities.check
    def add(self, image_id, image_file, image_size, hashing_algo,
            context=None, verifier=None):
        source = _Source(image_file, hashing_algo, verifier)
        with self._used() as files:
            try:
                files.write(image_id, source)
                _check_size(image_size, source.size)
            except exceptions.Duplicate:
                raise
            except BaseException:
                files.remove(image_id)
                raise
        metadata = {'store': self.backend_group} if self.backend_group else {}
        return (gridfs.PREFIX + image_id, source.size,
                source.md5.hexdigest(), source.digest.hexdigest(), metadata)

    @capabilities.check
    def delete(self, location, context=None):
        name = location.store_location.name
        with self._used() as files:
            files.find(name)
            files.remove(name)


def _check_size(expected, found):
    if expected and expected != found:
        raise exceptions.Invalid('The image has not as many bytes as told.')
