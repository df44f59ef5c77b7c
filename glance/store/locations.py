"""Locations as older releases wrote them, put right when they are read."""

from collections.abc import Iterable
import typing

from glance.common import exceptions
from glance.objects import location as location_types
from glance.store import backends
from glance.store import driver

_Location = typing.TypeVar('_Location', bound=location_types.Where)


def repaired(stores: backends.Stores, location: location_types.Where
             ) -> location_types.Where:
    """What the location should say.

    The store is the one that the URL leads into, whatever its id was when the
    data was written. The URL is as that store writes it today, where this
    needs no credentials: those of S3 are no part of a URL any more, that of a
    volume names its store.
    """
    url, metadata = location['url'], location['metadata']
    store = _store_of(stores, url, location_types.store_of(location))
    if store is not None:
        url = _modern(store, url)
        if stores.multi:
            metadata = dict(metadata, store=store.id)
    return {'url': url, 'metadata': metadata}


def unknown(stores: backends.Stores, location: location_types.Where) -> bool:
    """:returns: whether the location names nothing that its store can have
        made, so that it is neither read nor removed
    """
    try:
        stores.place(location)
    except (exceptions.BadLocation, exceptions.BadRequest):
        return True
    except exceptions.StoreUnavailable:
        return False
    return False


def refused(stores: backends.Stores, location: location_types.Where) -> bool:
    """:returns: whether its store does not read it as it is configured; it
        may block
    """
    try:
        return stores.by_location(location).refuses(location['url'])
    except exceptions.BadRequest:
        return False


def repairs(stores: backends.Stores, locations: Iterable[_Location]
            ) -> list[tuple[_Location, location_types.Where]]:
    """What to write where locations do not say what they should.

    :returns: [(location, as `repaired`), ...]
    """
    pairs = [(location, repaired(stores, location)) for location in locations]
    return [(old, new) for old, new in pairs
            if (old['url'], old['metadata']) != (new['url'], new['metadata'])]


def _store_of(stores: backends.Stores, url: str, store_id: str | None
              ) -> driver.Driver | None:
    """The store that it is named after, if the URL leads there, else the one
    that it leads to; none where that could be several.
    """
    owners = [store for store in stores if store.owns(url)]
    for store in owners:
        if store.id == store_id:
            return store
    return owners[0] if owners and not (
        len(owners) > 1 and _is_short(url)) else None


def _is_short(url: str) -> bool:
    """Whether it is the URL of a volume without the store it is in."""
    return url.startswith('cinder://') and '/' not in url[len('cinder://'):]


def _modern(store: driver.Driver, url: str) -> str:
    place = store.place(url)
    return url if place.url is None or '@' in place.url else place.url
