"""Images as files in datastores of vCenter, named by image and attempt."""

from collections.abc import Iterator, Sequence
import re
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
from glance.store import object_names
from glance.store import places

_VERSIONS = 'sdk/vimServiceVersions.xml'
_WHOLE, _PARTIAL, _NOT_LOGGED_IN, _NOTHING, _PAST_END = (
    200, 206, 401, 404, 416)
_PART = re.compile(r'bytes (\d+)-(\d+)/')

# For the data.
their_driver.new_session = silence.bounded(their_driver.new_session,
                                           silence.limit_requests)

try:
    from glance.store.drivers import vmware_search
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

    def list(self) -> Iterator[driver.Found]:
        """Names tell nothing of whether data is whole: an attempt has one
        name for good.
        """
        self.demand()
        with store_errors.translated(self.id, 'list'):
            for datastore in self._datastores():
                for file in vmware_search.files(
                        self._store.session, datastore,
                        self._store.store_image_dir):
                    name = object_names.parse(file.name)
                    if name is not None and name.segment is None:
                        yield driver.Found(
                            name.image_id, None,
                            self._file(datastore, file.name).get_uri(),
                            file.size, file.changed)

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> driver.Reader:
        if length == 0 or not offset and length is None:
            return super()._open(place, offset, length, context)
        answer = self._get(place, 'bytes=%d-%s' % (
            offset, '' if length is None else offset + length - 1))
        chunks = answer.iter_content(adapter.CHUNK)
        if answer.status_code == _WHOLE:
            size = int(answer.headers.get('Content-Length', 0))
            return adapter.Reader(
                self.id, chunks, offset,
                adapter.cut(size, offset, length) if size else length,
                answer.close)
        try:
            found = _length(answer, offset, length)
        except BaseException:
            answer.close()
            raise
        return adapter.Reader(self.id, chunks if found else (), 0, found,
                              answer.close)

    def _get(self, place: location.Location, asked: str) -> typing.Any:
        """:param asked: the range, as HTTP names it
        :returns: an answer whose body is still to come
        """
        store = self._store
        session = their_driver.new_session(store.api_insecure, store.ca_file)
        for _number in range(2):
            answer = session.get(
                place.store_location.https_url, stream=True, headers={
                    'Cookie': store._build_vim_cookie_header(),
                    'Range': asked, 'Accept-Encoding': 'identity'})
            if answer.status_code != _NOT_LOGGED_IN:
                break
            answer.close()
            store.reset_session()
        return answer

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


def _length(answer: typing.Any, offset: int, length: int | None) -> int:
    """:returns: bytes of the part that has come
    :raises StoreUnavailable: it is another one than that which was wanted
    """
    if answer.status_code == _NOTHING:
        raise theirs.NotFound()
    if answer.status_code == _PAST_END:
        return 0
    match = _PART.match(answer.headers.get('Content-Range', ''))
    if answer.status_code != _PARTIAL or match is None:
        raise exceptions.StoreUnavailable()
    first, found = int(match[1]), int(match[2]) + 1 - int(match[1])
    if first != offset or found < 1 or (length is not None
                                        and found > length):
        raise exceptions.StoreUnavailable()
    return found
