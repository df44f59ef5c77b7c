"""Attributes of images that are there only while it is known who uses them."""

from glance.conf import CONF
from glance.objects import attributes
from glance.objects import image as image_types


def is_known(name: str) -> bool:
    """Whether lists may be filtered or sorted by an attribute."""
    return name not in attributes.USAGE or CONF['usage'].enabled


def are_used(query: image_types.Query) -> bool:
    """Whether a list is filtered or sorted by one of them."""
    names = {column for column, _operator, _value in query['filters']}
    names.update(key for key, _direction in query['sort'])
    return not names.isdisjoint(attributes.USAGE)
