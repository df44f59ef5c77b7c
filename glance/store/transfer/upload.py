"""From the body of a request into a store, hashed and inspected on the way.

Small bodies are collected by the caller's own thread or greenlet and stored
in one short job. Others get a native thread, or two where cores are likely to
be idle: the first receives, inspects and makes the MD5 digest, the second
makes the other digest and writes. The halves are balanced, and each buffer
moves from one core's cache to another's only once: with a thread for each
digest the same work takes half as much processor time again. Slow clients
never occupy a pool.
"""

from collections.abc import Callable, Iterable
import dataclasses
import hashlib
import os
import typing
from wsgiref import types as wsgi_types

from glance.common import concurrency
from glance.common import context as contexts
from glance.common import exceptions
from glance.metrics import counters
from glance.store import driver
from glance.store.request import request_body
from glance.store.transfer import contracts
from glance.store.transfer import ring
from glance.store.transfer import sources
from glance.store.transfer import threads

native = concurrency.native

SMALL = 1 << 20
# Transfers with two threads at the same time.
_RINGS = native.threading.BoundedSemaphore(max(1, (os.cpu_count() or 1) // 2))

_Args = typing.TypeVarTuple('_Args')


@dataclasses.dataclass
class Received:
    """What an upload brought, ready for `uploads.finish`."""

    size: int
    virtual_size: int | None
    checksum: str
    os_hash_algo: str
    os_hash_value: str
    url: str
    metadata: dict[str, typing.Any]


def receive(environ: wsgi_types.WSGIEnvironment, store: driver.Driver,
            image_id: str, attempt: str, *, announced_size: int | None = None,
            cap: int | None = None, algorithm: str = 'sha512',
            inspector: contracts.Inspector | None = None,
            cancelled: contracts.Cancelled | None = None,
            context: contexts.Caller | None = None,
            checks: Iterable[contracts.Check] = ()) -> Received:
    """Store the body of a request.

    On any error nothing of this attempt stays in the store, unless the store
    fails: then the caller discards it later, with the URL that the error has
    as `left_behind` where there was one. After success the caller records
    the location and then calls `store.settle`, or `store.discard` when the
    location cannot be recorded.

    :param environ: of the WSGI request
    :param attempt: unique text, see `glance.store.driver`
    :param announced_size: bytes the client says will come, None if it does
        not say; an integer
    :param cap: most bytes to accept
    :param algorithm: for `os_hash_value`
    :param cancelled: called in another thread
    :raises UploadBroken: the body is short, long or badly framed
    :raises LimitExceeded: more bytes than `cap`
    :raises ContentRejected: the inspector says so
    :raises GlanceError: what `cancelled` gives, a check or the store raises
    """
    body = request_body.open(environ)
    try:
        size = _agreed_size(body.length, announced_size, cap)
        meter = sources.Meter(size, cap, inspector, cancelled, checks)
        transfer = _Transfer(store, image_id, attempt, meter, algorithm,
                             context)
        return transfer.run(body)
    finally:
        body.close()


def store_file(source: contracts.File, store: driver.Driver, image_id: str,
               attempt: str, *, size: int | None = None,
               cap: int | None = None, algorithm: str = 'sha512',
               inspector: contracts.Inspector | None = None,
               cancelled: contracts.Cancelled | None = None,
               context: contexts.Caller | None = None,
               checks: Iterable[contracts.Check] = ()) -> Received:
    """Store what a file-like object gives; see `receive`.

    :param source: called in a native thread, its errors go on
    :param size: bytes that must come, None if unknown
    """
    meter = sources.Meter(size, cap, inspector, cancelled, checks)
    transfer = _Transfer(store, image_id, attempt, meter, algorithm, context)
    return transfer.run_native(sources.FileBody(source))


def _agreed_size(length: int | None, announced: int | None, cap: int | None
                 ) -> int | None:
    """:returns: bytes that must come, None if nobody says"""
    if None not in (length, announced) and length != announced:
        raise exceptions.UploadBroken(
            'The announced size is not the length of the data.')
    size = length if announced is None else announced
    if size is not None and cap is not None and size > cap:
        raise exceptions.LimitExceeded(
            'The image is larger than the %d bytes allowed.' % cap)
    return size


class _Transfer:
    """One body on its way into the store."""

    def __init__(self, store: driver.Driver, image_id: str, attempt: str,
                 meter: sources.Meter, algorithm: str,
                 context: contexts.Caller | None) -> None:
        self._store, self._context = store, context
        self._image_id, self._attempt = image_id, attempt
        self._meter = meter
        self._algorithm = algorithm
        self._md5, self._digest = [
            hashlib.new(name, usedforsecurity=False)
            for name in ('md5', algorithm)]

    def run(self, body: contracts.MovableBody) -> Received:
        """Take a body that the caller's own thread or greenlet can read."""
        head, complete = sources.read_head(body, SMALL, self._meter.size)
        if complete:
            return self._run_short(sources.Memory(head))
        body = sources.Joined(head, body)
        if not body.go_native(self._meter.check):
            return self._checked(self._serial, body)
        return self.run_native(body)

    def run_native(self, body: contracts.Body) -> Received:
        """Take a body that native threads can read."""
        return threads.call(self._checked, self._parallel_or_serial, body,
                            on_interrupt=self._meter.interrupt)

    def _run_short(self, body: contracts.Body) -> Received:
        try:
            received: Received = concurrency.run_blocking(
                self._checked, self._serial, body)
            return received
        except BaseException:
            # If the job still runs, it sees this at its end.
            self._meter.interrupt()
            raise

    def _checked(self, transfer: Callable[[contracts.Body], driver.Written],
                 body: contracts.Body) -> Received:
        """Nothing stays when the reason to stop comes at the very end."""
        written = transfer(body)
        try:
            self._meter.check()
        except BaseException as error:
            self._discard(written, error)
            raise
        return self._received(written)

    def _discard(self, written: driver.Written, error: BaseException) -> None:
        """:param error: why; who gets it learns what could not be removed"""
        try:
            self._store.discard(self._image_id, self._attempt, written.url)
        except exceptions.GlanceError:
            vars(error)['left_behind'] = written.url

    def _received(self, written: driver.Written) -> Received:
        counters.IMAGE_BYTES.labels('in', self._store.id).inc(
            self._meter.total)
        return Received(
            size=self._meter.total, virtual_size=self._meter.virtual_size,
            checksum=self._md5.hexdigest(), os_hash_algo=self._algorithm,
            os_hash_value=self._digest.hexdigest(), url=written.url,
            metadata=written.metadata)

    def _write(self, source: sources.Source) -> driver.Written:
        with self._store.breaker.watched():
            written = self._store.write(self._image_id, self._attempt, source,
                                        self._meter.size, self._context)
        try:
            source.expect_end()
        except BaseException as error:
            self._discard(written, error)
            raise
        return written

    def _serial(self, body: contracts.Body) -> driver.Written:
        return self._write(sources.Serial(body, self._meter,
                                          (self._md5, self._digest)))

    def _parallel_or_serial(self, body: contracts.Body) -> driver.Written:
        if not _RINGS.acquire(blocking=False):
            return self._serial(body)
        try:
            return self._parallel(body)
        finally:
            _RINGS.release()

    def _parallel(self, body: contracts.Body) -> driver.Written:
        shared = ring.Ring()
        self._meter.stop_with(shared)
        outcome = []
        writer = threads.start(_guarded, shared, lambda: outcome.append(
            self._write(sources.FromRing(shared, self._digest))))
        _guarded(shared, self._fill, shared, body)
        writer.join()
        if shared.error is not None and outcome:
            self._discard(outcome[0], shared.error)
        shared.check()
        return outcome[0]

    def _fill(self, shared: ring.Ring, body: contracts.Body) -> None:
        while True:
            buffer = shared.claim()
            count = sources.fill(body, buffer)
            if not count:
                self._meter.finish()
                shared.end()
                return
            view = buffer[:count]
            self._meter.take(view)
            self._md5.update(view)
            shared.publish(buffer, count)


def _guarded(shared: ring.Ring, fn: Callable[[*_Args], object], *args: *_Args
             ) -> None:
    try:
        fn(*args)
    except BaseException as exc:
        shared.fail(exc)
