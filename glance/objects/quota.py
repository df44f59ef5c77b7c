"""What a project uses and may use; see `glance.common.limits`.

Totals are bytes, counts are images.
"""

import typing


class Usage(typing.TypedDict):
    """What is there, and what unfinished work holds."""

    image_size_total: int
    image_stage_total: int
    image_count_total: int
    image_count_uploading: int


class Limits(typing.TypedDict, total=False):
    """What is not named has no limit."""

    image_size_total: int
    image_stage_total: int
    image_count_total: int
    image_count_uploading: int


class Held(typing.TypedDict, total=False):
    """Bytes that unfinished work is charged with."""

    store_bytes: int
    stage_bytes: int
