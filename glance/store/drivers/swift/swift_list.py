"""What a container of Swift holds, by the names the store gives.

An image consists of objects whose names begin alike. Which of them its
manifest refers to is asked from the manifest: listings may be behind.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
import datetime
import itertools
import typing

from glance.store import object_names

# Of the listing of a container.
Entry = dict[str, typing.Any]
_Pair = tuple[object_names.Name, Entry]


class Whole(typing.NamedTuple):
    """:param attempt: that left only some segments; None for whole data
    :param name: of the object, None for segments
    """

    image_id: str
    attempt: str | None
    name: str | None
    size: int
    changed: float


def read(entries: Iterable[Entry], pieces: Callable[[str], Sequence[str]]
         ) -> Iterator[Whole]:
    """:param entries: of the container, sorted by their names
    :param pieces: gives the names that the object of a name consists of
    """
    pairs = ((name, entry) for entry in entries
             if (name := object_names.parse(entry['name'])))
    for image_id, group in itertools.groupby(
            pairs, lambda pair: pair[0].image_id):
        yield from _of_image(image_id, list(group), pieces(image_id))


def _of_image(image_id: str, pairs: Sequence[_Pair], pieces: Sequence[str]
              ) -> Iterator[Whole]:
    parts = [pair for pair in pairs if pair[1]['name'] in pieces]
    for name, entry in pairs:
        if name.attempt is None:
            yield _whole(image_id, None, entry['name'],
                         parts or [(name, entry)])
    left = [pair for pair in pairs
            if pair[0].attempt is not None and pair not in parts]
    for attempt, same in itertools.groupby(
            left, lambda pair: pair[0].attempt):
        group = list(same)
        names = [entry['name'] for name, entry in group
                 if name.segment is None]
        yield _whole(image_id, None if names else attempt,
                     names[0] if names else None, group)


def _whole(image_id: str, attempt: str | None, name: str | None,
           pairs: Sequence[_Pair]) -> Whole:
    # A manifest is listed with the bytes of its segments, or with none.
    counted = ([entry for parsed, entry in pairs if parsed.segment is not None]
               or [entry for _parsed, entry in pairs])
    return Whole(image_id, attempt, name,
                 sum(entry['bytes'] for entry in counted),
                 max(_moment(entry['last_modified'])
                     for _parsed, entry in pairs))


def _moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text).replace(
        tzinfo=datetime.timezone.utc).timestamp()
