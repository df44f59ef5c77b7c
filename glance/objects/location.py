"""Where the data of an image is, and what is known of the data.

Sizes are bytes, hashes are hexadecimal.
"""

from collections.abc import Mapping
import typing


class Where(typing.TypedDict):
    """What a location says without its row."""

    url: str
    metadata: dict[str, typing.Any]     # "store": id of the store


def store_of(where: Where) -> str | None:
    """:returns: id of the store that a location is named after; None where it
        says none, or something that is no id: users can change the metadata
    """
    metadata = where.get('metadata') or {}
    # Databases of old releases say `backend`.
    for name in ('store', 'backend'):
        if isinstance(found := metadata.get(name), str) and found:
            return found
    return None


class Location(Where):
    """A row that says where data of an image is."""

    id: int
    status: str     # active, verifying, bad or pending_delete


class OfImage(Where):
    """A row among those of all images."""

    id: int
    image_id: str


class Named(typing.TypedDict):
    """A row by its id, if it has this URL still."""

    id: int
    url: str


class Written(Where):
    """Where data was written, a location to be."""

    # Whether stores have to be told who may read; since 1.7.
    readers: typing.NotRequired[bool]


class Wanted(Where):
    """A location as a user wants to have it."""

    status: str
    hash: typing.NotRequired[bool]      # whether a conductor reads the data


class Facts(typing.TypedDict):
    """What is known of data, null where nobody knows."""

    size: int | None
    checksum: str | None    # md5
    os_hash_algo: str | None
    os_hash_value: str | None


class AllFacts(Facts):
    """With what only an inspection of the format tells."""

    virtual_size: int | None


def differ(known: Mapping[str, object], read: Mapping[str, object]) -> bool:
    """Whether data that was read, `Facts`, is not what is known of it."""
    return any(known[name] not in (None, read[name])
               for name in Facts.__annotations__)


def unknown(known: Mapping[str, object],
            read: Mapping[str, object]) -> dict[str, object]:
    """:returns: what was read, `Facts` or `AllFacts`, and nobody knew"""
    return {name: value for name, value in read.items()
            if name in AllFacts.__annotations__
            and known[name] is None and value is not None}


class Removal(typing.TypedDict):
    """The work that removes the data of a location."""

    id: str
    attempt: int    # 0 when a conductor does it later
    shared: bool    # whether another location has the same data
