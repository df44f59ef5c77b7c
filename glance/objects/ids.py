"""Identifiers: a UUID is the same one in any case, all else as it is written.

New ones are kept in small letters; former releases kept what they were given.
"""

from collections.abc import Mapping
import re
import typing

_Found = typing.TypeVar('_Found')

_UUID = re.compile(r'[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z')


def kept(text: str) -> str:
    """:returns: how a new thing with this id is called"""
    return text.lower() if _UUID.match(text) else text


def forms(text: str) -> list[str]:
    """:returns: the ids by which what is meant may be kept"""
    if not _UUID.match(text):
        return [text]
    return list(dict.fromkeys((text, text.lower(), text.upper())))


def find(found: Mapping[str, _Found], text: str) -> _Found | None:
    """:param found: {id as it is kept: anything}
    :returns: what is meant, or None
    """
    for form in forms(text):
        if form in found:
            return found[form]
    return None
