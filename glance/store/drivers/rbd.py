"""Images in a pool of Ceph, each with a protected snapshot to clone from.

Data is written under a name that holds the attempt. Once whole, it is marked
with the attempt and gets the name of the image, if that is free. The mark goes
when the location is recorded; until then `discard` knows by it whether the
plain name is its own, and gives the data the other name back before it is
removed. Where the plain one was taken, the other stays, and another mark says
so.
"""

from collections.abc import Iterable, Iterator, Mapping
import contextlib
import copy
import datetime
import json
import math
import types
import typing
import urllib.parse

import glance_store
from glance_store._drivers import rbd as theirs
from glance_store import location

from glance.common import context as contexts
from glance.common import exceptions
from glance.store import driver
from glance.store.drivers import glance_store as adapter
from glance.store.drivers import rbd_data
from glance.store.drivers import rbd_marks
from glance.store.drivers import store_errors
from glance.store import object_names
from glance.store import places

_SOME = 100
_SNAPSHOT = rbd_marks.SNAPSHOT
_PATIENCE = 5       # seconds, where somebody waits


class Driver(adapter.Driver):

    _fsid = None        # of the cluster, once it was asked

    def _load(self, store_type: str) -> glance_store.Store:
        """Librados waits without end, if nobody limits it."""
        store = super()._load(store_type)
        values = {option.dest: getattr(store.store_conf, option.dest)
                  for option in store.OPTIONS}
        if values['rados_connect_timeout'] <= 0:
            values['rados_connect_timeout'] = (
                _limit_of_ceph(values) or math.ceil(
                    self._conf.store_silence_timeout))
        store.store_conf = types.SimpleNamespace(**values)
        return store

    def find_place(self, url: str) -> places.Place:
        """Data of the first releases has no snapshot, nor its URL a pool."""
        scheme, _colon, rest = url.partition('://')
        pieces = [urllib.parse.unquote(one) for one in rest.split('/')]
        pool = self._known('pool')
        if scheme != 'rbd' or not all(pieces) or (
                '/'.join(map(_quoted, pieces)) != rest):
            raise exceptions.BadLocation()
        if len(pieces) == 1 and places.is_name(rest):
            return places.named(pool, rest, None)
        if pieces[1:2] + pieces[3:] != [pool, _SNAPSHOT] or (
                pieces[0] != (self._fsid or pieces[0])
                or not all(map(places.is_name, pieces[::2]))):
            raise exceptions.BadLocation()
        return places.named(pool, pieces[2], url)

    def _location(self, url: str) -> location.Location:
        if self._fsid is None:
            with self._pool(store=self._hasty()):
                pass
        self.place(url)
        return self._theirs(url)

    def _write(self, image_id: str, attempt: str, source: driver.Source,
               size: int | None, context: contexts.Caller | None
               ) -> driver.Written:
        name, store = self._name(image_id, attempt), self._store
        with self._pool() as (ioctx, fsid):
            try:
                theirs.rbd.RBD().create(
                    ioctx, name, size or 0,
                    order=store.WRITE_CHUNKSIZE.bit_length() - 1,
                    old_format=False)
            except theirs.rbd.ImageExists:
                raise exceptions.Duplicate() from None
            with self._image(ioctx, name) as image:
                rbd_data.write(image, source, size, store.thin_provisioning)
                rbd_marks.complete(image, attempt)
            return self._publish(ioctx, fsid, image_id, attempt)

    def _publish(self, ioctx: typing.Any, fsid: str, image_id: str,
                 attempt: str) -> driver.Written:
        name = self._name(image_id, attempt)
        try:
            with rbd_marks.naming(ioctx, image_id, attempt):
                theirs.rbd.RBD().rename(ioctx, name, image_id)
            name = image_id
        except (theirs.rbd.ImageExists, theirs.rados.ObjectBusy):
            pass
        except theirs.rbd.ImageNotFound:
            raise exceptions.LeaseLost() from None
        return driver.Written(self._url(fsid, name), dict(self.metadata))

    def _url(self, fsid: str, name: str) -> str:
        return theirs.StoreLocation(
            {'fsid': fsid, 'pool': self._store.pool, 'image': name,
             'snapshot': _SNAPSHOT}, self._conf).get_uri()

    @contextlib.contextmanager
    def _pool(self, name: str | None = None, store: typing.Any = None
              ) -> Iterator[tuple[typing.Any, str]]:
        """:returns: a connection to a pool, and the id of the cluster"""
        store = store or self._store
        with store.get_connection(store.conf_file, store.user) as cluster:
            with cluster.open_ioctx(name or store.pool) as ioctx:
                self._fsid = cluster.get_fsid()
                yield ioctx, self._fsid

    def _ask(self, timeout: float) -> None:
        with self._pool(store=self._hasty(timeout)) as (ioctx, _fsid):
            try:
                ioctx.stat(rbd_marks.DIRECTORY)
            except theirs.rados.ObjectNotFound:
                pass        # There are no images yet.

    def free_space(self) -> int | None:
        """Of the pool, with its replicas counted."""
        store = self._hasty()
        with store_errors.translated(self.id, 'free_space'):
            with store.get_connection(store.conf_file,
                                      store.user) as cluster:
                status, text, _error = cluster.mon_command(
                    json.dumps({'prefix': 'df', 'format': 'json'}), b'')
        # A user may not be allowed to ask.
        pools = json.loads(text)['pools'] if status == 0 else ()
        return next((pool['stats']['max_avail'] for pool in pools
                     if pool['name'] == store.pool), None)

    @staticmethod
    def _image(ioctx: typing.Any, name: str, snapshot: str | None = None,
               read_only: bool = False) -> typing.Any:
        return theirs.rbd.Image(ioctx, name, snapshot=snapshot,
                                read_only=read_only)

    def settle(self, image_id: str, attempt: str) -> None:
        with store_errors.translated(self.id, 'settle'):
            with self._pool() as (ioctx, _fsid):
                with self._held(ioctx, image_id, attempt) as image:
                    if image is not None:
                        rbd_marks.remove(image)
                name = self._name(image_id, attempt)
                if self._mark(ioctx, name) is not None:
                    with self._image(ioctx, name) as image:
                        image.metadata_set(rbd_marks.MARK,
                                           rbd_marks.SETTLED)

    def _mark(self, ioctx: typing.Any, name: str) -> str | None:
        """:returns: the mark of an image, '' without one, None if it is not
            there
        """
        try:
            with self._image(ioctx, name, read_only=True) as image:
                return rbd_marks.find(image)
        except theirs.rbd.ImageNotFound:
            return None

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        """Until a killed writer is forgotten by the cluster, it is in use.

        :raises InUseByStore: a writer may live, and keeps all it has
        """
        self.demand()
        name = self._name(image_id, attempt)
        with store_errors.translated(self.id, 'discard'):
            with self._pool() as (ioctx, _fsid):
                self._take_back(ioctx, image_id, attempt)
                is_left = self._mark(ioctx, name) not in (
                    None, rbd_marks.SETTLED)
                if is_left and self._is_watched(ioctx, name):
                    raise exceptions.InUseByStore()
            if is_left:
                self._remove(name)

    @contextlib.contextmanager
    def _held(self, ioctx: typing.Any, name: str, attempt: str
              ) -> Iterator[typing.Any]:
        """Open an image to be changed: nobody removes it for so long.

        :returns: None when it is not that of an attempt
        """
        # What is in use is left alone: its removal would be refused.
        if self._mark(ioctx, name) != attempt:
            yield None
            return
        try:
            image = self._image(ioctx, name)
        except theirs.rbd.ImageNotFound:
            yield None
            return
        with image:
            yield image if rbd_marks.find(image) == attempt else None

    def _take_back(self, ioctx: typing.Any, image_id: str, attempt: str
                   ) -> None:
        """Data to be discarded gets the name of its attempt back.

        Nobody else ever has that, so it can be removed under it. The name of
        the image may be that of newer data by the time it is removed.
        """
        name = self._name(image_id, attempt)
        with self._held(ioctx, image_id, attempt) as image:
            if image is None:
                return
            try:
                theirs.rbd.RBD().rename(ioctx, image_id, name)
            except (theirs.rbd.ImageExists, theirs.rbd.ImageNotFound):
                return      # Another one was quicker.
            # Ceph does not know for long that a frozen process has it open.
            if self._version(ioctx, name) not in (None, image.id()):
                theirs.rbd.RBD().rename(ioctx, name, image_id)

    def _version(self, ioctx: typing.Any, name: str) -> str | None:
        """:returns: what tells images of one name apart, None without one"""
        try:
            with self._image(ioctx, name, read_only=True) as image:
                return image.id()
        except theirs.rbd.ImageNotFound:
            return None

    def _is_watched(self, ioctx: typing.Any, name: str) -> bool:
        """A removal begins with the snapshot, before it is refused."""
        try:
            with self._image(ioctx, name, read_only=True) as image:
                return any(True for _watcher in image.watchers_list())
        except theirs.rbd.ImageNotFound:
            return False

    def _remove(self, name: str) -> None:
        try:
            self._store._delete_image(self._store.pool, name, _SNAPSHOT)
        except theirs.exceptions.NotFound:
            pass

    def list(self) -> Iterator[driver.Found]:
        with store_errors.translated(self.id, 'list'):
            with self._pool() as (ioctx, _fsid):
                names = theirs.rbd.RBD().list(ioctx)
            ours = [(text, name) for text in names
                    if (name := object_names.parse(text))]
            for start in range(0, len(ours), _SOME):
                yield from self._find(ours[start:start + _SOME])

    def _find(self, names: Iterable[tuple[str, object_names.Name]]
              ) -> Iterator[driver.Found]:
        with self._pool() as (ioctx, fsid):
            found = [self._look(ioctx, fsid, *one) for one in names]
        return filter(None, found)

    def _look(self, ioctx: typing.Any, fsid: str, text: str,
              name: object_names.Name) -> driver.Found | None:
        try:
            with self._image(ioctx, text, read_only=True) as image:
                mark = dict(image.metadata_list()).get(rbd_marks.MARK)
                size, changed = image.size(), image.modify_timestamp()
                version = image.id()
        except theirs.rbd.ImageNotFound:
            return None
        if name.attempt is not None:
            attempt = None if mark == rbd_marks.SETTLED else name.attempt
        else:
            attempt = mark
        return driver.Found(
            name.image_id, attempt, self._url(fsid, text), size,
            changed.replace(tzinfo=datetime.timezone.utc).timestamp(),
            version)

    def drop(self, found: driver.Found) -> None:
        if found.attempt is not None or self._has(found):
            super().drop(found)

    def _has(self, found: driver.Found) -> bool:
        with store_errors.translated(self.id, 'drop'):
            with self._pool() as (ioctx, _fsid):
                name = self._place(found.whole_url).image
                return self._version(ioctx, name) == found.version

    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        """The copy shares what neither of both changes: the whole image.

        So the data of the original cannot be removed before the copy is.
        """
        self.demand()
        with store_errors.translated(self.id, 'clone'):
            place = self._place(url)
        if not place.snapshot:
            return None
        return self._kept(image_id, attempt, self._clone, place, image_id,
                          attempt)

    def _clone(self, place: location.StoreLocation, image_id: str, attempt: str
               ) -> driver.Written | None:
        name = self._name(image_id, attempt)
        with self._pool() as (ioctx, fsid), self._pool(place.pool) as source:
            if fsid != place.fsid:
                return None
            theirs.rbd.RBD().clone(
                source[0], place.image, place.snapshot, ioctx, name,
                features=theirs.rbd.RBD_FEATURE_LAYERING)
            with self._image(ioctx, name) as image:
                rbd_marks.complete(image, attempt)
            return self._publish(ioctx, fsid, image_id, attempt)

    def copy(self, source: typing.Self, url: str, image_id: str, attempt: str,
             context: contexts.Caller | None = None) -> driver.Written | None:
        """Librbd does it, several objects at a time and without holes."""
        self.demand()
        with store_errors.translated(self.id, 'copy'):
            place = source._place(url)
        if not place.snapshot:
            return None
        return self._kept(image_id, attempt, self._copy, source, place,
                          image_id, attempt)

    def _copy(self, source: typing.Self, place: location.StoreLocation,
              image_id: str, attempt: str) -> driver.Written | None:
        name = self._name(image_id, attempt)
        with self._pool() as (ioctx, fsid), source._pool(place.pool) as origin:
            if fsid != origin[1]:
                return None
            with self._image(origin[0], place.image, place.snapshot,
                             read_only=True) as image:
                image.copy(ioctx, name,
                           features=theirs.rbd.RBD_FEATURE_LAYERING)
            with self._image(ioctx, name) as image:
                rbd_marks.complete(image, attempt)
            return self._publish(ioctx, fsid, image_id, attempt)

    def check_unused(self, url: str, context: contexts.Caller | None = None
                     ) -> None:
        with store_errors.translated(self.id, 'check_unused'):
            place = self._place(url)
            if not place.snapshot:
                return
            try:
                with self._pool(place.pool, self._hasty()) as (ioctx, _fsid):
                    if self._may_have_clones(ioctx, place):
                        with self._image(ioctx, place.image) as image:
                            self._try_unprotect(image, place.snapshot)
            except theirs.rbd.ImageNotFound:
                pass

    def _hasty(self, patience: float = _PATIENCE) -> typing.Any:
        """The driver, with little time for each step."""
        own = copy.copy(self._store)
        limit = own.store_conf.rados_connect_timeout
        own.store_conf = types.SimpleNamespace(
            rados_connect_timeout=limit if 0 < limit < patience
            else int(patience))
        return own

    def _may_have_clones(self, ioctx: typing.Any, place: location.StoreLocation
                         ) -> bool:
        try:
            with self._image(ioctx, place.image, place.snapshot,
                             read_only=True) as image:
                return any(True for _clone in image.list_children())
        except theirs.rbd.PermissionError:
            # Names in the pools of volumes are not for us to read.
            return True

    @staticmethod
    def _try_unprotect(image: typing.Any, snapshot: str) -> None:
        """What a removal does first. It succeeds for clones of format 2,
        which do without the name of the data.
        """
        try:
            image.unprotect_snap(snapshot)
        except theirs.rbd.ImageBusy:
            raise exceptions.InUseByStore() from None
        except theirs.rbd.InvalidArgument:
            return      # It was not protected.
        image.protect_snap(snapshot)

    def _open(self, place: location.Location, offset: int, length: int | None,
              context: contexts.Caller | None) -> adapter.Reader:
        length = adapter.cut(self._store.get_size(place), offset, length)
        chunks = self._read(place.store_location, offset, length)
        return adapter.Reader(self.id, chunks, 0, length)

    def _read(self, place: location.StoreLocation, offset: int, length: int
              ) -> Iterator[bytes]:
        with self._pool(place.pool) as (ioctx, _fsid):
            with self._image(ioctx, place.image, place.snapshot,
                             read_only=True) as image:
                while length > 0:
                    data = image.read(offset, min(
                        length, self._store.READ_CHUNKSIZE))
                    offset += len(data)
                    length -= len(data)
                    yield data

    def details(self) -> dict[str, str | None]:
        prefix = self._store.url_prefix or ''
        # rbd://FSID/POOL/, without the first while the cluster is away.
        fsid = prefix.split('/')[2] if '/' in prefix else None
        return dict(super().details(), fsid=fsid or None)


def _limit_of_ceph(values: Mapping[str, typing.Any]) -> int:
    """:returns: seconds that its own configuration gives to a step, 0 if none
    """
    if theirs.rados is None:
        return 0
    try:
        client = theirs.rados.Rados(conffile=values['rbd_store_ceph_conf'],
                                    rados_id=values['rbd_store_user'])
    except theirs.rados.Error:
        return 0        # Whoever connects says what is wrong.
    return int(client.conf_get('rados_osd_op_timeout') or 0)


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, '')
