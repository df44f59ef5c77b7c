"""A bounded ring of buffers between a receiving and a writing thread.

Slots travel in a circle: free, filled, free. Their number bounds the queues,
and so the memory of a transfer.
"""

from glance.common import concurrency

native = concurrency.native

SLOTS = 8
SLOT_SIZE = 256 << 10


class Ring:

    def __init__(self) -> None:
        self._free = native.queue.SimpleQueue()
        self._filled = native.queue.SimpleQueue()
        self._lock = native.threading.Lock()
        self.error: BaseException | None = None
        for _ in range(SLOTS):
            self._free.put(memoryview(bytearray(SLOT_SIZE)))

    def claim(self) -> memoryview:
        """For the producer: wait for a buffer to fill.

        :raises Exception: what the other side failed with
        """
        buffer: memoryview = self._free.get()
        self.check()
        return buffer

    def publish(self, buffer: memoryview, count: int) -> None:
        """For the producer: hand over the first `count` bytes."""
        self._filled.put((buffer, count))

    def end(self) -> None:
        """For the producer: nothing follows."""
        self._filled.put((None, 0))

    def take(self) -> tuple[memoryview | None, int]:
        """For the consumer: wait for data.

        :returns: buffer, to be given to `release`, and how many bytes of it
            count; None and 0 at the end
        :raises Exception: what the other side failed with
        """
        filled: tuple[memoryview | None, int] = self._filled.get()
        self.check()
        return filled

    def release(self, buffer: memoryview) -> None:
        self._free.put(buffer)

    def check(self) -> None:
        """:raises Exception: what one side failed with"""
        if self.error is not None:
            raise self.error

    def fail(self, error: BaseException) -> None:
        """For both: stop both; only the first error counts."""
        with self._lock:
            if self.error is None:
                self.error = error
        self._free.put(None)
        self.end()
