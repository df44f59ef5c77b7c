"""Limits of one image; a negative option means no limit."""

from glance.api.schemas import image as schema
from glance.common import exceptions
from glance.conf import CONF


def check_properties(properties):
    """:raises LimitExceeded: 413"""
    counted = sum(not name.startswith(schema.RESERVED_PREFIX)
                  for name in properties)
    _check(counted, CONF.image_property_quota, 'properties')


def check_tags(tags):
    """:raises LimitExceeded: 413"""
    _check(len(tags), CONF.image_tag_quota, 'tags')


def _check(count, limit, what):
    if 0 <= limit < count:
        raise exceptions.LimitExceeded(
            'An image may have at most %d %s, not %d.' % (limit, what, count))
