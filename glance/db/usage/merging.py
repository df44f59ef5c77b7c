"""What the statements on one consumer come to, whatever their order.

For each image that a consumer was said to rest on the earliest and the latest
moment are kept, and the earliest at which the consumer was said to be gone.
Each is a minimum or a maximum: statements may come late, twice or shuffled and
what is kept stays the same. Where uses have ended follows from all that is
kept of the consumer. A server that returns to an image of before (A, B, A) is
one use of A from its first day on, and of B until it was last said of B.
"""

from collections.abc import Iterable, Mapping
import typing

from glance.objects import usage

# The image of those who rest on none, or of whom nobody says on which.
NONE = ''


class Known(typing.NamedTuple):
    """What was said of a consumer and an image, in milliseconds."""

    since_ms: int
    seen_ms: int
    project_id: str | None
    gone_ms: int | None


# By image.
Uses = Mapping[str, Known]


def merge(known: Uses, said: Iterable[usage.Statement]) -> dict[str, Known]:
    """:returns: what is known with some more statements on one consumer"""
    found = dict(known)
    for one in said:
        at, image_id = one['at_ms'], one['image_id'] or NONE
        new = Known(at, at, one['project_id'], at if one['is_gone'] else None)
        found[image_id] = _joined(found.get(image_id, new), new)
    return found


def _joined(one: Known, other: Known) -> Known:
    gone = [moment for moment in (one.gone_ms, other.gone_ms)
            if moment is not None]
    # A volume may change its project: the newest counts.
    newest = max(one, other, key=lambda known: (known.seen_ms,
                                                known.project_id or ''))
    return Known(min(one.since_ms, other.since_ms),
                 max(one.seen_ms, other.seen_ms), newest.project_id,
                 min(gone, default=None))


def ends(known: Uses) -> dict[str, int | None]:
    """:returns: {image: when its use has ended, None where it goes on}"""
    return {image_id: _end(image_id, known) for image_id in known}


def _end(image_id: str, known: Uses) -> int | None:
    use = known[image_id]
    if image_id == NONE:
        return use.seen_ms
    moments = []
    newer = [other for key, other in known.items()
             if (other.seen_ms, key) > (use.seen_ms, image_id)]
    if newer:
        moments.append(min((other.since_ms for other in newer
                            if other.since_ms > use.seen_ms),
                           default=use.seen_ms))
    gone = [other.gone_ms for other in known.values()
            if other.gone_ms is not None]
    if gone:
        moments.append(max(use.since_ms, min(gone)))
    return min(moments, default=None)
