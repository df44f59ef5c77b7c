"""A reader of a store as a file, for transfers from store to store."""


class ReaderFile:
    """:param reader: `glance.store.driver.Reader`"""

    def __init__(self, reader):
        self._chunks = iter(reader)
        self._reader = reader
        self._rest = memoryview(b'')
        self.length = reader.length

    def read(self, size=-1):
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

    def close(self):
        self._reader.close()
