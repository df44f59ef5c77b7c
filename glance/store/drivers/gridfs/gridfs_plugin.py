"""Images in GridFS for whoever loads drivers with glance_store."""

from collections.abc import Iterator
import contextlib
import hashlib
import typing

from glance_store import capabilities
from glance_store import driver
from glance_store import exceptions
from glance_store import location as their_location

from glance.common import exceptions as ours
from glance.store.drivers import glance_store as adapter
from glance.store.drivers.gridfs import gridfs
from glance.store import places
from glance.store.transfer import contracts

if typing.TYPE_CHECKING:
    from glance.store.drivers.gridfs import gridfs_files

_TYPE = 'gridfs'
_MASKS = capabilities.BitMasks


class StoreLocation(their_location.StoreLocation):
    """`name` is that of the file."""

    def process_specs(self) -> None:
        self.scheme = _TYPE
        self.name = self.specs.get('name')

    def get_uri(self) -> str:
        return gridfs.PREFIX + self.name

    def parse_uri(self, uri: str) -> None:
        try:
            self.name = places.below(gridfs.PREFIX, uri)
        except ours.BadLocation:
            raise exceptions.BadStoreUri(uri=gridfs.PREFIX) from None
        self.scheme = _TYPE


class _Source:
    """Reads a file of an image, and keeps what there is to tell of it."""

    def __init__(self, file: contracts.File, algorithm: str,
                 verifier: contracts.Digest | None) -> None:
        self._file, self._verifier = file, verifier
        self.md5 = hashlib.md5(usedforsecurity=False)
        self.digest = hashlib.new(algorithm, usedforsecurity=False)
        self.size = 0

    def read(self, size: int) -> bytes | memoryview:
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

    def get_schemes(self) -> tuple[str, ...]:
        return _TYPE,

    def configure_add(self) -> None:
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

    def _option(self, name: str) -> typing.Any:
        if self.backend_group:
            return getattr(driver.BackendGroupConfiguration(
                self.OPTIONS, self.backend_group, conf=self.conf), name)
        return self.conf.glance_store[name]

    @contextlib.contextmanager
    def _used(self) -> Iterator['gridfs_files.Files']:
        """:returns: the files; errors of theirs tell nothing of MongoDB"""
        if self._files is None:
            raise exceptions.BadStoreConfiguration(
                store_name=_TYPE, reason='see when it was configured')
        try:
            yield self._files
        except self._errors:
            raise exceptions.BackendException() from None

    @capabilities.check
    def get(self, location: their_location.Location, offset: int = 0,
            chunk_size: int | None = None, context: typing.Any = None
            ) -> tuple[Iterator[bytes], int]:
        with self._used() as files:
            file = files.find(location.store_location.name)
        length = adapter.cut(file.size, offset, chunk_size)
        return self._read(file, offset, length), length

    def _read(self, file: 'gridfs_files.File', offset: int, length: int
              ) -> Iterator[bytes]:
        with self._used() as files:
            yield from files.read(file, offset, length)

    def get_size(self, location: their_location.Location,
                 context: typing.Any = None) -> int:
        with self._used() as files:
            return files.find(location.store_location.name).size

    @driver.back_compat_add
    @capabilities.check
    def add(self, image_id: str, image_file: contracts.File, image_size: int,
            hashing_algo: str, context: typing.Any = None,
            verifier: contracts.Digest | None = None
            ) -> tuple[str, int, str, str, dict[str, str]]:
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
    def delete(self, location: their_location.Location,
               context: typing.Any = None) -> None:
        name = location.store_location.name
        with self._used() as files:
            files.find(name)
            files.remove(name)


def _check_size(expected: int, found: int) -> None:
    if expected and expected != found:
        raise exceptions.Invalid('The image has not as many bytes as told.')
