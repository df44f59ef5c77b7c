"""Images as virtual disks (VDIs) of a Sheepdog cluster.

The program `dog` does it all, one run for each step; `dog.py` runs it. A name
holds the attempt, since the cluster can rename nothing: what a killed writer
has left is found by it. The size of a VDI can only grow, so where nobody
knows how many bytes come, a piece is held until it is whole.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
import contextlib
import dataclasses
import re
import time
import types
import typing

from oslo_config import cfg
from oslo_log import log
from oslo_utils import units

from glance.common import context as contexts
from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters
from glance.store import driver
from glance.store.drivers.sheepdog import dog
from glance.store import object_names
from glance.store import places

LOG = log.getLogger(__name__)

CHUNK = units.Mi
_HELD = 8 * units.Mi
_SNAPSHOT = 's'
# A line of `vdi list -r`; tags may hold anything.
_LINE = re.compile(
    r'(?P<flag>\S) (?P<name>\S+) [0-9]+ (?P<size>[0-9]+) [0-9]+ [0-9]+ '
    r'(?P<made>\S+) (?P<id>\S+) \S+ (?:.* )?(?P<shift>[0-9]+)\Z')
# What each step may complain of that is no failure of the store.
_TABLE = {'write': (('exists already', exceptions.Duplicate),
                    ('no space', exceptions.StorageFull)),
          'delete': (('locked', exceptions.InUseByStore),)}

# What a line of the list says of a VDI.
_Vdi = re.Match[str]


class Buffers(typing.Protocol):
    """What data is taken from, see `glance.store.driver.Source`."""

    def next_buffer(self) -> memoryview:
        """Valid until the next call, empty at the end."""


class Reader(driver.Reader):
    """A range of a VDI, read by one run for each chunk.

    :param begin: gives the run that reads so many bytes from an offset on
    """

    def __init__(self, store_id: str, begin: Callable[[int, int], dog.Process],
                 offset: int, length: int, chunk: int) -> None:
        self._store_id, self._begin, self._chunk = store_id, begin, chunk
        self.length = length
        self._run: dog.Process | None = None
        self._closed = False
        self._chunks = self._read(offset, offset + length)

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def _read(self, offset: int, end: int) -> Generator[bytes, None, None]:
        with _translated(self._store_id, 'open', lambda: self._closed):
            while offset < end:
                size = min(self._chunk - offset % self._chunk, end - offset)
                with contextlib.closing(self._begin(offset, size)) as run:
                    yield from self._take(run, size)
                offset += size

    def _take(self, run: dog.Process, left: int) -> Iterator[bytes]:
        self._run = run
        while left:
            if self._closed:
                raise dog.Failed('nobody reads on')
            data = run.read(min(CHUNK, left))
            left -= len(data)
            if left and len(data) < CHUNK:
                run.finish()
                raise dog.Failed('it gives too few bytes')
            yield data
        run.finish()

    def close(self) -> None:
        self._closed = True
        try:
            self._chunks.close()
        except ValueError:
            # Another thread waits for data, and ends with the run.
            run = self._run
            if run is not None:
                run.kill()


class Driver(driver.Driver):
    """:param values: the options of the store by name"""

    type = 'sheepdog'
    schemes = ('sheepdog',)
    before_name = ':'
    OPTIONS = [
        cfg.IntOpt(
            'sheepdog_store_chunk_size', default=64, min=1, help="""
Size in MiB of what one run of the program ``dog`` reads or writes. It is not
held in memory.
"""),
        cfg.PortOpt(
            'sheepdog_store_port', default=7000,
            help='Port of the Sheepdog daemon.'),
        cfg.HostAddressOpt(
            'sheepdog_store_address', default='127.0.0.1', help="""
Address of a Sheepdog daemon of the cluster. It is part of the URLs of
locations: name an earlier one in ``former_locations``, as
``STORE=sheepdog://ADDRESS:PORT:``.
""")]

    def __init__(self, store_id: str, values: types.SimpleNamespace,
                 **kwargs: typing.Any) -> None:
        super().__init__(store_id, **kwargs)
        self._program = dog.find()
        self._daemon = (values.sheepdog_store_address,
                        str(values.sheepdog_store_port))
        self._chunk = values.sheepdog_store_chunk_size * units.Mi

    def _begin(self, thing: str, verb: str, *args: object, **kwargs: typing.Any
               ) -> dog.Process:
        address, port = self._daemon
        return dog.Process([self._program, thing, verb, '-a', address, '-p',
                            port, *map(str, args)], **kwargs)

    def _call(self, thing: str, verb: str, *args: object,
              limit: float | None = dog.PATIENCE) -> Sequence[str]:
        """:returns: the lines that the program says"""
        with contextlib.closing(self._begin(thing, verb, *args,
                                            limit=limit)) as run:
            lines = list(run.lines())
            run.finish()
        return lines

    def _look(self, name: str) -> _Vdi | None:
        """:returns: what is known of a VDI, None if there is none"""
        for line in self._call('vdi', 'list', '-r', name):
            vdi = _LINE.match(line)
            if vdi is None:
                raise dog.Failed('its list cannot be read')
            if vdi['name'] == name and vdi['flag'] != _SNAPSHOT:
                return vdi
        return None

    def _existing(self, url: str) -> _Vdi:
        """:returns: as `_look`
        :raises NotFound, BadLocation:
        """
        vdi = self._look(self.place(url).name)
        if vdi is None:
            raise exceptions.NotFound('The image data is not in the store.')
        return vdi

    def write(self, image_id: str, attempt: str, source: driver.Source,
              size: int | None = None, context: contexts.Caller | None = None
              ) -> driver.Written:
        name = _name(image_id, attempt)
        self.put(name, source, size)
        return driver.Written(self.url(name), dict(self.metadata))

    def put(self, name: str, source: Buffers, size: int | None) -> int:
        """As `write`, under any name that is free.

        :returns: how many bytes it were
        """
        if not places.is_name(name):
            raise exceptions.BadRequest('Nothing can have this name.')
        try:
            with _translated(self.id, 'write'):
                self._call('vdi', 'create', name, size or 0)
                return self._fill(name, _Feed(source), size)
        except exceptions.Duplicate:
            raise
        except BaseException:
            self._clean(name)
            raise

    def _clean(self, name: str) -> None:
        """What made the write fail is what the caller has to know."""
        with contextlib.suppress(exceptions.GlanceError):
            self._remove(name, 'discard')

    def _fill(self, name: str, feed: '_Feed', size: int | None) -> int:
        unit = 1 << int(self._made(name)['shift'])
        if size is None:
            written = self._fill_growing(name, feed, _aligned(
                min(_HELD, self._chunk), unit))
        else:
            written = self._fill_whole(name, feed, size,
                                       _aligned(self._chunk, unit))
        if int(self._made(name)['size']) != written:
            raise dog.Failed('the size is not that of what was written')
        return written

    def _made(self, name: str) -> _Vdi:
        """:raises LeaseLost: somebody has discarded this attempt"""
        vdi = self._look(name)
        if vdi is None:
            raise exceptions.LeaseLost()
        return vdi

    def _fill_whole(self, name: str, feed: '_Feed', size: int, chunk: int
                    ) -> int:
        for offset in range(0, size, chunk):
            length = min(chunk, size - offset)
            self._send(name, offset, length, feed.views(length))
        return size

    def _fill_growing(self, name: str, feed: '_Feed', piece: int) -> int:
        held, offset = bytearray(piece), 0
        while count := feed.fill(held):
            self._call('vdi', 'resize', name, offset + count)
            self._send(name, offset, count, [memoryview(held)[:count]])
            offset += count
        return offset

    def _send(self, name: str, offset: int, length: int,
              views: Iterable[memoryview]) -> None:
        """The program does not say so when it gets too little."""
        with contextlib.closing(self._begin(
                'vdi', 'write', name, offset, length, sends=True)) as run:
            for view in views:
                run.send(view)
                length -= len(view)
            if length:
                raise exceptions.UploadBroken()
            run.finish()

    def discard(self, image_id: str, attempt: str, url: str | None = None
                ) -> None:
        self._remove(_name(image_id, attempt), 'discard')

    def delete(self, url: str, context: contexts.Caller | None = None) -> None:
        self._remove(self.place(url).name, 'delete')

    def _remove(self, name: str, verb: str) -> None:
        """The program ends well where there is nothing to remove."""
        with _translated(self.id, verb):
            self._call('vdi', 'delete', name)

    def open(self, url: str, offset: int = 0, length: int | None = None,
             context: contexts.Caller | None = None) -> Reader:
        with _translated(self.id, 'open'):
            vdi = self._existing(url)
        left = max(0, int(vdi['size']) - offset)
        return Reader(
            self.id, lambda *area: self._begin('vdi', 'read', vdi['name'],
                                               *area),
            offset, left if length is None else min(length, left),
            _aligned(self._chunk, 1 << int(vdi['shift'])))

    def size(self, url: str, context: contexts.Caller | None = None) -> int:
        with _translated(self.id, 'size'):
            return int(self._existing(url)['size'])

    def list(self) -> Iterator[driver.Found]:
        with _translated(self.id, 'list'):
            lines = self._call('vdi', 'list', '-r', limit=None)
        for vdi in filter(None, map(_LINE.match, lines)):
            name = object_names.parse(vdi['name'])
            if name and not name.segment and vdi['flag'] != _SNAPSHOT:
                yield driver.Found(
                    name.image_id, None, self.url(vdi['name']),
                    int(vdi['size']), _seconds(vdi['made']), _version(vdi))

    def drop(self, found: driver.Found) -> None:
        with _translated(self.id, 'drop'):
            vdi = self._look(self.place(found.whole_url).name)
        if vdi is not None and _version(vdi) == found.version:
            self.delete(found.whole_url)

    def url(self, name: str) -> str:
        return 'sheepdog://%s:%s:%s' % (*self._daemon, name)

    def find_place(self, url: str) -> places.Place:
        """The first releases wrote neither address nor port."""
        own = self.url('')
        name = url.removeprefix(
            own if url.startswith(own) else 'sheepdog://')
        if name == url or not places.is_name(name):
            raise exceptions.BadLocation()
        return places.named(self._daemon, name, self.url(name))

    def place(self, url: str) -> places.Place:
        """All daemons of a cluster have the same data."""
        return dataclasses.replace(super().place(url),
                                   container=self._daemon)

    def is_same(self, url: str, other: str) -> bool:
        """Nobody can tell whether two daemons are of the same cluster."""
        return url.partition('://')[0] in self.schemes and (
            self.owns(other) and _last(url) == self.place(other).name)

    def check(self) -> None:
        try:
            lines = self._call('cluster', 'info',
                               limit=max(1, CONF.health.timeout))
            if not any('running' in line for line in lines):
                raise dog.Failed('the cluster does not run')
        except dog.Failed as error:
            # Whoever asks, asks again soon: the log would be full of it.
            LOG.debug('Store %(id)s does not answer: %(reason)s',
                      {'id': self.id, 'reason': error.reason})
            counters.STORE_ERRORS.labels(self.id, 'check').inc()
            raise exceptions.StoreUnavailable() from None


class _Feed:
    """The buffers of a source, cut as runs take them."""

    def __init__(self, source: Buffers) -> None:
        self._source, self._rest = source, memoryview(b'')

    def views(self, length: int) -> Iterator[memoryview]:
        """Yield views of so many bytes, fewer at the end of the source."""
        while length:
            self._rest = self._rest or self._source.next_buffer()
            view = self._rest[:length]
            if not view:
                return
            length -= len(view)
            yield view
            self._rest = self._rest[len(view):]

    def fill(self, held: bytearray) -> int:
        """:returns: how many bytes of `held` there are now"""
        count = 0
        for view in self.views(len(held)):
            held[count:count + len(view)] = view
            count += len(view)
        return count


@contextlib.contextmanager
def _translated(store_id: str, verb: str,
                is_over: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Failed runs become errors of ours, which tell nothing of the cluster.

    :param is_over: whether nobody wants to know any more
    """
    try:
        yield
    except dog.Failed as error:
        if is_over():
            raise exceptions.StoreUnavailable() from None
        kind = next((kind for text, kind in _TABLE.get(verb, ())
                     if text in error.reason.lower()),
                    exceptions.StoreUnavailable)
        if kind.status >= 500 or kind is exceptions.StorageFull:
            counters.STORE_ERRORS.labels(store_id, verb).inc()
            LOG.error('Store %(id)s: %(verb)s failed: %(reason)s',
                      {'id': store_id, 'verb': verb, 'reason': error.reason})
        raise kind() from None


def _name(image_id: str, attempt: str) -> str:
    return '%s-%s' % (image_id, attempt)


def _last(url: str) -> str:
    return url.partition('://')[2].rpartition(':')[2]


def _aligned(size: int, unit: int) -> int:
    """:returns: of bytes, as many as fill whole objects of the cluster"""
    return size - size % unit if size > unit else size


def _seconds(text: str) -> float:
    """What does not tell its age counts as new."""
    return int(text) if text.isdecimal() else time.time()


def _version(vdi: _Vdi) -> tuple[str, str]:
    return vdi['id'], vdi['made']
