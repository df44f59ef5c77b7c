"""The Sheepdog store as glance_store loads it, for programs that use that.

Data has the name of its image there, without an attempt.
"""

from collections.abc import Iterator
import contextlib
import functools
import hashlib
import typing

from glance_store import capabilities
from glance_store import driver as their_driver
from glance_store import exceptions as theirs
from glance_store import location as their_location

from glance.common import exceptions
from glance.store.drivers.sheepdog import sheepdog
from glance.store.transfer import contracts

_TABLE = ((exceptions.BadLocation, theirs.BadStoreUri),
          (exceptions.NotFound, theirs.NotFound),
          (exceptions.Duplicate, theirs.Duplicate),
          (exceptions.InUseByStore, theirs.InUseByStore),
          (exceptions.StorageFull, theirs.StorageFull),
          (exceptions.BadRequest, theirs.Invalid))


class StoreLocation(their_location.StoreLocation):
    """:ivar uri: as it came; the store reads it"""

    def process_specs(self) -> None:
        self.uri = self.specs.get('uri')

    def parse_uri(self, uri: str) -> None:
        self.validate_schemas(uri, valid_schemas=('sheepdog://',))
        self.uri = uri

    def get_uri(self) -> str:
        return self.uri


class Store(their_driver.Store):

    OPTIONS = sheepdog.Driver.OPTIONS
    _CAPABILITIES = (capabilities.BitMasks.RW_ACCESS
                     | capabilities.BitMasks.READ_RANDOM
                     | capabilities.BitMasks.DRIVER_REUSABLE)
    READ_CHUNKSIZE = WRITE_CHUNKSIZE = sheepdog.CHUNK

    def get_schemes(self) -> tuple[str, ...]:
        return sheepdog.Driver.schemes

    def configure_add(self) -> None:
        try:
            self._driver = sheepdog.Driver(
                self.backend_group or 'sheepdog', self._values())
        except ImportError as error:
            raise theirs.BadStoreConfiguration(
                store_name='sheepdog', reason=str(error)) from None
        self._url_prefix = self._driver.url('')

    def _values(self) -> typing.Any:
        if self.backend_group:
            return their_driver.BackendGroupConfiguration(
                self.OPTIONS, self.backend_group, conf=self.conf)
        return self.conf.glance_store

    @capabilities.check
    def get(self, location: their_location.Location, offset: int = 0,
            chunk_size: int | None = None, context: typing.Any = None
            ) -> tuple[Iterator[bytes], int | None]:
        with _translated():
            reader = self._driver.open(location.get_store_uri(), offset or 0,
                                       chunk_size)
        return iter(reader), reader.length

    def get_size(self, location: their_location.Location,
                 context: typing.Any = None) -> int:
        with _translated():
            return self._driver.size(location.get_store_uri())

    @their_driver.back_compat_add
    @capabilities.check
    def add(self, image_id: str, image_file: contracts.File, image_size: int,
            hashing_algo: str, context: typing.Any = None,
            verifier: contracts.Digest | None = None
            ) -> tuple[str, int, str, str, dict[str, str]]:
        source = _Source(image_file, hashing_algo, verifier)
        with _translated():
            size = self._driver.put(image_id, source, image_size or None)
        metadata = {'store': self.backend_group} if self.backend_group else {}
        return (self._driver.url(image_id), size, source.checksum.hexdigest(),
                source.digest.hexdigest(), metadata)

    @capabilities.check
    def delete(self, location: their_location.Location,
               context: typing.Any = None) -> None:
        """:raises NotFound: there is nothing any more"""
        with _translated():
            self._driver.size(location.get_store_uri())
            self._driver.delete(location.get_store_uri())


class _Source:
    """A file whose bytes are hashed on their way."""

    def __init__(self, file: contracts.File, algorithm: str,
                 verifier: contracts.Digest | None) -> None:
        new = functools.partial(hashlib.new, usedforsecurity=False)
        self._file, self._verifier = file, verifier
        self.checksum, self.digest = new('md5'), new(algorithm)

    def next_buffer(self) -> memoryview:
        data = self._file.read(sheepdog.CHUNK)
        for one in (self.checksum, self.digest, self._verifier):
            if one is not None:
                one.update(data)
        return memoryview(data)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except exceptions.GlanceError as error:
        kind = next((kind for ours, kind in _TABLE
                     if isinstance(error, ours)), theirs.BackendException)
        raise kind(str(error)) from None
