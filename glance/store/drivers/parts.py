"""Parts of one image on their way to a store, several at a time.

Memory is bounded, however slow the store is: a part is in a buffer that is
filled anew when the part has arrived, and there is one buffer more than parts
on their way.
"""

from collections.abc import Callable, Iterator
import typing

from glance.common import concurrency
from glance.store import driver
from glance.store.transfer import threads

native = concurrency.native

_Client = typing.TypeVar('_Client')
_Put = Callable[[_Client, int, bytearray], object]


def sizes(first: int, step: int, most: int | None = None) -> Iterator[int]:
    """Parts that grow, so that they do not become too many.

    :param first: bytes
    :param step: after so many parts, the next are larger
    :param most: bytes; None for no limit
    :returns: an iterator without end
    """
    number = 0
    while True:
        size = first * (1 + number // step)
        yield size if most is None else min(size, most)
        number += 1


def send(source: driver.Source, lengths: Iterator[int], most: int,
         connect: Callable[[], _Client], put: _Put[_Client]) -> int:
    """Send all that a source gives.

    When this returns or raises, nothing is on its way any more.

    :param lengths: bytes of one part after the other
    :param most: parts on their way at the same time
    :param connect: gives a client; each thread has its own
    :param put: sends a part: gets a client, the number from 1 on, and the
        bytes, which are valid until it returns
    :returns: how many parts there were
    """
    line = _Line(most, connect, put)
    filler = _Filler(source)
    number = 0
    try:
        for length in lengths:
            buffer = line.buffer(length)
            if not filler.fill(buffer):
                return number
            number += 1
            line.put(number, buffer)
        return number
    finally:
        line.end()


class _Filler:
    """Fills buffers of any length with what a source gives."""

    def __init__(self, source: driver.Source) -> None:
        self._source = source
        self._rest = memoryview(b'')

    def fill(self, buffer: bytearray) -> int:
        """:param buffer: gets shorter where the source ends
        :returns: its length then; 0 at the end
        """
        count = 0
        with memoryview(buffer) as view:
            while some := self._some(len(view) - count):
                view[count:count + len(some)] = some
                count += len(some)
        del buffer[count:]
        return count

    def _some(self, most: int) -> memoryview:
        """:returns: up to so many bytes, valid until the next call"""
        if most and not self._rest:
            self._rest = self._source.next_buffer()
        some, self._rest = self._rest[:most], self._rest[most:]
        return some


class _Line(typing.Generic[_Client]):

    def __init__(self, most: int, connect: Callable[[], _Client],
                 put: _Put[_Client]) -> None:
        self._most, self._connect, self._put = most, connect, put
        self._free = native.queue.SimpleQueue()
        self._waiting = native.queue.SimpleQueue()
        self._threads: list[threads.Job] = []
        self._error: BaseException | None = None
        for _number in range(most + 1):
            self._free.put(bytearray())

    def buffer(self, length: int) -> bytearray:
        """Wait for one that is free.

        :raises Exception: what sending has failed with
        """
        buffer: bytearray = self._free.get()
        self._check()
        return buffer if len(buffer) == length else bytearray(length)

    def put(self, number: int, buffer: bytearray) -> None:
        if len(self._threads) < self._most:
            self._threads.append(threads.start(self._send))
        self._waiting.put((number, buffer))

    def end(self) -> None:
        """:raises Exception: what sending has failed with"""
        for _thread in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._check()

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _send(self) -> None:
        client: _Client | None = None
        while (part := self._waiting.get()) is not None:
            # Whoever waits for a buffer must never wait for nobody.
            if self._error is None:
                try:
                    client = client or self._connect()
                    self._put(client, *part)
                except BaseException as error:
                    self._error = error
            self._free.put(part[1])
