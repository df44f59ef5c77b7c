"""A program that writes to a store until it is killed.

    python -m tests.stores.writer CONFIG IMAGE-ID ATTEMPT BYTES
"""

import sys
import time

from glance import startup  # noqa: F401

from tests.fixtures import stores

_PIECE = 64 << 10


class Source:
    """Gives all but the last byte quickly, and then says so and waits."""

    def __init__(self, size):
        self._left = size

    def next_buffer(self):
        return memoryview(self.read(_PIECE))

    def read(self, size=-1):
        if self._left <= _PIECE:
            return self._end()
        data = b'x' * min(_PIECE, _PIECE if size < 0 else size)
        self._left -= len(data)
        return data

    def _end(self):
        if self._left:
            print('reading', flush=True)
            time.sleep(1)
            self._left = 0
        return b''


def main(config, image_id, attempt, size):
    store = stores.load(config).default
    store.write(image_id, attempt, Source(int(size)))
    print('written', flush=True)
    sys.stdin.read()


if __name__ == '__main__':
    main(*sys.argv[1:])
