"""The files of a cache: whole ones, and those that are being filled.

    IMAGE_ID               whole and verified
    incomplete/IMAGE_ID    growing; whoever fills it holds its lock

A file gets its final name when it is whole, never before. All processes of a
host share the folder; the lock tells a file that grows from one whose process
has died. Files are read through descriptors, so removing one harms nobody.
"""

from collections.abc import Mapping
import errno
import fcntl
import os
import re
import time
import uuid

_IMAGE_ID = re.compile(r'[0-9A-Za-z_-][0-9A-Za-z_.-]{0,35}\Z')
# What older releases keep beside the images.
_OTHERS = ('incomplete', 'invalid', 'queue')


class Files:
    """:param folder: image_cache_dir"""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.abspath(folder)
        self._parts = os.path.join(self.folder, 'incomplete')
        os.makedirs(self._parts, exist_ok=True)

    def _whole(self, image_id: str) -> str:
        return os.path.join(self.folder, image_id)

    def _part(self, image_id: str) -> str:
        return os.path.join(self._parts, image_id)

    def open(self, image_id: str, size: int | None) -> int | None:
        """:returns: a descriptor of the whole image, or None"""
        fd = _open(self._whole(image_id))
        if fd is not None and os.fstat(fd).st_size != size:
            os.close(fd)
            return None
        return fd

    def is_whole(self, image_id: str, size: int | None) -> bool:
        """Whether the whole image is here."""
        fd = self.open(image_id, size)
        if fd is not None:
            os.close(fd)
        return fd is not None

    def list(self) -> Mapping[str, int]:
        """:returns: {image id: bytes} of whole images"""
        return _sizes(self.folder)

    def begin(self, image_id: str) -> 'Part | None':
        """Start to fill.

        :returns: a `Part`, or None when another one is filling already
        """
        path = self._part(image_id)
        part = Part(path, self._whole(image_id))
        for _try in range(3):
            if part.publish():
                return part
            if not _remove_abandoned(path):
                break
        part.close()
        return None

    def follow(self, image_id: str) -> int | None:
        """:returns: a descriptor of the file that is being filled, or None"""
        fd = _open(self._part(image_id))
        if fd is not None and not is_growing(fd):
            os.close(fd)
            return None
        return fd

    def remove(self, image_id: str) -> bool:
        """Remove an image, also while it is being filled.

        :returns: whether the whole image was there
        """
        _unlink(self._part(image_id))
        return _unlink(self._whole(image_id))

    def clean(self, stall_time: float) -> int:
        """Remove incomplete files that nobody fills, or that have not grown
        for `stall_time` seconds.

        :returns: how many
        """
        found = 0
        for name in os.listdir(self._parts):
            path = os.path.join(self._parts, name)
            if _remove_abandoned(path) or _is_stalled(path, stall_time):
                _unlink(path)
                found += 1
        return found + self._clean_invalid()

    def _clean_invalid(self) -> int:
        """Older releases put there what they could not complete."""
        folder = os.path.join(self.folder, 'invalid')
        names = os.listdir(folder) if os.path.isdir(folder) else ()
        return sum(_unlink(os.path.join(folder, name)) for name in names)


class Part:
    """A file that is being filled; the lock goes with the descriptor."""

    def __init__(self, path: str, final: str) -> None:
        self._path, self._final = path, final
        self._hidden = '%s/.%s' % (os.path.dirname(path), uuid.uuid4())
        self.fd = os.open(self._hidden, os.O_RDWR | os.O_CREAT | os.O_EXCL
                          | os.O_CLOEXEC, 0o600)
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def publish(self) -> bool:
        """:returns: False when there is such a file already"""
        try:
            os.link(self._hidden, self._path)
        except FileExistsError:
            return False
        _unlink(self._hidden)
        return True

    def finish(self) -> bool:
        """Give the whole file its name.

        :returns: False when it was removed meanwhile
        """
        os.fsync(self.fd)
        try:
            # The name may become another one's at any moment.
            os.link(self._path, self._hidden)
            if not _is_same(self._hidden, self.fd):
                return False
            os.rename(self._hidden, self._final)
        except FileNotFoundError:
            return False
        self.discard()
        _sync(os.path.dirname(self._final))
        return True

    def discard(self) -> None:
        """Let others begin anew."""
        try:
            if _is_same(self._path, self.fd):
                _unlink(self._path)
        except FileNotFoundError:
            pass

    def close(self) -> None:
        _unlink(self._hidden)
        os.close(self.fd)


def is_growing(fd: int) -> bool:
    """Whether somebody fills the file of this descriptor."""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(fd, fcntl.LOCK_UN)
    return False


def _open(path: str) -> int | None:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            return None
        raise


def _sizes(folder: str) -> Mapping[str, int]:
    found = {}
    for entry in os.scandir(folder):
        if _IMAGE_ID.match(entry.name) and not _is_other(entry.name):
            try:
                if entry.is_file(follow_symlinks=False):
                    found[entry.name] = entry.stat().st_size
            except FileNotFoundError:
                continue
    return found


def _is_other(name: str) -> bool:
    return name in _OTHERS or name.endswith('.db')


def _remove_abandoned(path: str) -> bool:
    """:returns: whether the file is not there, or no longer"""
    fd = _open(path)
    if fd is None:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_same(path, fd):
            _unlink(path)
        return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return True
    finally:
        os.close(fd)


def _is_stalled(path: str, stall_time: float) -> bool:
    try:
        return os.stat(path).st_mtime < time.time() - stall_time
    except FileNotFoundError:
        return False


def _is_same(path: str, fd: int) -> bool:
    mine, there = os.fstat(fd), os.stat(path)
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def _sync(folder: str) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except (FileNotFoundError, IsADirectoryError):
        return False
    return True
