"""An image, lists of images, and what is to change of an image.

Sizes are bytes but for min_ram (MiB) and min_disk (GiB); times are ISO text
in UTC to the second.
"""

import typing

from glance.objects import attributes
from glance.objects import location
from glance.objects import quota

# Image id, project id, whether for an administrator. An administrator with
# null as project is the service itself, which gets what has just changed, also
# when replicas lag behind.
Asked = tuple[str, str | None, bool]
# [column, eq neq gt gte lt lte or in, value]
Filter = list[typing.Any]
# [column, "asc" or "desc"]
Order = list[str]


class NewImage(attributes.New):
    """An image that is to be made; it will be queued."""

    id: str
    properties: dict[str, str]
    tags: list[str]


class Record(attributes.Stored):
    """An image, whoever asks."""

    properties: dict[str, str | None]
    tags: list[str]     # sorted
    locations: list[location.Location]
    # With [usage] enabled, since 1.10.
    os_usage_count: typing.NotRequired[int]
    os_last_used_at: typing.NotRequired[str | None]


class Shared(Record):
    """An image, with those of some projects that are members of it."""

    members: list[str]


class Image(Record):
    """An image as its caller sees it."""

    member: str | None      # the caller's project, if the image is shared


class Seen(typing.TypedDict):
    """What one caller sees of a record that several share."""

    id: str
    member: str | None


class Fitting(typing.TypedDict):
    """As many images as fit into an answer; since 1.9."""

    images: dict[str, Record]       # by id, each once
    seen: list[Seen | None]         # for each that was asked for
    left_out: list[str]             # ids that have to be asked for again


class Query(typing.TypedDict):
    """A page of a list of images."""

    filters: list[Filter]
    properties: dict[str, str]
    tags: list[str]         # all of them match
    visibility: str | None  # or all
    member_status: str      # accepted, pending, rejected or all
    os_hidden: bool
    sort: list[Order]       # ends in id
    marker: str | None      # id
    limit: int
    # Of the texts of the page, unless its first image has more.
    max_bytes: typing.NotRequired[int]


class Page(typing.TypedDict):
    """The images of a page."""

    images: list[Image]
    is_cut: bool    # whether there are fewer than the limit as they are large


class ChangeLimits(typing.TypedDict, total=False):
    """How many an image may have, negative for no limit."""

    properties: int
    tags: int


class Changes(typing.TypedDict, total=False):
    """What is to change of an image; what is not named stays."""

    attributes: attributes.Changed
    set_properties: dict[str, str]
    remove_properties: list[str]
    must_exist: list[str]           # names of properties
    must_not_exist: list[str]
    tags: list[str]                 # all of them
    if_status: list[str]
    limits: ChangeLimits
    # Whether stores have to be told who may read; since 1.7.
    readers: bool


class LocationChanges(typing.TypedDict):
    """What is to change of the locations of an image; since 1.3."""

    before: list[location.Where]    # as the caller has seen them
    after: list[location.Wanted]
    limit: int                      # most of them, negative for no limit
    size: int                       # of each
    attributes: location.Facts      # of an image that gets its first one
    project_limits: quota.Limits


class LocatedChanges(Changes):
    """With what is to change of the locations."""

    locations: LocationChanges


class Values(attributes.Changed, total=False):
    """With what an image becomes active."""

    properties: dict[str, str]
