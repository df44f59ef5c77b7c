"""Images in GridFS, the files of MongoDB, with names that hold the attempt.

The library is loaded where there is such a store, and only there.
"""

from collections.abc import Iterator
import types
import typing

from oslo_config import cfg
from oslo_log import log

from glance.common import context as contexts
from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import store_errors
from glance.store import object_names
from glance.store import places

if typing.TYPE_CHECKING:
    from glance.store.drivers.gridfs import gridfs_files

LOG = log.getLogger(__name__)

PREFIX = 'gridfs://'


class Driver(driver.Driver):
    """:param values: the options of the store by name"""

    type = 'gridfs'
    schemes = ('gridfs',)
    OPTIONS = [
        cfg.StrOpt(
            'mongodb_store_uri', secret=True, help="""
Where MongoDB is: a URI as its drivers take it, such as
``mongodb://user:password@one,two,three/?replicaSet=rs0&authSource=admin``, or
the name or address of a host, or several with commas between.

Writes and reads ask a majority of a replica set whatever the URI says. A
request may take 30 seconds with all its tries, and connecting 10, unless the
URI has ``timeoutMS`` or ``connectTimeoutMS``.
"""),
        cfg.StrOpt(
            'mongodb_store_db', help="""
Name of the database that images are kept in, in the collections ``fs.files``
and ``fs.chunks``. Not needed where the URI names one.
""")]

    def __init__(self, store_id: str, values: types.SimpleNamespace,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        from glance.store.drivers.gridfs import gridfs_client
        from glance.store.drivers.gridfs import gridfs_files
        store_errors.hide_requests()
        self._address: gridfs_client.Address | None = None
        self._kept: gridfs_files.Files | None = None
        try:
            self._address = gridfs_client.Address(values.mongodb_store_uri,
                                                  values.mongodb_store_db)
        except ValueError as error:
            self.problem = str(error)
            LOG.error('Store %(id)s cannot be used as it is: %(problem)s',
                      {'id': self.id, 'problem': self.problem})
        else:
            self._kept = gridfs_files.Files(
                gridfs_client.Client(self._address))

    @property
    def _files(self) -> 'gridfs_files.Files':
        """:raises StoreUnavailable: it cannot work as it is configured"""
        if self._kept is None:
            raise exceptions.StoreUnavailable()
        return self._kept

    @property
    def read_only(self) -> bool:
        return self.problem is not None

    def demand(self) -> None:
        """:raises StoreUnavailable: it cannot work as it is configured"""
        if self.problem:
            raise exceptions.StoreUnavailable()

    def check(self) -> None:
        self.demand()
        try:
            self._files.ask(max(1, CONF.health.timeout))
        except Exception as error:
            # Whoever asks, asks again soon: the log would be full of it.
            LOG.debug('Store %(id)s does not answer: %(name)s',
                      {'id': self.id, 'name': type(error).__name__})
            counters.STORE_ERRORS.labels(self.id, 'check').inc()
            raise exceptions.StoreUnavailable() from None

    @staticmethod
    def _name(image_id: str, attempt: str) -> str:
        return '%s-%s' % (image_id, attempt)

    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> driver.Written:
        self.demand()
        name = self._name(image_id, attempt)
        try:
            with store_errors.translated(self.id, 'write'):
                self._files.write(name, source)
        except exceptions.Duplicate:
            raise
        except BaseException:
            self.discard_failed(image_id, attempt)
            raise
        return driver.Written(PREFIX + name, dict(self.metadata))

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        self.demand()
        with store_errors.translated(self.id, 'discard'):
            self._files.remove(self._name(image_id, attempt))

    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> driver.Reader:
        name = self.place(url).name
        with store_errors.translated(self.id, 'open'):
            file = self._files.find(name)
        length = adapter.cut(file.size, offset, length)
        return adapter.Reader(
            self.id, self._files.read(file, offset, length), 0, length)

    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        name = self.place(url).name
        with store_errors.translated(self.id, 'size'):
            return self._files.find(name).size

    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        name = self.place(url).name
        with store_errors.translated(self.id, 'delete'):
            self._files.remove(name)

    def list(self) -> Iterator[driver.Found]:
        self.demand()
        with store_errors.translated(self.id, 'list'):
            for entry in self._files.entries():
                name = object_names.parse(entry.name)
                if name is not None and name.segment is None:
                    yield self._found(name, entry)

    @staticmethod
    def _found(name: object_names.Name, entry: 'gridfs_files.Entry'
               ) -> driver.Found:
        attempt = name.attempt if entry.date is None else None
        return driver.Found(
            name.image_id, attempt, None if attempt else PREFIX + entry.name,
            entry.size, entry.changed, entry.date)

    def drop(self, found: driver.Found) -> None:
        """The writer of what had no name may have ended since."""
        if found.attempt is None:
            name = self.place(found.whole_url).name
        else:
            name = self._name(found.image_id, found.attempt)
        with store_errors.translated(self.id, 'drop'):
            self._files.remove_same(name, found.version)

    def find_place(self, url: str) -> places.Place:
        if self._address is None:
            raise exceptions.StoreUnavailable()
        container = self._address.hosts, self._address.database
        return places.named(container, places.below(PREFIX, url), url)
