"""What the folders of a file store hold, by the names the store gives."""

from collections.abc import Iterator
import os
import re
import stat

from glance.store import driver

_ID = r'[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}'
_ATTEMPT = r'[0-9A-Za-z-]+'
_WHOLE = re.compile(r'(%s)(?:\.(%s))?\Z' % (_ID, _ATTEMPT))
_HIDDEN = re.compile(r'\.(%s)\.(%s)\.(?:part|dead|mark)\Z'
                     % (_ID, _ATTEMPT))

# A name as it was read, and the file.
_Named = tuple[re.Match[str], os.stat_result]
# Device, inode, nanoseconds since the epoch.
Version = tuple[int, int, int]


def read(folder: str) -> Iterator[driver.Found]:
    """Of all that has a name of ours."""
    hidden: dict[str, _Named] = {}
    whole: dict[str, _Named] = {}
    for entry in os.scandir(folder):
        kind, match = hidden, _HIDDEN.match(entry.name)
        if match is None:
            kind, match = whole, _WHOLE.match(entry.name)
        status = _status(entry) if match else None
        if match is not None and status is not None:
            kind[entry.name] = match, status
    by_inode = {status.st_ino: name for name, (_match, status)
                in whole.items()}
    for name, (match, status) in hidden.items():
        public = by_inode.get(status.st_ino)
        if name.endswith('.mark'):
            public = '%s.%s' % match.groups()
        same = whole.pop(public, None) if public else None
        yield _found(folder, public if same else None,
                     same[1] if same else status, *match.groups())
    for name, (match, status) in whole.items():
        yield _found(folder, name, status, match.group(1), None)


def is_hidden(name: str) -> bool:
    """:returns: whether it is the name of an attempt that is not settled"""
    return _HIDDEN.match(name) is not None


def owner(name: str) -> tuple[str | None, str | None]:
    """:returns: the image that a file is named after and the attempt, None
        for each that the name does not hold
    """
    match = _WHOLE.match(name)
    return (match[1], match[2]) if match else (None, None)


def _status(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def version(status: os.stat_result) -> Version:
    return status.st_dev, status.st_ino, status.st_mtime_ns


def _found(folder: str, name: str | None, status: os.stat_result,
           image_id: str, attempt: str | None) -> driver.Found:
    return driver.Found(
        image_id, attempt,
        name and 'file://' + os.path.join(folder, name), status.st_size,
        max(status.st_mtime, status.st_ctime), version(status))
