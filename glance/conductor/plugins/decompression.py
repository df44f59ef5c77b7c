"""image_decompression: gzip, zip and lha archives of one file."""

from collections.abc import Callable
import gzip
import shutil
import sys
import typing
import zipfile
import zlib

from glance.common import exceptions
from glance.conductor.plugins import headers
from glance.conductor.plugins import staged_data
from glance.conductor.plugins import unlha
from glance.conductor.steps import tools
from glance.conf import CONF

_PIECE = 1 << 20
# The other methods give as much as they like at once.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Plugin:

    containers = ('bare',)
    # Kernels and initial file systems are compressed for whoever boots them.
    left_formats = ('aki', 'ari', 'ami')

    def run(self, staged: staged_data.Staged) -> None:
        with open(staged.path, 'rb') as source:
            head = source.read(8)
        unpack = _method(head)
        if unpack is not None:
            unpack(staged)
            staged.replace(is_unpacked=True)


def _method(head: bytes) -> Callable[[staged_data.Staged], None] | None:
    if head.startswith(b'\x1f\x8b\x08'):
        return _gunzip
    if head.startswith(b'PK\x03\x04'):
        return _unzip
    if head[2:5] == b'-lh':
        return _unlha
    return None


def _gunzip(staged: staged_data.Staged) -> None:
    with gzip.open(staged.path, 'rb') as source:
        _copy(source, staged)


def _unzip(staged: staged_data.Staged) -> None:
    try:
        entry = _only_file(staged.path)
        with (zipfile.ZipFile(staged.path) as archive,
              archive.open(entry) as source):
            _copy(source, staged)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError,
            ValueError):
        raise _broken() from None


def _only_file(path: str) -> zipfile.ZipInfo:
    with headers.File(path) as file, zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
    if len(entries) != 1 or entries[0].is_dir():
        raise exceptions.ContentRejected(
            'A zip archive has to hold exactly one file.')
    if entries[0].compress_type not in _METHODS:
        raise exceptions.ContentRejected(
            'Of zip archives only the methods "stored" and "deflated" are '
            'unpacked.')
    return entries[0]


def _unlha(staged: staged_data.Staged) -> None:
    if not unlha.is_there:
        raise exceptions.Conflict(
            'Archives of LHA cannot be unpacked here; the operator has to '
            'install the Python package lhafile.')
    try:
        with headers.File(staged.path) as file:
            entry = unlha.only_file(file)
    except ValueError:
        raise _broken() from None
    if entry is None:
        raise exceptions.ContentRejected(
            'An LHA archive has to hold exactly one file.')
    if entry.file_size > CONF.image_size_cap:
        raise _too_large()
    if shutil.disk_usage(staged.path).free < entry.file_size:
        raise exceptions.StorageFull()
    target = staged.new_path()
    staged.job.total = entry.file_size
    tools.run(staged.job, sys.executable, unlha.__file__, staged.path, target,
              output=target)


def _copy(source: typing.IO[bytes] | gzip.GzipFile,
          staged: staged_data.Staged) -> None:
    """Little data can unpack to a lot: the cap counts what comes out."""
    job, total = staged.job, 0
    with open(staged.new_path(), 'wb') as target:
        while True:
            job.check()
            try:
                piece = source.read(_PIECE)
            except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
                raise _broken() from None
            if not piece:
                return
            total += len(piece)
            if total > CONF.image_size_cap:
                raise _too_large()
            if shutil.disk_usage(staged.path).free < len(piece):
                raise exceptions.StorageFull()
            target.write(piece)
            job.done = total


def _broken() -> exceptions.ContentRejected:
    return exceptions.ContentRejected('The compressed data is damaged.')


def _too_large() -> exceptions.LimitExceeded:
    return exceptions.LimitExceeded(
        'The unpacked image is larger than the %d bytes allowed.'
        % CONF.image_size_cap)
