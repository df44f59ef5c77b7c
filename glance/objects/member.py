"""A project that an image is shared with."""

import typing


class Member(typing.TypedDict):
    """Times are ISO text in UTC to the second."""

    image_id: str
    member_id: str      # of the project
    status: str         # pending, accepted or rejected
    created_at: str
    updated_at: str | None
