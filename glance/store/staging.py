"""The staging area: data of images on its way in, in one folder of a host.

It is the reserved file store. Nothing in it is ever settled (see
`glance.store.drivers.file.filesystem`), so that `discard` of an attempt
removes all that the attempt has left. What a tool writes by itself goes under
the name of a part file and is removed in the same way.
"""

import hashlib
import os
import re
import socket
import time
import urllib.parse

from glance.common import exceptions
from glance.conf import CONF
from glance.conf import store as store_conf
from glance.store import backends
from glance.store import driver

_NAME = re.compile(r'\.?([0-9a-fA-F-]{36})(\.|$)')


def host() -> str:
    """The name of this staging area: of its host, and which folder it is.

    A host may have several programs with folders of their own.
    """
    return CONF.conductor.staging_host or _name(folder())


def _name(path: str) -> str:
    # Short enough for the columns that hold it, whatever the folder is, and
    # another one where a database takes other folders for the same.
    digest = hashlib.sha256(os.path.normpath(path).encode()).hexdigest()
    return '%s#%s' % (socket.gethostname(), digest[:16])


def name_now(name: str | None, url: str | None) -> str | None:
    """Which staging area is meant in a row of whatever release.

    The release before knew hosts and no folders.

    :param name: None for any
    :param url: of data in the area, None where nothing is known of it
    """
    if CONF.conductor.staging_host or name != socket.gethostname():
        return name
    scheme, _colon, path = (url or '').partition('://')
    return _name(os.path.dirname(path) if scheme == 'file' else folder())


def store(stores: backends.Stores) -> driver.Driver:
    """:returns: the driver of the staging area
    :raises StoreUnavailable: there is none that can be used
    """
    found = stores.internal(store_conf.STAGING_STORE)
    if found is None:
        raise exceptions.StoreUnavailable(
            'The staging area cannot be used.')
    return found


def folder() -> str:
    found: str = CONF[store_conf.STAGING_STORE].filesystem_store_datadir
    return found


def path(url: str) -> str:
    """The path of a staged file.

    :raises NotFound: the URL is not one of the staging area
    """
    found = urllib.parse.urlsplit(url).path
    if os.path.dirname(found) != os.path.normpath(folder()):
        raise exceptions.NotFound('The staged data is not there.')
    return found


def url(image_id: str) -> str:
    """Where releases without a record of staged data have put it."""
    return 'file://' + os.path.join(os.path.normpath(folder()), image_id)


def new_path(image_id: str, attempt: str) -> str:
    """Where a tool may write; `discard` of the attempt removes it."""
    return os.path.join(os.path.normpath(folder()),
                        '.%s.%s.part' % (image_id, attempt))


def old_files(seconds: float) -> dict[str, list[str]]:
    """Files that nobody has touched for so long.

    :returns: {image id: [paths]}, of names that begin with an image id
    """
    limit = time.time() - seconds
    found: dict[str, list[str]] = {}
    for entry in os.scandir(folder()):
        match = _NAME.match(entry.name)
        if match and _changed(entry) < limit:
            found.setdefault(match.group(1), []).append(entry.path)
    return found


def _changed(entry: os.DirEntry[str]) -> float:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return time.time()
    return max(status.st_mtime, status.st_ctime)
