"""A file under construction: hidden until complete, gone if abandoned.

`glance.store.drivers.file.filesystem` explains the protocol. Where the file
system knows no hard links, a marker file takes the place of the second link:
the public name then always holds the attempt, and it is the attempt's own as
long as the marker is there.
"""

import errno
import fcntl
import os

from glance.common import exceptions
from glance.store import driver

SYNC_EVERY = 64 << 20
_CLOSED = -1        # no descriptor
_ZEROS = bytes(256 << 10)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
_NO_COPY = (errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF,
             errno.EINVAL)
_NO_FALLOCATE = (errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS)


def remove(path: str) -> None:
    """Remove a published file, and what is left of its attempt.

    A worker that died between the record of the location and the end of the
    attempt has left the hidden name, which holds the data.
    """
    status = os.stat(path)
    folder, name = os.path.split(path)
    if status.st_nlink > 1:
        for entry in os.scandir(folder):
            if (entry.name.startswith('.' + name.split('.')[0])
                    and entry.inode() == status.st_ino):
                _unlink(entry.path)
    os.unlink(path)


class PartFile:
    """:param folder: where the file is to be, absolute
    :param attempt: unique text, see `glance.store.driver`
    """

    def __init__(self, folder: str, image_id: str, attempt: str) -> None:
        self._folder = folder
        self._part = os.path.join(folder, '.%s.%s.part' % (image_id, attempt))
        self._dead = os.path.join(folder, '.%s.%s.dead' % (image_id, attempt))
        self._mark = os.path.join(folder, '.%s.%s.mark' % (image_id, attempt))
        self._plain = os.path.join(folder, image_id)
        self._own = os.path.join(folder, '%s.%s' % (image_id, attempt))
        self._fd = _CLOSED

    def write(self, source: driver.Source, size: int | None, thin: bool = False
              ) -> None:
        """Take all of `source`, and bring it to the disk."""
        self._create()
        written = synced = reserved = 0
        while buffer := source.next_buffer():
            if thin and _is_zero(buffer):
                written += len(buffer)
                continue
            if size and not thin and written + len(buffer) > reserved:
                reserved = self._reserve(reserved, size)
            written = self._write_all(buffer, written)
            if written - synced >= SYNC_EVERY:
                os.fdatasync(self._fd)
                synced = written
        os.ftruncate(self._fd, written)
        os.fsync(self._fd)

    def _create(self) -> None:
        try:
            self._fd = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL
                               | os.O_CLOEXEC, 0o644)
        except FileExistsError:
            raise exceptions.Duplicate() from None

    def copy(self, fd: int, size: int) -> bool:
        """Let the kernel copy a file, or share its blocks if it can.

        :returns: whether it could
        """
        self._create()
        position = 0
        while position < size:
            try:
                count = os.copy_file_range(
                    fd, self._fd, min(SYNC_EVERY, size - position), position,
                    position)
            except OSError as exc:
                if exc.errno not in _NO_COPY:
                    raise
                return False
            if not count:
                raise exceptions.StoreUnavailable()
            position += count
        os.fsync(self._fd)
        return True

    def _write_all(self, buffer: memoryview, position: int) -> int:
        while buffer:
            count = os.pwrite(self._fd, buffer, position)
            position += count
            buffer = buffer[count:]
        return position

    def _reserve(self, start: int, size: int) -> int:
        """Take room for what comes next, so that a full disk shows early.

        Only a step ahead: a client that announces much and sends nothing
        must not fill the disk.
        """
        step = min(SYNC_EVERY, size - start)
        if step < SYNC_EVERY:
            return size
        try:
            os.posix_fallocate(self._fd, start, step)
        except OSError as exc:
            if exc.errno not in _NO_FALLOCATE:
                raise
            return size
        return start + step

    def publish(self, mode: int | None = None) -> str:
        """Give the complete file its public name.

        :returns: the path
        :raises LeaseLost: somebody has discarded this attempt
        """
        if mode is not None:
            os.fchmod(self._fd, mode)
        try:
            path = self._link()
        except FileNotFoundError:
            raise exceptions.LeaseLost() from None
        self._sync_folder()
        return path

    def _link(self) -> str:
        for path in (self._plain, self._own):
            try:
                os.link(self._part, path)
                return path
            except FileExistsError:
                continue
            except OSError as exc:
                if exc.errno in _NO_LINKS:
                    return self._publish_marked()
                raise
        raise exceptions.Duplicate()

    def _publish_marked(self) -> str:
        os.close(os.open(self._mark, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC,
                         0o600))
        self._sync_folder()
        try:
            os.rename(self._part, self._own)
        except FileNotFoundError:
            _unlink(self._mark)
            raise
        return self._own

    def settle(self) -> None:
        """Keep the public file whatever comes."""
        _unlink(self._part)
        _unlink(self._mark)

    def discard(self) -> None:
        """Remove the file under all its names, if it is not settled."""
        # A writer still running cannot publish once the part is renamed;
        # what it published before has the same inode.
        found = _rename(self._part, self._dead)
        try:
            fd = os.open(self._dead, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            pass
        else:
            try:
                found = self._discard_names(fd)
            finally:
                os.close(fd)
        if os.path.exists(self._mark):
            _unlink(self._own)
            found = _unlink(self._mark)
        if found:
            self._sync_folder()

    def _discard_names(self, fd: int) -> bool:
        """One at a time: whoever stands still between looking at a name and
        removing it must not find another one's data there.

        :raises BlockingIOError: another one is at it
        """
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            if exc.errno not in _NO_LOCKS:
                raise
        status = os.fstat(fd)
        if not status.st_nlink:
            return False
        for path in (self._plain, self._own):
            _unlink_same(path, (status.st_dev, status.st_ino))
        return _unlink(self._dead)

    def _sync_folder(self) -> None:
        fd = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def close(self) -> None:
        fd, self._fd = self._fd, _CLOSED
        if fd != _CLOSED:
            os.close(fd)


def _inode(path: str) -> tuple[int, int]:
    status = os.stat(path, follow_symlinks=False)
    return status.st_dev, status.st_ino


def _rename(old: str, new: str) -> bool:
    try:
        os.rename(old, new)
    except FileNotFoundError:
        return False
    return True


def _unlink_same(path: str, inode: tuple[int, int]) -> None:
    try:
        if _inode(path) == inode:
            os.unlink(path)
    except FileNotFoundError:
        pass


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def _is_zero(buffer: memoryview) -> bool:
    return bytes(buffer) == _ZEROS[:len(buffer)]
