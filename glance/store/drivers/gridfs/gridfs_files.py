"""Files of GridFS: documents with chunks of data, and one with the name.

The chunks come first; a file is there once its name is. So whatever was cut
off has chunks without a name, and what is being removed has them, too.
"""

from collections.abc import Iterator
import contextlib
import datetime
import typing

from glance_store import exceptions as theirs
from oslo_utils import units

from glance.common import exceptions
from glance.store.drivers.gridfs import gridfs_client
from glance.store.transfer import contracts
from glance.store.transfer import sources

errors = gridfs_client.errors

_CHUNK = units.Mi
# What goes over the wire at once, and stays in memory.
_PIECE = 4 * units.Mi
# Documents that one request lists or removes.
_SOME = 500
_NO_SPACE = {14031, 12501, 17039}
_DUPLICATE = {11000, 11001, 12582}


class File(typing.NamedTuple):
    """:param key: what the chunks know it by
    :param chunk: bytes of each of them, but the last
    """

    key: object
    size: int
    chunk: int


class Entry(typing.NamedTuple):
    """:param date: when the name was recorded, None if it is not
    :param changed: seconds since the epoch
    """

    name: str
    size: int
    changed: float
    date: object = None


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Raise as glance_store what MongoDB says of an operation."""
    try:
        yield
    except errors.OperationFailure as error:
        found = [error.code] + [one.get('code') for one in (
            error.details or {}).get('writeErrors', ())]
        if _DUPLICATE.intersection(found):
            raise theirs.Duplicate() from None
        if _NO_SPACE.intersection(found):
            raise theirs.StorageFull() from None
        raise


class Files:
    """:param client: `gridfs_client.Client`"""

    def __init__(self, client: gridfs_client.Client) -> None:
        self._client = client
        self._is_indexed = False

    @property
    def _files(self) -> typing.Any:
        return self._client.database()['fs.files']

    @property
    def _chunks(self) -> typing.Any:
        return self._client.database()['fs.chunks']

    def ask(self, seconds: float) -> None:
        """Read something, within so many seconds."""
        with gridfs_client.pymongo.timeout(seconds):
            self._files.find_one({}, {'_id': 1})

    def write(self, name: str, source: contracts.File) -> None:
        """:raises Duplicate: there is such a file, or a part of it
        :raises LeaseLost: somebody has removed it meanwhile
        """
        with _told():
            self._index()
            if self._files.find_one({'_id': name}, {'_id': 1}):
                raise theirs.Duplicate()
            size = self._write_chunks(name, source)
            if size and not self._first(name):
                raise exceptions.LeaseLost()
            self._files.insert_one({
                '_id': name, 'filename': name, 'length': size,
                'chunkSize': _CHUNK, 'uploadDate': datetime.datetime.now(
                    datetime.timezone.utc)})

    def _index(self) -> None:
        """As all who know GridFS do, with the same names."""
        if not self._is_indexed:
            self._chunks.create_index([('files_id', 1), ('n', 1)],
                                      unique=True)
            self._files.create_index([('filename', 1), ('uploadDate', 1)])
            self._is_indexed = True

    def _write_chunks(self, name: str, source: contracts.File) -> int:
        """:returns: bytes written"""
        size = number = 0
        while piece := sources.read_piece(source, _PIECE):
            chunks = [piece[start:start + _CHUNK]
                      for start in range(0, len(piece), _CHUNK)]
            self._chunks.insert_many([
                {'files_id': name, 'n': number + more, 'data': chunk}
                for more, chunk in enumerate(chunks)])
            number += len(chunks)
            size += len(piece)
        return size

    def _first(self, key: object) -> list[int]:
        """:returns: the number of the first chunk in a list, [] if none"""
        found = self._chunks.find_one({'files_id': key}, {'n': 1},
                                      sort=[('n', 1)])
        return [found['n']] if found else []

    def find(self, name: str) -> File:
        """:raises NotFound: there is none
        """
        # Others let the server choose a key.
        found = self._files.find_one({'_id': name}) or self._files.find_one(
            {'filename': name}, sort=[('uploadDate', -1)])
        if not found:
            raise theirs.NotFound(image=name)
        return File(found['_id'], found['length'], found['chunkSize'])

    def read(self, file: File, offset: int, length: int) -> Iterator[bytes]:
        """Yield a range that exists, some megabytes at a time."""
        number, skip = divmod(offset, file.chunk)
        some, end = max(1, _PIECE // file.chunk), offset + length
        while length > 0:
            until = min(number + some, -(-end // file.chunk))
            data = self._read_chunks(file, number, until)[skip:skip + length]
            number, skip = until, 0
            length -= len(data)
            yield data

    def _read_chunks(self, file: File, first: int, until: int) -> bytes:
        """Nothing is open at the server meanwhile, for slow readers."""
        found = self._chunks.find(
            {'files_id': file.key, 'n': {'$gte': first, '$lt': until}},
            {'n': 1, 'data': 1}, sort=[('n', 1)])
        data = b''.join(chunk['data'] for chunk in found)
        if len(data) != (min(until * file.chunk, file.size)
                         - first * file.chunk):
            raise theirs.BackendException()
        return data

    def remove(self, name: str) -> None:
        """The name goes first; harmless where there is nothing."""
        try:
            key = self.find(name).key
        except theirs.NotFound:
            key = name
        self._files.delete_one({'_id': key})
        self._remove_chunks(key)

    def _remove_chunks(self, key: object) -> None:
        """From the first one on: a writer that comes back looks for it."""
        while found := self._first(key):
            self._chunks.delete_many(
                {'files_id': key, 'n': {'$lt': found[0] + _SOME}})

    def remove_same(self, name: str, date: object) -> None:
        """:param date: as `entries` has told; nothing newer is removed"""
        if date is None:
            is_it = not self._files.find_one({'_id': name}, {'_id': 1})
        else:
            is_it = self._files.delete_one(
                {'_id': name, 'uploadDate': date}).deleted_count
        if is_it:
            self._remove_chunks(name)

    def entries(self) -> Iterator[Entry]:
        """Yield an Entry for each file, and for what has no name (yet).

        Only those of texts: what others have made has keys of its own.
        """
        yield from self._named()
        yield from self._nameless()

    def _named(self) -> Iterator[Entry]:
        last, fields = '', {'length': 1, 'uploadDate': 1}
        while some := list(self._files.find(
                {'_id': {'$gt': last}}, fields, sort=[('_id', 1)],
                limit=_SOME)):
            for one in some:
                yield Entry(one['_id'], one['length'],
                            _seconds(one['uploadDate']), one['uploadDate'])
            last = some[-1]['_id']

    def _nameless(self) -> Iterator[Entry]:
        """Step from key to key in the index of the chunks."""
        last = ''
        while found := self._chunks.find_one(
                {'files_id': {'$gt': last}}, {'files_id': 1},
                sort=[('files_id', 1), ('n', 1)]):
            last = found['files_id']
            if not self._files.find_one({'_id': last}, {'_id': 1}):
                yield from self._look(last)

    def _look(self, name: str) -> Iterator[Entry]:
        """:returns: what is there of it: by now it may be gone"""
        found = self._chunks.find_one({'files_id': name}, sort=[('n', -1)])
        if found:
            yield Entry(name, found['n'] * _CHUNK + len(found['data']),
                        _seconds(found['_id'].generation_time))


def _seconds(date: datetime.datetime) -> float:
    return date.replace(tzinfo=datetime.timezone.utc).timestamp()
