"""Archives whose headers are read: what users send may have no end of them."""

import io

from glance.common import exceptions

# More than one file with the longest names and comments needs.
_MOST = 300000


class File(io.FileIO):
    """The libraries keep all that they read of headers in memory.

    `read` raises ContentRejected rather than giving more than those of one
    file can be.
    """

    _left = _MOST

    def read(self, size: int | None = -1) -> bytes:
        data, size = b'', -1 if size is None else size
        if size <= self._left:
            data = super().read(size if size >= 0 else self._left + 1)
        if size > self._left or len(data) > self._left:
            raise exceptions.ContentRejected(
                'An archive has to hold exactly one file.')
        self._left -= len(data)
        return data
