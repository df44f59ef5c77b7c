"""A reader of a store as a file, for transfers from store to store."""

from glance.store import driver


class ReaderFile:
    def __init__(self, reader: driver.Reader) -> None:
        self._chunks = iter(reader)
        self._reader = reader
        self._rest = memoryview(b'')
        self.length = reader.length

    def read(self, size: int = -1) -> bytes | memoryview:
        """:returns: up to `size` bytes of what is at hand, b'' at the end"""
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b''
            self._rest = memoryview(chunk)
        if size is None or size < 0:
            size = len(self._rest)
        data = self._rest[:size]
        self._rest = self._rest[size:]
        return data

    def close(self) -> None:
        self._reader.close()
