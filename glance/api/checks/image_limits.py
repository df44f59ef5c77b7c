"""Limits of one image; a negative option means no limit."""

from collections.abc import Collection, Iterable

from glance.common import exceptions
from glance.conf import CONF
from glance.objects import image_rules
from glance.objects import properties as names

# What a column of the database holds.
_LARGEST = 2 ** 63 - 1


def check_properties(properties: Iterable[str]) -> None:
    """:raises LimitExceeded: 413"""
    counted = sum(not name.startswith(names.RESERVED_PREFIX)
                  for name in properties)
    _check(counted, CONF.image_property_quota, 'properties')


def check_tags(tags: Collection[str]) -> None:
    """:raises LimitExceeded: 413"""
    _check(len(tags), CONF.image_tag_quota, 'tags')


def check_new_tags(after: set[str], before: set[str]) -> None:
    """As the registry will: an image may have more than a lowered limit.

    :param after, before: sets
    :raises LimitExceeded: 413
    """
    image_rules.check_limit('tags', CONF.image_tag_quota, len(after),
                            is_more=not after <= before)


def check_size(told: int | None, length: int | None) -> int | None:
    """:param told: bytes as the client's header says, or None
    :param length: bytes of the body, None if nobody knows
    :returns: bytes that are to come, or None
    :raises UploadBroken: they do not agree
    :raises LimitExceeded: 413
    """
    if None not in (told, length) and told != length:
        raise exceptions.UploadBroken(
            'The announced size is not the length of the data.')
    size = length if told is None else told
    cap = min(CONF.image_size_cap, _LARGEST)
    if size is not None and size > cap:
        raise exceptions.LimitExceeded(
            'The image is larger than the %d bytes allowed.' % cap)
    return size


def _check(count: int, limit: int, what: str) -> None:
    if 0 <= limit < count:
        raise exceptions.LimitExceeded(
            'An image may have at most %d %s, not %d.' % (limit, what, count))
