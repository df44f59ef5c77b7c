"""Which part of the data a download asks for."""

from collections.abc import Mapping
import re

from glance.common import exceptions

_RANGE = re.compile(r'bytes\s*=\s*([0-9]{0,19})-([0-9]{0,19})\s*\Z', re.ASCII)
_CONTENT_RANGE = re.compile(
    r'bytes\s+([0-9]{1,19})-([0-9]{1,19})/(?:[0-9]{1,19}|\*)\s*\Z', re.ASCII)

# Offset and length, bytes.
Part = tuple[int, int]


def parse(headers: Mapping[str, str], size: int) -> Part | None:
    """:param headers: of the request: Range, or Content-Range as older
                       clients send it
    :param size: bytes of the whole
    :returns: (offset, length), or None for the whole
    :raises BadRequest: several ranges
    :raises RangeNotSatisfiable: malformed, or nothing of it is there
    """
    text = headers.get('Range')
    if text is not None:
        if ',' in text:
            raise exceptions.BadRequest('Only one range can be served.')
        return _part(_RANGE.match(text.strip()), size)
    text = headers.get('Content-Range')
    if text is not None:
        return _part(_CONTENT_RANGE.match(text.strip()), size)
    return None


def _part(match: re.Match[str] | None, size: int) -> Part:
    if match is None or not any(match.groups()):
        raise _refused('The range is malformed.', size)
    first, last = match.groups()
    if not first:
        # The last bytes, or all if there are fewer.
        offset, end = max(size - int(last), 0), size
    else:
        offset = int(first)
        end = min(int(last) + 1, size) if last else size
        if last and int(last) < offset:
            raise _refused('The range ends before it begins.', size)
    if offset >= end:
        raise _refused('The range is outside the data.', size)
    return offset, end - offset


def _refused(message: str, size: int) -> exceptions.RangeNotSatisfiable:
    return exceptions.RangeNotSatisfiable(message, size=size)
