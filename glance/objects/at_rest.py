"""Data at rest: audits, images deleted with delay, objects in stores."""

import typing

from glance.objects import location

# [time of the audit before, location id]: where an entry is in the order of
# the oldest.
Place = list[int]


class Audited(location.AllFacts):
    """What is known of the image whose data is read."""

    id: str
    disk_format: str | None
    container_format: str | None


class AuditedLocation(location.Where):
    """The row of the location whose data is read."""

    id: int


class Due(typing.TypedDict):
    """Data that was not read for long."""

    image: Audited
    location: AuditedLocation
    reason: str | None      # why it is bad: missing, size or hash
    place: typing.NotRequired[Place]    # since 1.7


class Deleted(typing.TypedDict):
    """An image that was deleted with delay."""

    id: str
    size: int | None        # bytes
    owner: str | None
    deleted_at: str         # ISO text in UTC to the second


class Owner(typing.TypedDict):
    """Whose the objects are that are named after an id."""

    is_known: bool      # whether there is or was such an image or task
    is_image: bool
    is_busy: bool       # whether there is work with it
    urls: list[str]     # of locations that count
    # Name of what the task has exported; since 1.8.
    object: typing.NotRequired[str | None]
