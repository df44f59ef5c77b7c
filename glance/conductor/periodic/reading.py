"""Read the data of a location slowly, and judge it."""

from collections.abc import Callable
import time
import typing

from oslo_log import log

from glance.common import exceptions
from glance.conductor.periodic import run as runs
from glance.conf import CONF
from glance.objects import at_rest
from glance.objects import location as location_types
from glance.store.checks import hashing
from glance.store.checks import inspection
from glance.store import driver

LOG = log.getLogger(__name__)


class Throttle:
    """Keeps all readings of one run together below a rate.

    :param rate: bytes per second
    """

    def __init__(self, run: runs.Run, rate: int) -> None:
        self._run, self._rate = run, rate
        self._until = time.monotonic()

    def take(self, count: int) -> None:
        """Wait until so many bytes may have been read.

        :raises Exception: the run has to stop
        """
        now = time.monotonic()
        # What was not read in the last second may be caught up with.
        self._until = max(self._until, now - 1) + count / self._rate
        self._run.pause(self._until - now)


def read(store: driver.Driver, image: at_rest.Audited,
         location: location_types.Where, throttle: Throttle,
         ) -> tuple[location_types.AllFacts | None, str | None]:
    """Read a location from beginning to end.

    :returns: (facts, reason): what the data says of itself, and why it is
        bad: missing, size, hash; None when it is right
    :raises StoreUnavailable: the store fails: nothing is known
    """
    view = _View(image, throttle)
    try:
        data: location_types.Facts = hashing.digest(
            store, location['url'],
            hashing.algorithm_for(image['os_hash_algo']), view.tick,
            view.feed)
    except exceptions.NotFound:
        return None, 'missing'
    if image['os_hash_algo'] not in (None, data['os_hash_algo']):
        # Nobody here can compute the hash that the image has.
        data['os_hash_algo'] = data['os_hash_value'] = None
    facts = typing.cast(location_types.AllFacts, dict(
        data, virtual_size=view.virtual_size()))
    return facts, _reason(image, data)


def _reason(image: at_rest.Audited, data: location_types.Facts) -> str | None:
    facts = ((image['size'], data['size'], 'size'),
             (image['checksum'], data['checksum'], 'hash'),
             (image['os_hash_value'], data['os_hash_value'], 'hash'))
    for known, found, reason in facts:
        if None not in (known, found) and known != found:
            return reason
    return None


class _View:
    """What is done with the bytes beside hashing them."""

    def __init__(self, image: at_rest.Audited, throttle: Throttle) -> None:
        self._throttle, self._total = throttle, 0
        self._inspector: inspection.Inspector | None = None
        if image['virtual_size'] is None:
            self._inspector = inspection.for_image(image, CONF)

    def tick(self, total: int) -> None:
        self._throttle.take(total - self._total)
        self._total = total

    def feed(self, chunk: bytes) -> None:
        self._inspect(lambda inspector: inspector.feed(memoryview(chunk)))

    def virtual_size(self) -> int | None:
        self._inspect(lambda inspector: inspector.finish())
        size: int | None = None
        if self._inspector is not None:
            size = self._inspector.virtual_size
        return size

    def _inspect(self, do: Callable[[inspection.Inspector], object]) -> None:
        if self._inspector is None:
            return
        try:
            do(self._inspector)
        except exceptions.ContentRejected as error:
            # It was let in by an older release: that is not for us to judge.
            LOG.debug('The virtual size remains unknown: %s', error)
            self._inspector = None
