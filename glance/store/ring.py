"""A bounded ring of buffers between one producer and several consumers.

Each consumer has a queue of filled slots; a slot goes back to the queue of
free ones when all consumers have let it go. The number of slots bounds every
queue, and so the memory of a transfer.
"""

from glance.common import concurrency

native = concurrency.native

SLOTS = 8
SLOT_SIZE = 256 << 10


class _Slot:
    def __init__(self):
        self.view = memoryview(bytearray(SLOT_SIZE))
        self.filled = None
        self.users = 0


class Ring:
    """:param consumers: how many; each calls `take` with its number"""

    def __init__(self, consumers):
        self._free = native.queue.SimpleQueue()
        for _ in range(SLOTS):
            self._free.put(_Slot())
        self._queues = [native.queue.SimpleQueue() for _ in range(consumers)]
        self._lock = native.threading.Lock()
        self.error = None

    def claim(self):
        """For the producer: wait for a free slot.

        :returns: the slot; fill its `view`
        :raises Exception: what a consumer failed with
        """
        slot = self._free.get()
        self.check()
        return slot

    def check(self):
        """:raises Exception: what somebody failed with"""
        if self.error is not None:
            raise self.error

    def publish(self, slot, count):
        """For the producer: give the first `count` bytes to everybody."""
        slot.filled = slot.view[:count]
        slot.users = len(self._queues)
        for queue in self._queues:
            queue.put(slot)

    def end(self):
        """For the producer: nothing follows."""
        for queue in self._queues:
            queue.put(None)

    def take(self, number):
        """For a consumer: wait for data.

        :returns: a slot with bytes in `filled`, to be given to `release`;
            None at the end
        :raises Exception: what somebody failed with
        """
        slot = self._queues[number].get()
        self.check()
        return slot

    def release(self, slot):
        with self._lock:
            slot.users -= 1
            free = not slot.users
        if free:
            self._free.put(slot)

    def fail(self, error):
        """For anybody: stop everybody; only the first error counts."""
        with self._lock:
            if self.error is None:
                self.error = error
        self._free.put(None)
        self.end()
