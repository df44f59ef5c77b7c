"""Images in a file of SQLite: an example of a store driver.

    [DEFAULT]
    enabled_backends = small:sqlite

    [small]
    sqlite_store_path = /var/lib/glance/small.sqlite

An image is a row of `objects`, whose name holds the attempt that has written
it, and rows of `pieces`. The row is there before the first piece, so what a
killed writer has left is found by its name; `size` is set when all is written.
"""

from collections.abc import Iterator
import contextlib
import sqlite3
import time
import types
import typing

from oslo_config import cfg

from glance.common import exceptions
from glance.store import driver
from glance.store import object_names
from glance.store import places

# Readers see what was there when they began, and hold up no writer.
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS objects (
    name TEXT PRIMARY KEY, size INTEGER, settled INTEGER DEFAULT 0,
    changed REAL NOT NULL);
CREATE TABLE IF NOT EXISTS pieces (
    name TEXT NOT NULL REFERENCES objects(name) ON DELETE CASCADE,
    offset INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (name, offset));
"""
_PATIENCE = 30      # seconds for another writer to end


class Reader(driver.Reader):
    """A range, read one piece after the other."""

    def __init__(self, pieces: typing.Any, connection: sqlite3.Connection,
                 offset: int, length: int) -> None:
        self._pieces, self._connection = pieces, connection
        self._offset = offset
        self.length: int = length

    def __iter__(self) -> Iterator[bytes]:
        end = self._offset + self.length
        try:
            for begin, data in self._pieces:
                yield data[max(0, self._offset - begin):end - begin]
        except sqlite3.Error:
            raise exceptions.StoreUnavailable() from None

    def close(self) -> None:
        self._connection.close()


class Driver(driver.Driver):
    """:param values: the options of the section by name"""

    type = 'sqlite'
    schemes = ('sqlite',)
    OPTIONS = (cfg.StrOpt('sqlite_store_path',
                          help='The file with the images.'),)

    def __init__(self, store_id: str, values: types.SimpleNamespace,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        self._path = values.sqlite_store_path
        if not self._path:
            raise ValueError('sqlite_store_path is not set')

    @contextlib.contextmanager
    def _connected(self, close: bool = True) -> Iterator[sqlite3.Connection]:
        """A transaction; any thread may ask, so each has its own.

        Errors of libraries name files: ours name nothing.
        """
        try:
            connection = sqlite3.connect(self._path, _PATIENCE,
                                         check_same_thread=False)
            try:
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
            except BaseException:
                connection.close()
                raise
            if close:
                connection.close()
        except sqlite3.IntegrityError:
            # The object of a piece is gone: somebody has discarded the
            # attempt, as its writer seemed to be dead.
            raise exceptions.LeaseLost() from None
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
                raise exceptions.StorageFull() from None
            raise exceptions.StoreUnavailable() from None

    @staticmethod
    def _name(image_id: str, attempt: str) -> str:
        return '%s-%s' % (image_id, attempt)

    def _prefix(self) -> str:
        return 'sqlite://%s/' % self.id

    def find_place(self, url: str) -> places.Place:
        # Only what `write` has made: nothing else is read or deleted.
        return places.named(self.id, places.below(self._prefix(), url), url)

    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: typing.Any = None
              ) -> driver.Written:
        name = self._name(image_id, attempt)
        with self._connected() as connection:
            made = connection.execute(
                'INSERT OR IGNORE INTO objects (name, changed) VALUES (?, ?)',
                (name, time.time()))
            if not made.rowcount:
                raise exceptions.Duplicate()
        try:
            total = self._write_pieces(name, source)
        except BaseException:
            self.discard_failed(image_id, attempt)
            raise
        with self._connected() as connection:
            changed = connection.execute(
                'UPDATE objects SET size = ? WHERE name = ?', (total, name))
            if not changed.rowcount:
                raise exceptions.LeaseLost()
        return driver.Written(self._prefix() + name, dict(self.metadata))

    def _write_pieces(self, name: str, source: driver.Source) -> int:
        """A transaction for each, so that others write in between."""
        total = 0
        while view := source.next_buffer():
            with self._connected() as connection:
                connection.execute('INSERT INTO pieces VALUES (?, ?, ?)',
                                   (name, total, bytes(view)))
            total += len(view)
        return total

    def settle(self, image_id: str, attempt: str) -> None:
        with self._connected() as connection:
            connection.execute('UPDATE objects SET settled = 1 '
                               'WHERE name = ?',
                               (self._name(image_id, attempt),))

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        with self._connected() as connection:
            connection.execute('DELETE FROM objects WHERE name = ? '
                               'AND NOT settled',
                               (self._name(image_id, attempt),))

    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: typing.Any = None) -> Reader:
        name = self.place(url).name
        size = self.size(url)
        end = size if length is None else min(size, offset + length)
        with self._connected(close=False) as connection:
            pieces = connection.execute(
                'SELECT offset, data FROM pieces WHERE name = ? '
                'AND offset < ? AND offset + length(data) > ? '
                'ORDER BY offset', (name, end, offset))
        return Reader(pieces, connection, offset, max(0, end - offset))

    def size(self, url: str, context: typing.Any = None) -> int:
        with self._connected() as connection:
            found = connection.execute(
                'SELECT size FROM objects WHERE name = ? '
                'AND size IS NOT NULL', (self.place(url).name,)).fetchone()
        if found is None:
            raise exceptions.NotFound('The image data is not in the store.')
        return int(found[0])

    def delete(self, url: str, context: typing.Any = None) -> None:
        with self._connected() as connection:
            connection.execute('DELETE FROM objects WHERE name = ?',
                               (self.place(url).name,))

    def list(self) -> Iterator[driver.Found]:
        with self._connected() as connection:
            rows = connection.execute(
                'SELECT name, coalesce(size, 0), settled, changed '
                'FROM objects').fetchall()
        for name, size, settled, changed in rows:
            ours = object_names.parse(name)
            if ours is not None:
                yield driver.Found(
                    ours.image_id, None if settled else ours.attempt,
                    self._prefix() + name, size, changed)

    def check(self) -> None:
        with self._connected() as connection:
            connection.execute('SELECT 1 FROM objects LIMIT 1')
