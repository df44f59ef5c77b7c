"""The names that object and block stores give what they keep."""

import re
import typing

_ID = r'[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
# Users may choose the id of an image.
_IMAGE = r'[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}'
# Attempts begin with the id of the work they are for.
_NAME = re.compile(
    r'(?P<image_id>%s)(?:-(?P<attempt>%s(?:-[a-z_]+-[0-9]+)?)'
    r'(?:-(?P<segment>[0-9]{5,}))?)?\Z' % (_IMAGE, _ID))


class Name(typing.NamedTuple):
    """:param attempt: None in names that are for good
    :param segment: its number as a text; None for whole data
    """

    image_id: str
    attempt: str | None
    segment: str | None


def parse(text: str) -> Name | None:
    """:returns: Name, None if it is not one of ours"""
    match = _NAME.match(text)
    return Name(**match.groupdict()) if match else None
