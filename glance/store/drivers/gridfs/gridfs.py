"""Images in GridFS, the files of MongoDB, with names that hold the attempt.

The library is loaded where there is such a store, and only there.
"""

from oslo_config import cfg
from oslo_log import log

from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import store_errors
from glance.store import object_names
from glance.store import places

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

    def __init__(self, store_id, values, **kwargs):
        super().__init__(store_id, **kwargs)
        from glance.store.drivers.gridfs import gridfs_client
        from glance.store.drivers.gridfs import gridfs_files
        store_errors.hide_requests()
        self._address = self._files = None
        try:
            self._address = gridfs_client.Address(values.mongodb_store_uri,
                                                  values.mongodb_store_db)
        except ValueError as error:
            self.problem = str(error)
            LOG.error('Store %(id)s cannot be used as it is: %(problem)s',
                      {'id': self.id, 'problem': self.problem})
        else:
            self._files = gridfs_files.Files(
                gridfs_client.Client(self._address))

    @property
    def read_only(self):
        return self.problem is not None

    def details(self):
        return {'problem': self.problem} if self.problem else {}

    def demand(self):
        """:raises StoreUnavailable: it cannot work as it is configured"""
        if self.problem:
            raise exceptions.StoreUnavailable()

    def check(self):
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
    def _name(image_id, attempt):
        return '%s-%s' % (image_id, attempt)

    def write(self, image_id, attempt, source, size=None, context=None):
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

    def discard(self, image_id, attempt, url=None):
        self.demand()
        with store_errors.translated(self.id, 'discard'):
            self._files.remove(self._name(image_id, attempt))

    def open(self, url, offset=0, length=None, context=None):
        name = self.place(url).name
        with store_errors.translated(self.id, 'open'):
            file = self._files.find(name)
        length = adapter.cut(file.size, offset, length)
        return adapter.Reader(
            self.id, self._files.read(file, offset, length), 0, length)

    def size(self, url, context=None):
        name = self.place(url).name
        with store_errors.translated(self.id, 'size'):
            return self._files.find(name).size

    def delete(self, url, context=None):
        name = self.place(url).name
        with store_errors.translated(self.id, 'delete'):
            self._files.remove(name)

    def list(self):
        self.demand()
        with store_errors.translated(self.id, 'list'):
            for entry in self._files.entries():
                name = object_names.parse(entry.name)
                if name is not None and name.segment is None:
                    yield self._found(name, entry)

    @staticmethod
    def _found(name, entry):
        attempt = name.attempt if entry.date is None else None
        return driver.Found(
            name.image_id, attempt, None if attempt else PREFIX + entry.name,
            entry.size, entry.changed, entry.date)

    def drop(self, found):
        """The writer of what had no name may have ended since."""
        if found.attempt is None:
            name = self.place(found.url).name
        else:
            name = self._name(found.image_id, found.attempt)
        with store_errors.translated(self.id, 'drop'):
            self._files.remove_same(name, found.version)

    def find_place(self, url):
        self.demand()
        container = self._address.hosts, self._address.database
        return places.named(container, places.below(PREFIX, url), url)
