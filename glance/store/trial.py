"""A trial of a store: everything that the service does with one, done once.

What it writes is named after an image that there is not. Should the trial be
killed, a conductor finds that like anything else that a dead writer has left.
"""

from collections.abc import Callable, Iterator
import time
import typing
import uuid

from glance.common import concurrency
from glance.common import exceptions
from glance.store import driver
from glance.store.transfer import sources

_DATA = bytes(range(256)) * 4096
# A range across what drivers read at once.
_OFFSET, _LENGTH = (256 << 10) - 100, 200
_ROOM = 1 << 30
# S3 refuses what is a quarter of an hour away.
_SKEW = 300

_ADVICE = {
    'reach': 'See that the server runs, that this host reaches it, and that '
             'address and credentials are right.',
    'write': 'See that the user of the store may write, and that its folder, '
             'pool, bucket or container exists.',
    'size': 'See that the user of the store may read what it has written.',
    'read': 'See that the user of the store may read what it has written, '
            'and that nothing in between changes or keeps answers.',
    'range': 'See that what stands between passes ranges on.',
    'delete': 'See that the user of the store may delete.',
    'room': 'Make room before images are refused.',
    'clock': 'Set the clocks by NTP, here and there.'}

# What not all stores tell.
_ASKED = ('clock', 'room')
# Others make sense all the same when these fail.
_HARMLESS = (*_ASKED, 'range')
# When these fail, there is something to remove.
_WRITTEN = ('write', 'size', 'read', 'delete')

# Gives what there is to tell of a step that went well.
_Run = Callable[[], str | None]


class Outcome(typing.NamedTuple):
    """:ivar step: its name
    :ivar seconds: it took
    :ivar note: what there is to tell, None for nothing
    :ivar problem: why it failed, None if it did not
    :ivar advice: what to do about that
    """

    step: str
    seconds: float
    note: str | None = None
    problem: str | None = None
    advice: str | None = None


def run(store: driver.Driver, limit: float) -> Iterator[Outcome]:
    """Try a store; what depends on a step that failed is left out.

    :param limit: seconds that one step may take
    """
    trial = _Trial(store)
    for step, method in trial.steps():
        outcome = _timed(step, method, limit)
        if step in _ASKED and not outcome.note and not outcome.problem:
            continue
        yield outcome
        if outcome.problem and step not in _HARMLESS:
            if step in _WRITTEN:
                _timed('delete', trial.clean, limit)
            return


def _timed(step: str, method: _Run, limit: float) -> Outcome:
    begin = time.monotonic()
    note = problem = None
    try:
        note = concurrency.spawn(method).wait(limit)
    except TimeoutError:
        problem = 'It was not done within %d seconds.' % limit
    except exceptions.GlanceError as error:
        problem = error.message
    except Exception as error:
        problem = 'The driver failed: %s.' % type(error).__name__
    return Outcome(step, time.monotonic() - begin, note, problem,
                   _ADVICE[step] if problem else None)


class _Trial:

    def __init__(self, store: driver.Driver) -> None:
        self._store = store
        self._image_id = str(uuid.uuid4())
        # As attempts of units of work are named.
        self._attempt = '%s-trial-1' % uuid.uuid4()
        self._url = ''

    def steps(self) -> list[tuple[str, _Run]]:
        """Of a store that judges by itself who may write, and of one that
        nobody writes to, only what does not need more.
        """
        first: list[tuple[str, _Run]] = [
            ('clock', self._clock), ('reach', self._store.check),
            ('room', self._room)]
        if self._store.read_only or self._store.has_readers:
            return first
        return [*first, ('write', self._write), ('size', self._size),
                ('read', self._read), ('range', self._range),
                ('delete', self._delete)]

    def _room(self) -> str | None:
        free = self._store.free_space()
        if free is None:
            return None
        text = '%.1f GiB free' % (free / (1 << 30))
        if free < _ROOM:
            raise exceptions.StorageFull('Only %s.' % text)
        return text

    def _clock(self) -> str | None:
        ahead = self._store.clock_ahead()
        if ahead is None:
            return None
        text = '%+.1f s from ours' % ahead
        if abs(ahead) > _SKEW:
            raise exceptions.StoreUnavailable(
                'The clock of the store is %s.' % text)
        return text

    def _write(self) -> None:
        meter = sources.Meter(len(_DATA), cap=None)
        source = sources.Serial(sources.Memory(_DATA), meter, ())
        self._url = self._store.write(self._image_id, self._attempt, source,
                                      len(_DATA)).url

    def clean(self) -> None:
        """Remove what is left when a step has failed."""
        self._store.discard_failed(self._image_id, self._attempt)

    def _size(self) -> None:
        self._demand(self._store.size(self._url) == len(_DATA))

    def _read(self) -> None:
        self._demand(self._all_of(self._url) == _DATA)

    def _range(self) -> None:
        self._demand(self._all_of(self._url, _OFFSET, _LENGTH)
                     == _DATA[_OFFSET:_OFFSET + _LENGTH])

    def _all_of(self, *args: typing.Any) -> bytes:
        reader = self._store.open(*args)
        try:
            return b''.join(reader)
        finally:
            reader.close()

    @staticmethod
    def _demand(is_right: bool) -> None:
        if not is_right:
            raise exceptions.StoreUnavailable(
                'What came is not what was written.')

    def _delete(self) -> None:
        self._store.settle(self._image_id, self._attempt)
        self._store.delete(self._url)
        try:
            self._store.size(self._url)
        except exceptions.NotFound:
            return
        raise exceptions.StoreUnavailable('It is still there.')
