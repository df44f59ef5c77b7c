"""Which URLs a caller may give as places of image data."""

import hashlib
import re

from glance.api import services
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import uris
from glance.objects import image as image_types
from glance import policy
from glance.store import driver
from glance.store import places

WEB = ('http://', 'https://')
_WEB = ('http', 'https')
# Nothing that is not named here can be added, whatever stores there are:
# most stores know URLs of their own that lead to files of the host.
_USERS = frozenset(_WEB + ('rbd', 's3', 's3+http', 's3+https', 'swift',
                           'swift+http', 'swift+https', 'vsphere'))
_SERVICES = _USERS | {'cinder'}
_HEX = re.compile(r'[0-9a-fA-F]+\Z')
_UNREACHABLE = 'There is no data at the location, or it cannot be reached.'


def find_store(ctxt: context.RequestContext, image: image_types.Record,
               url: str) -> driver.Driver:
    """The store that a new location is in.

    :raises BadRequest: nobody may use such a URL, or no store has it
    :raises Forbidden: this caller may not use it
    """
    is_service = policy.check(ctxt, 'service_api')
    scheme = url.partition(':')[0]
    if scheme not in (_SERVICES if is_service else _USERS):
        raise exceptions.BadRequest(
            'Locations of this scheme cannot be added.')
    store = services.stores().by_url(url)
    place = _place(store, url)
    if scheme not in _WEB and not is_service:
        _check_is_own(image, place)
    return store


def _place(store: driver.Driver, url: str) -> places.Place:
    """What is new is written as the store itself would write it."""
    try:
        place = store.place(url)
    except exceptions.BadLocation:
        place = None
    if place is None or place.url != url:
        raise exceptions.BadRequest(
            'The location is in none of the stores of this service, or is '
            'not written as its store does.') from None
    return place


def _check_is_own(image: image_types.Record, place: places.Place) -> None:
    """The service reads with its own credentials, and removes what it reads:
    users may only name what was made for this image.
    """
    if place.image_id != image['id']:
        raise exceptions.Forbidden(
            'The location does not name the image that it is added to.')


def judge(url: str) -> None:
    """What is added now obeys the rules for new URLs, whoever adds it.

    :raises BadRequest: with the reason
    """
    if url.startswith(WEB):
        concurrency.run_blocking(uris.check, url)


def size(store: driver.Driver, url: str, ctxt: context.RequestContext) -> int:
    """How many bytes are at a new location.

    :raises BadRequest: none, or the store cannot tell
    """
    try:
        found = store.strict.size(url, context=ctxt)
    except exceptions.GlanceError:
        found = 0
    if not found:
        raise exceptions.BadRequest(_UNREACHABLE)
    return found


def check_hash(algorithm: str, value: object,
               error: type[exceptions.GlanceError]) -> None:
    """:param error: class to raise when it is no digest of this algorithm"""
    length = 2 * hashlib.new(algorithm, usedforsecurity=False).digest_size
    if (not isinstance(value, str) or len(value) != length
            or not _HEX.match(value)):
        raise error('The %s hash has not %d hexadecimal digits.'
                    % (algorithm, length))
