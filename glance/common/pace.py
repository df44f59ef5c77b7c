"""Who is waited for has to be fast enough, over minutes, not at each moment.

A time-out for each byte is no bound for all of them: a byte a minute keeps
both sides busy for years.
"""

import io
import time


class TooSlow(TimeoutError):
    """As one of a socket: whoever knows that one knows what to do."""


class Pace:
    """What may be waited for at a time, less what was, and more for each byte.

    :param rate: bytes a second; 0 for any
    :param slack: seconds that may be waited beyond what the bytes are worth
    """

    def __init__(self, rate, slack):
        self._rate = rate
        self._most = self._left = slack

    def took(self, seconds, count):
        """
        :param seconds: for which was waited
        :param count: bytes that came then
        :raises TooSlow:
        """
        if not self._rate:
            return
        self._left = min(self._most, self._left - seconds
                         + count / self._rate)
        if self._left < 0:
            raise TooSlow('too slow')


class Reader(io.RawIOBase):
    """A raw stream of a socket, as long as that keeps its pace.

    :param raw: `io.RawIOBase` of the socket
    """

    def __init__(self, raw, pace):
        self._raw, self._pace = raw, pace

    def readable(self):
        return True

    def readinto(self, view):
        start = time.monotonic()
        count = self._raw.readinto(view)
        self._pace.took(time.monotonic() - start, count or 0)
        return count

    def close(self):
        self._raw.close()
        super().close()


class Giver:
    """A file whose bytes go to somebody who has to keep the pace.

    The time from one read to the next is that which the other side took.

    :param body: `read(n)` gives bytes
    """

    def __init__(self, body, pace):
        self._body, self._pace = body, pace
        self._since, self._count = None, 0

    def read(self, size):
        if self._since is not None:
            self._pace.took(time.monotonic() - self._since, self._count)
        data = self._body.read(size)
        self._since, self._count = time.monotonic(), len(data)
        return data
