"""Which stores the data of an upload or an import goes to."""

from collections.abc import Mapping
import typing

from glance.api import services
from glance.common import concurrency
from glance.common import exceptions
from glance.store import backends
from glance.store import driver

_HEADER = 'X-Image-Meta-Store'


def from_header(headers: Mapping[str, str]) -> str | None:
    return headers.get(_HEADER)


def for_upload(headers: Mapping[str, str]) -> driver.Driver:
    """:raises BadRequest: there is no such store
    :raises StoreUnavailable: it is known to be away
    """
    stores = services.stores()
    store_id = from_header(headers)
    # The header means nothing where there is one store only.
    store = (stores.default if store_id is None or not stores.multi
             else stores.get(store_id))
    if store.breaker.is_open:
        concurrency.run_blocking(store.breaker.demand)
    return store


def select(body: Mapping[str, typing.Any], store_id: str | None
           ) -> tuple[list[str], bool]:
    """The stores of a request.

    :param body: of the import, in good form
    :param store_id: the one of the header, or None
    :returns: (ids, whether all of them have to take the data)
    :raises Conflict: there is no such store, or it takes no data
    :raises BadRequest: several ways to name stores at once
    """
    stores = services.stores()
    must_succeed = body.get('all_stores_must_succeed', True)
    if not stores.multi:
        if not must_succeed:
            raise exceptions.BadRequest(
                'all_stores_must_succeed can be false only where there are '
                'several stores.')
        return [stores.default_id], True
    named, everywhere = body.get('stores'), body.get('all_stores', False)
    if bool(named) + bool(everywhere) + (store_id is not None) > 1:
        raise exceptions.BadRequest(
            'stores, all_stores and the header %s exclude each other.'
            % _HEADER)
    if everywhere:
        writable = [store.id for store in stores if not store.read_only]
        return writable, must_succeed
    if store_id is not None:
        named = [store_id]
    named = dict.fromkeys(named or [stores.default_id])
    return [_checked(stores, each) for each in named], must_succeed


def one(store_id: str) -> str:
    """:returns: the id of a store that takes data
    :raises Conflict: it is none
    """
    return _checked(services.stores(), store_id)


def _checked(stores: backends.Stores, store_id: str) -> str:
    try:
        store = stores.get(store_id)
    except exceptions.BadRequest as error:
        raise exceptions.Conflict(error.message) from None
    if store.read_only:
        raise exceptions.Conflict('The store %s takes no data.' % store_id)
    return store.id
