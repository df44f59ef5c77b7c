"""Images as files in datastores of vCenter, named by image and attempt."""

from collections.abc import Sequence
import typing
import urllib.parse

from glance_store._drivers import vmware_datastore as their_driver
from glance_store import exceptions as theirs
from glance_store import location
from oslo_utils import netutils
import requests

from glance.common import context as contexts
from glance.common import exceptions
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import silence
from glance.store.drivers import store_errors
from glance.store import places

_VERSIONS = 'sdk/vimServiceVersions.xml'


# For the data.
their_driver.new_session = silence.bounded(their_driver.new_session,
                                           silence.limit_requests)

try:
    from glance.store.drivers import vmware_session
except ImportError:
    pass        # The driver says so, when it is configured.
else:
    vmware_session.limit()


class Driver(adapter.Driver):

    def _ask(self, timeout: float) -> None:
        """What needs no session: the library tries to get one for ever."""
        store = self._store
        requests.get(
            'https://%s/%s' % (netutils.escape_ipv6(store.server_host),
                               _VERSIONS),
            timeout=timeout, verify=store.ca_file or not store.api_insecure
        ).raise_for_status()

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        return self._add(self._name(image_id, attempt), source, size, context)

    def _datastores(self) -> Sequence[typing.Any]:
        return [one for each in self._store.datastores.values()
                for one in each]

    def _file(self, datastore: typing.Any, name: str
              ) -> location.StoreLocation:
        return their_driver.StoreLocation(
            {'scheme': self._store.scheme,
             'server_host': self._store.server_host,
             'image_dir': self._store.store_image_dir,
             'datacenter_path': datastore.datacenter.path,
             'datastore_name': datastore.name, 'image_id': name},
            self._conf, backend_group=self._group)

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        self.demand()
        name = self._name(image_id, attempt)
        with store_errors.translated(self.id, 'discard'):
            for datastore in self._datastores():
                self._remove(self._file(datastore, name).get_uri())

    def _remove(self, url: str) -> None:
        try:
            self._store.delete(self._location(url))
        except theirs.NotFound:
            pass

    def find_place(self, url: str) -> places.Place:
        """Releases differ in the order of what follows the path."""
        path, _mark, query = url.partition('?')
        folder = '/'.join(filter(None, [
            'vsphere://%s%s' % (
                netutils.escape_ipv6(self._option('vmware_server_host')),
                their_driver.DS_URL_PREFIX),
            self._option('vmware_store_image_dir').strip('/')]))
        name = places.below(folder + '/', path)
        for store in self._option('vmware_datastores'):
            center, datastore, _weight = (
                self._store._parse_datastore_info_and_weight(store))
            pairs = [('dsName', datastore), ('dcPath', center)]
            wanted = urllib.parse.urlencode(pairs)
            if query in (wanted, urllib.parse.urlencode(pairs[::-1])):
                return places.named((folder, center, datastore), name,
                                    '%s?%s' % (path, wanted))
        raise exceptions.BadLocation()

    def _option(self, name: str) -> typing.Any:
        value = getattr(self._store.store_conf, name)
        if not value:
            raise exceptions.StoreUnavailable()
        return value

    @staticmethod
    def _is_in(place: location.StoreLocation, datastore: typing.Any) -> bool:
        return (place.datastore_name == datastore.name
                and place.datacenter_path == datastore.datacenter.path)

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        self.demand()
        with store_errors.translated(self.id, 'clone'):
            place = self._place(url)
        return self._kept(image_id, attempt, self._clone, place,
                          self._name(image_id, attempt))

    def _clone(self, origin: location.StoreLocation, name: str
               ) -> driver.Written | None:
        fitting = [one for one in self._datastores()
                   if self._is_in(origin, one)]
        if not fitting:
            return None
        target = self._file(fitting[0], name)
        session, center = self._store.session, fitting[0].datacenter.ref
        task = session.invoke_api(
            session.vim, 'CopyDatastoreFile_Task',
            session.vim.service_content.fileManager,
            sourceName=_path(origin), sourceDatacenter=center,
            destinationName='[%s] %s' % (
                fitting[0].name, _below(target.path)),
            destinationDatacenter=center, force=False)
        session.wait_for_task(task)
        return driver.Written(target.get_uri(), dict(self.metadata))


def _path(place: location.StoreLocation) -> str:
    return '[%s] %s' % (place.datastore_name, _below(place.path))


def _below(path: str) -> str:
    return path[len(their_driver.DS_URL_PREFIX):].lstrip('/')
