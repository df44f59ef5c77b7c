"""What API hosts have on their disks."""

import typing

# [`last_accessed`, `id`] of an entry
After = list[float | int]


class Entry(typing.TypedDict):
    """An image that a host has; times are seconds since the epoch."""

    id: int
    image_id: str
    size: int           # bytes
    hits: int
    checksum: str | None
    last_accessed: float
    last_modified: float
    gone: bool          # whether the image is deleted


class Listing(typing.TypedDict):
    """What a host has, and what it is to fetch."""

    cached: list[Entry]     # the one used longest ago first
    queued: list[str]       # image ids
