"""Images as files in local or mounted folders.

How a write survives any crash: bytes go to a hidden part file whose name holds
image and attempt, are synced, and get their public name as a second hard link
that must not exist yet. The part file stays until `settle`. As long as it is
there the attempt is unfinished, and `discard` can tell which public name is
its own: the one with the same inode. A writer that was paused and outlived its
attempt finds its part file gone and can neither publish nor destroy anything.
"""

from collections.abc import Callable, Iterator, Sequence
import errno
import functools
import json
import os
import stat
import types
import typing

from oslo_log import log

from glance.common import context as contexts
from glance.common import exceptions
from glance.conf import store as store_conf
from glance.metrics import counters
from glance.store import driver
from glance.store.drivers.file import datadirs
from glance.store.drivers.file import folder_list
from glance.store.drivers.file import part_file
from glance.store import places

LOG = log.getLogger(__name__)

CHUNK = 256 << 10
_CLOSED = -1        # no descriptor

_Method = typing.TypeVar('_Method', bound=Callable[..., typing.Any])

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)


def _no_data() -> exceptions.NotFound:
    return exceptions.NotFound('The image data is not in the store.')


def _translated(method: _Method) -> _Method:
    """Errors of the system become ours; paths stay out of the message."""
    @functools.wraps(method)
    def wrapper(self: 'Driver', *args: typing.Any, **kwargs: typing.Any
                ) -> typing.Any:
        verb = method.__name__
        try:
            return method(self, *args, **kwargs)
        except OSError as exc:
            if exc.errno in _ABSENT and verb in ('open', 'size', 'delete'):
                raise _no_data() from None
            LOG.error('Store %(id)s: %(verb)s failed: %(name)s',
                      {'id': self.id, 'verb': verb,
                       'name': errno.errorcode.get(exc.errno or 0, 'unknown')})
            counters.STORE_ERRORS.labels(self.id, verb).inc()
            if exc.errno in _FULL:
                raise exceptions.StorageFull() from None
            raise exceptions.StoreUnavailable() from None
    return typing.cast(_Method, wrapper)


class Reader(driver.Reader):
    """A range of an open file."""

    length: int

    def __init__(self, fd: int, offset: int, length: int, chunk: int) -> None:
        self._fd = fd
        self.offset = offset
        self.length = length
        self._chunk = chunk

    def fileno(self) -> int:
        return self._fd

    def __iter__(self) -> Iterator[bytes]:
        position, end = self.offset, self.offset + self.length
        while position < end:
            data = os.pread(self._fd, min(self._chunk, end - position),
                            position)
            if not data:
                raise exceptions.StoreUnavailable()
            position += len(data)
            yield data

    def close(self) -> None:
        fd, self._fd = self._fd, _CLOSED
        if fd != _CLOSED:
            os.close(fd)


class Driver(driver.Driver):
    """:param values: the options of the store by name, as glance_store
    declares them for its own file driver
    """

    type = 'file'
    schemes = ('file', 'filesystem')
    IDLE = dict.fromkeys(
        ('filesystem_store_timeout', 'filesystem_store_thread_pool_size',
         'filesystem_store_threadpool_threshold'),
        'Files are read, written and removed in threads that hold up nobody '
        'else. For file systems over a network, set the time after which '
        'they fail when they are mounted.')

    def __init__(self, store_id: str, values: types.SimpleNamespace,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        self._folders = datadirs.parse(values.filesystem_store_datadir,
                                       values.filesystem_store_datadirs)
        self._mode = datadirs.parse_mode(values.filesystem_store_file_perm)
        self._thin = values.filesystem_thin_provisioning
        self._chunk = max(CHUNK, values.filesystem_store_chunk_size)
        self._mounts = self._read_mounts(values.filesystem_store_metadata_file)
        self._prepare()

    def _prepare(self) -> None:
        """What cannot be had now, such as a mount, may be had later."""
        self.problem = None
        try:
            for folder in self._folders:
                datadirs.prepare(folder.path, self._mode)
        except OSError as error:
            self.problem = ('a folder cannot be made or used: '
                            + os.strerror(error.errno or 0))
            LOG.error('Store %(id)s cannot be used as it is: %(problem)s',
                      {'id': self.id, 'problem': self.problem})

    @staticmethod
    def _read_mounts(path: str | None) -> Sequence[dict[str, typing.Any]]:
        if not path:
            return []
        with open(path, 'rb') as source:
            found = json.load(source)
        return found if isinstance(found, list) else [found]

    @_translated
    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> driver.Written:
        if self.problem:
            self._prepare()
        folder = datadirs.choose(self._folders, size or 0)
        part = part_file.PartFile(folder, image_id, attempt)
        try:
            part.write(source, size, thin=self._thin)
            path = part.publish(self._mode)
        except BaseException:
            self._clean(part)
            raise
        finally:
            part.close()
        return driver.Written('file://' + path, self._metadata(path))

    @_translated
    def clone(self, url: str, image_id: str, attempt: str,
              context: contexts.Caller | None = None) -> driver.Written | None:
        reader = self.open(url)
        folder = datadirs.choose(self._folders, reader.length)
        part = part_file.PartFile(folder, image_id, attempt)
        try:
            if not part.copy(reader.fileno(), reader.length):
                self._clean(part)
                return None
            path = part.publish(self._mode)
        except BaseException:
            self._clean(part)
            raise
        finally:
            reader.close()
            part.close()
        return driver.Written('file://' + path, self._metadata(path))

    def _clean(self, part: part_file.PartFile) -> None:
        """What made the write fail is what the caller has to know."""
        try:
            part.discard()
        except OSError as exc:
            LOG.error('Store %(id)s: removing a partial file failed: %(name)s',
                      {'id': self.id, 'name': type(exc).__name__})

    def _metadata(self, path: str) -> dict[str, typing.Any]:
        for mount in self._mounts:
            if path.startswith(mount['mountpoint']):
                return dict(mount, **self.metadata)
        return dict(self.metadata)

    @_translated
    def settle(self, image_id: str, attempt: str) -> None:
        for folder in self._folders:
            part_file.PartFile(folder.path, image_id, attempt).settle()

    @_translated
    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        for folder in self._folders:
            part_file.PartFile(folder.path, image_id, attempt).discard()

    @_translated
    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> Reader:
        fd = os.open(self._path(url),
                     os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            size = self._regular(os.fstat(fd))
        except BaseException:
            os.close(fd)
            raise
        left = max(0, size - offset)
        length = left if length is None else min(length, left)
        return Reader(fd, offset, length, self._chunk)

    @_translated
    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        return self._regular(os.stat(self._path(url)))

    @staticmethod
    def _regular(status: os.stat_result) -> int:
        if not stat.S_ISREG(status.st_mode):
            raise _no_data()
        return status.st_size

    @_translated
    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        try:
            part_file.remove(self._path(url))
        except FileNotFoundError:
            pass

    def list(self) -> Iterator[driver.Found]:
        for folder in self._folders:
            yield from self._list(folder.path)

    @_translated
    def _list(self, path: str) -> Sequence[driver.Found]:
        return list(folder_list.read(path))

    @_translated
    def drop(self, found: driver.Found) -> None:
        if found.attempt is not None:
            self.discard(found.image_id, found.attempt)
            return
        path = self._path(found.whole_url)
        try:
            if folder_list.version(os.stat(path)) == found.version:
                part_file.remove(path)
        except FileNotFoundError:
            pass

    def find_place(self, url: str) -> places.Place:
        """The folder goes by the name that it is configured with, now or
        through a link by another one that it had before.
        """
        scheme, _colon, path = url.partition('://')
        folder, _slash, name = path.rpartition('/')
        if scheme in self.schemes and (
                places.is_name(name) or self._is_made_by_tool(name)):
            for own in self._folders:
                if folder in (own.path, own.text.rstrip('/')) or (
                        datadirs.is_link_to(folder, own.path)):
                    return places.Place(
                        own.path, name, *folder_list.owner(name),
                        'file://' + os.path.join(own.path, name))
        raise exceptions.BadLocation()

    def _is_made_by_tool(self, name: str) -> bool:
        """In the staging area plugins write under the names of part files."""
        return (self.id == store_conf.STAGING_STORE
                and folder_list.is_hidden(name))

    def _path(self, url: str) -> str:
        """The file itself; a link leads to no other folder than ours.

        :raises BadLocation:
        """
        path = (self.place(url).url or url).partition('://')[2]
        if os.path.islink(path):
            path = os.path.realpath(path)
            if os.path.dirname(path) not in [
                    os.path.realpath(one.path) for one in self._folders]:
                raise exceptions.BadLocation()
        return path

    @_translated
    def check(self) -> None:
        if self.problem:
            self._prepare()
        for folder in self._folders:
            if not os.access(folder.path, os.R_OK | os.W_OK | os.X_OK):
                raise exceptions.StoreUnavailable()

    @_translated
    def free_space(self) -> int:
        # Folders may share a file system, whose room counts once.
        free = {os.stat(folder.path).st_dev: datadirs.free(folder.path)
                for folder in self._folders}
        return sum(free.values())
