"""The folders of a file store: their order, free space and permissions."""

from collections.abc import Sequence
import os
import stat
import typing

from oslo_log import log

from glance.common import exceptions

LOG = log.getLogger(__name__)


class Folder(typing.NamedTuple):
    """:param text: the path as it is configured"""

    path: str
    priority: int
    text: str


def parse(folder: str | None, folders: Sequence[str] | None) -> list[Folder]:
    """:param folder: the only folder
    :param folders: 'path' or 'path:priority' each
    :returns: best priority first
    :raises ValueError: the two options contradict or cannot be read
    """
    if folders and folder and folder != '/var/lib/glance/images':
        raise ValueError('filesystem_store_datadir and '
                         'filesystem_store_datadirs exclude each other')
    if not folders:
        if not folder:
            raise ValueError('filesystem_store_datadir is not set')
        folders = [folder + ':0']
    found = [_parse_one(text) for text in folders]
    if len({one.path for one in found}) < len(found):
        raise ValueError('filesystem_store_datadirs names a folder twice')
    return sorted(found, key=lambda one: -one.priority)


def _parse_one(text: str) -> Folder:
    path, colon, priority = text.strip().rpartition(':')
    if not colon:
        path, priority = priority, '0'
    text = path.strip()
    if not os.path.isabs(text):
        raise ValueError('A folder of a file store needs an absolute path')
    return Folder(os.path.normpath(text), int(priority or 0), text)


def parse_mode(number: int | None) -> int | None:
    """:param number: permission digits written as a decimal number: 640
    :returns: the mode, or None to keep the default
    """
    if number is None or number <= 0:
        return None
    mode = int(str(number), 8)
    if not mode & stat.S_IRUSR:
        raise ValueError('filesystem_store_file_perm takes the right to read '
                         'its images from the service')
    return mode


def prepare(path: str, mode: int | None) -> None:
    """Create the folder; let those enter who may read its files."""
    os.makedirs(path, exist_ok=True)
    if not mode:
        return
    old = stat.S_IMODE(os.stat(path).st_mode)
    wanted = old
    if mode & stat.S_IRWXG:
        wanted |= stat.S_IXGRP
    if mode & stat.S_IRWXO:
        wanted |= stat.S_IXOTH
    if wanted == old:
        return
    try:
        os.chmod(path, wanted)
    except OSError:
        LOG.warning('Cannot change the permissions of the folder of a file '
                    'store; others may not reach its images')


def is_link_to(path: str, folder: str) -> bool:
    """:returns: whether a path without detours is a folder's other name"""
    # Two slashes at its beginning are normal to POSIX, and no writer's.
    return (os.path.isabs(path) and not path.startswith('//')
            and path == os.path.normpath(path)
            and '\0' not in path
            and os.path.realpath(path) == os.path.realpath(folder))


def free(path: str) -> int:
    """:returns: bytes that can be written there"""
    status = os.statvfs(path)
    return status.f_bavail * status.f_frsize


def choose(folders: Sequence[Folder], size: int) -> str:
    """:param size: bytes to come, 0 if unknown
    :returns: path of the folder with the best priority that has room; of
        equal ones that with the most room
    :raises StorageFull: none has room
    """
    if len(folders) == 1 and not size:
        return folders[0].path
    room = [(one.priority, free(one.path), one.path) for one in folders]
    fitting = [entry for entry in room if entry[1] > 0 and entry[1] >= size]
    if not fitting:
        raise exceptions.StorageFull()
    return max(fitting)[2]
