"""Open the data of an image, wherever one of its stores has it."""

from collections.abc import Callable, Iterator, Sequence

from oslo_log import log as logging

from glance.common import context as contexts
from glance.common import exceptions
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.store import backends
from glance.store import driver

LOG = logging.getLogger(__name__)


def in_order(stores: backends.Stores, image: image_types.Record,
             preferred: Sequence[str] = ()) -> list[location_types.Location]:
    """Active locations, the one to use first.

    :param preferred: store ids that come before all others
    """
    def rank(location: location_types.Where) -> int:
        store_id = preferred and stores.id_of(location)
        return (preferred.index(store_id) if store_id in preferred
                else len(preferred))
    active = [location for location in image['locations']
              if location['status'] == states.LOCATION_ACTIVE]
    return sorted(stores.by_weight(active), key=rank)


def is_damaged(image: image_types.Record) -> bool:
    """Whether the only data there is was found to be bad."""
    statuses = {location['status'] for location in image['locations']}
    return (states.LOCATION_BAD in statuses
            and states.LOCATION_ACTIVE not in statuses)


def open_(stores: backends.Stores, image: image_types.Record,
          locations: Sequence[location_types.Where], offset: int = 0,
          length: int | None = None, context: contexts.Caller | None = None
          ) -> driver.Reader:
    """The first location that works; it may block.

    Where it fails in the middle, and the kernel does not send it by itself,
    the next one that works goes on from there.

    :param locations: as `in_order` gives them
    :raises DataDamaged: nothing but bad locations is left
    :raises NotFound, StoreUnavailable: that of the last location
    """
    for number, location in enumerate(locations, 1):
        try:
            reader = _open_one(stores, image, location, offset, length,
                               context)
        except exceptions.GlanceError as error:
            _tell(image, error)
            if number == len(locations):
                raise
            continue
        others = locations[number:]
        if not others or hasattr(reader, 'fileno'):
            return reader

        def open_rest(sent: int) -> driver.Reader:
            return open_(stores, image, others, offset + sent,
                         None if length is None else length - sent, context)
        return _Continued(image, reader, open_rest)
    raise exceptions.DataDamaged()


def _tell(image: image_types.Record, error: exceptions.GlanceError) -> None:
    LOG.warning('Image %s cannot be read from one of its stores: %s',
                image['id'], error)


def _open_one(stores: backends.Stores, image: image_types.Record,
              location: location_types.Where, offset: int, length: int | None,
              context: contexts.Caller | None) -> driver.Reader:
    store = stores.by_location(location)
    with store.breaker.watched():
        reader = store.open(location['url'], offset, length, context=context)
    reader.store_id = store.id
    expected = length
    if expected is None and image['size'] is not None:
        expected = image['size'] - offset
    if None not in (expected, reader.length) and reader.length != expected:
        reader.close()
        raise exceptions.StoreUnavailable(
            'The stored data of image %s is not whole.' % image['id'])
    return reader


class _Continued(driver.Reader):
    """The bytes of several locations of one image, one after the other.

    :param open_rest: called with how many bytes have come
    """

    def __init__(self, image: image_types.Record, reader: driver.Reader,
                 open_rest: Callable[[int], driver.Reader]) -> None:
        self._image, self._reader = image, reader
        self._open_rest = open_rest
        self._is_closed = False
        self.length, self.store_id = reader.length, reader.store_id

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        try:
            for chunk in self._reader:
                sent += len(chunk)
                yield chunk
            if sent == self.length or self.length is None:
                return
        except exceptions.GlanceError as error:
            _tell(self._image, error)
        self._reader.close()
        self._reader = self._open_rest(sent)
        if self._is_closed:
            self._reader.close()
        yield from self._reader

    def close(self) -> None:
        self._is_closed = True
        self._reader.close()
