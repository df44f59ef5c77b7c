"""Places: what the URLs of locations stand for.

A URL is a text, and many texts lead to one object, or seem to name an object
while they lead to another. So texts are never compared nor followed: the
driver of a store reads a URL into a place once, and refuses what no writer of
such a store has ever written.
"""

from collections.abc import Hashable
import dataclasses
import re

from glance.common import exceptions
from glance.store import object_names

# No separator, nothing encoded, not hidden, and so no dot segment either.
_NAME = re.compile(r'[A-Za-z0-9_][A-Za-z0-9_.~-]*', re.ASCII)


@dataclasses.dataclass(frozen=True)
class Place:
    """Two places are equal when their data is the same.

    :ivar container: what the data is in, with all that tells it from others
    :ivar name: of the data in there
    :ivar image_id: the image that it is named after, None for other names
    :ivar attempt: of the writer, None where the name does not hold it
    :ivar url: as the writer of today writes it; None where it would not
    """

    container: Hashable
    name: str
    image_id: str | None = dataclasses.field(default=None, compare=False)
    attempt: str | None = dataclasses.field(default=None, compare=False)
    url: str | None = dataclasses.field(default=None, compare=False)


# What follows the name in the URLs of some schemes.
_REST = {'rbd': re.compile(r'/snap'), 'vsphere': re.compile(
    r'\?(?:dcPath|dsName)=[A-Za-z0-9%+._-]+&(?:dcPath|dsName)='
    r'[A-Za-z0-9%+._-]+', re.ASCII)}
_NOTHING = re.compile('')


def is_name(text: str) -> bool:
    """:returns: whether data can have this name, and needs no encoding"""
    return _NAME.fullmatch(text) is not None


def named(container: Hashable, name: str, url: str | None) -> Place:
    """A place whose name is one that we give to objects, or any other.

    :raises BadLocation: what we have under such a name is no whole image
    """
    ours = object_names.parse(name)
    if ours is None:
        return Place(container, name, url=url)
    if ours.segment is not None:
        raise exceptions.BadLocation()
    return Place(container, name, ours.image_id, ours.attempt, url)


def former(prefix: str, url: str) -> Place:
    """A place of an earlier configuration, where nothing is written any more.

    :param prefix: that the URL begins with, up to the name
    :raises BadLocation: more follows than a name
    """
    name = re.split('[/?]', url.removeprefix(prefix))[0]
    rest = _REST.get(url.partition('://')[0], _NOTHING)
    if not is_name(name) or not rest.fullmatch(url[len(prefix + name):]):
        raise exceptions.BadLocation()
    return named((prefix, url[len(prefix + name):]), name, None)


def below(prefix: str, url: str) -> str:
    """:returns: the one name that follows the prefix in the URL
    :raises BadLocation: it is elsewhere, or more than a name follows
    """
    name = url.removeprefix(prefix)
    if not url.startswith(prefix) or not is_name(name):
        raise exceptions.BadLocation()
    return name
