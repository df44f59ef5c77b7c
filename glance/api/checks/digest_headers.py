"""What the headers of a request say about its body, beside the size.

Content-MD5 is base64, or the hexadecimal text that this service gives with a
download. Digest is that of RFC 3230, Content-Digest and Repr-Digest are those
of RFC 9530; as no coding is taken, all of them are about the same bytes.
Algorithms that are not known are passed over, as the RFCs say.
"""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
import re

from glance.common import exceptions
from glance.store.checks import digests
from glance.store.transfer import contracts

_DICTIONARIES = ('Content-Digest', 'Repr-Digest')
NAMES = ('Content-MD5', 'Digest', *_DICTIONARIES)
_FIELDS = {name.lower() for name in NAMES}
# A member of a structured dictionary (RFC 9651) whose value is bytes.
_MEMBER = re.compile(r'([a-z*][a-z0-9_\-.*]*)=:([A-Za-z0-9+/]*={0,2}):'
                     r'(?:;[ ]*[a-z*][a-z0-9_\-.*]*(?:=[^",;]+)?)*\Z')
_INSTANCE = re.compile(r"([A-Za-z0-9!#$%&'*+\-.^_`|~]+)=([!-~]+)\Z")
_HEXADECIMAL = re.compile(r'[0-9A-Fa-f]{32}\Z')

# Gives the value of a field, or None.
_Get = Callable[[str], str | None]


def checks(headers: Mapping[str, str],
           trailers: Callable[[], Mapping[str, str]] = dict
           ) -> list[contracts.Check]:
    """:param trailers: gives, at the end of the data, {name in lower case:
        value} of the fields that follow it
    :returns: what `receive` has to check the data with, a list
    :raises BadRequest: a part of the data, or a malformed digest
    :raises UnsupportedMediaType: the data is encoded
    """
    if 'Content-Range' in headers:
        raise exceptions.BadRequest(
            'An image takes all of its data in one request: Content-Range is '
            'for the answers to downloads.')
    for coding in headers.get('Content-Encoding', '').split(','):
        if coding.strip().lower() not in ('', 'identity'):
            raise exceptions.UnsupportedMediaType(
                'Image data is taken as it is, without a Content-Encoding.')
    announced = {name.strip().lower()
                 for name in headers.get('Trailer', '').split(',')}
    return [digests.Check(
        list(_expected(headers.get)),
        lambda: list(_expected(lambda name: trailers().get(name.lower()))),
        not announced.isdisjoint(_FIELDS))]


def check(headers: Mapping[str, str], data: bytes | bytearray) -> None:
    """:param data: the whole body, of any request
    :raises BadRequest: it is not what its digests say, or one is malformed
    """
    found = digests.Check(list(_expected(headers.get)))
    found.feed(memoryview(data))
    found.finish()


def _expected(get: _Get) -> Iterator[digests.Expected]:
    """Gives (field, algorithm, digest) for what can be checked.

    :param get: gives the value of a field, or None
    """
    text = get('Content-MD5')
    if text is not None:
        yield 'Content-MD5', 'md5', _content_md5(text.strip())
    for algorithm, value in _members('Digest', get, _INSTANCE):
        if digests.size(algorithm):
            yield 'Digest', algorithm, _decoded('Digest', algorithm, value)
    for field in _DICTIONARIES:
        for algorithm, value in _members(field, get, _MEMBER):
            digest = _decoded(field, algorithm, value)
            if digests.size(algorithm):
                yield field, algorithm, digest


def _content_md5(text: str) -> bytes:
    if _HEXADECIMAL.match(text):
        return bytes.fromhex(text)
    return _decoded('Content-MD5', 'md5', text)


def _members(field: str, get: _Get, pattern: re.Pattern[str]
             ) -> Iterator[tuple[str, str]]:
    text = (get(field) or '').strip(' \t')
    for part in text.split(',') if text else ():
        match = pattern.match(part.strip(' \t'))
        if not match:
            raise _malformed(field)
        yield match[1].lower(), match[2]


def _decoded(field: str, algorithm: str, text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _malformed(field)
    if digests.size(algorithm) not in (None, len(digest)):
        raise _malformed(field)
    return digest


def _malformed(field: str) -> exceptions.BadRequest:
    return exceptions.BadRequest('The header %s is malformed.' % field)
