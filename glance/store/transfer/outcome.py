"""What became of a download."""

from collections.abc import Callable

from glance.store import driver

# Called once as on_done(bytes_sent, complete).
OnDone = Callable[[int, bool], object]


class Outcome:
    """Closes the reader and tells the outcome, once.

    :ivar sent: bytes
    """

    def __init__(self, reader: driver.Reader, on_done: OnDone | None) -> None:
        self.sent = 0
        self._reader: driver.Reader | None = reader
        self._on_done = on_done

    def finish(self) -> None:
        reader, self._reader = self._reader, None
        if reader is None:
            return
        reader.close()
        if self._on_done is not None:
            complete = reader.length is None or self.sent == reader.length
            self._on_done(self.sent, complete)
