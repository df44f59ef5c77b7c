"""What may become of an image, where the API and the registry both judge.

The registry decides, under the row lock. The API asks the same before where a
refusal saves a call, or has to come before something else is done.
"""

from collections.abc import Collection

from glance.common import exceptions
from glance.objects import states

_LOCATED = (states.QUEUED, states.ACTIVE)


def check_unprotected(image_id: str, is_protected: bool) -> None:
    """:raises Forbidden: it must not be deleted"""
    if is_protected:
        raise exceptions.Forbidden(
            'Image %s is protected and cannot be deleted.' % image_id)


def check_may_be_located(status: str) -> None:
    """:raises Conflict: its locations are not for users to change"""
    if status not in _LOCATED:
        raise exceptions.Conflict(
            'Locations cannot be changed while the image is %s.' % status)


def check_is_left(usable: Collection[object]) -> None:
    """:param usable: what an image would have of its locations
    :raises Forbidden: nothing
    """
    if not usable:
        raise exceptions.Forbidden(
            'The last location of an image cannot be removed.')


def check_limit(what: str, limit: int, count: int, is_more: bool) -> None:
    """Lowering a limit makes nobody's image unchangeable.

    :param what: is counted
    :param limit: negative for none
    :param count: how many there would be
    :param is_more: whether any of them is new
    :raises LimitExceeded:
    """
    if 0 <= limit < count and is_more:
        raise exceptions.LimitExceeded(
            'The limit has been exceeded on the number of allowed image '
            '%s. Attempted: %d, Maximum: %d' % (what, count, limit))
