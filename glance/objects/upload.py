"""Data of an image on its way: uploaded, staged, and read again.

Sizes are bytes.
"""

import typing

from glance.objects import location


class Begun(typing.TypedDict):
    """An attempt whose lease the caller holds."""

    id: str
    attempt: int
    lease: float    # seconds until it has to be renewed
    # Bytes the project may have beyond those announced; null for no limit.
    room: typing.NotRequired[int | None]


class Received(location.Written):
    """Uploaded data that is in a store."""

    size: int
    virtual_size: int | None
    checksum: str
    os_hash_algo: str
    os_hash_value: str


class Staged(typing.TypedDict):
    """Data in the staging area of a host."""

    url: str
    attempt: str    # the data has it in its name
    size: int


class Left(typing.TypedDict):
    """What an upload that came to nothing has left in a store."""

    url: str | None
    reason: str         # why it has failed, for the user
    received: bool      # whether the client has given any data away


class Sent(typing.TypedDict):
    """Payload of the event image.send."""

    image_id: str
    bytes_sent: int
    owner_id: str | None            # whose image it is
    receiver_tenant_id: str | None
    receiver_user_id: str | None
    # Of who reads from a cache; null where there is no address.
    destination_ip: typing.NotRequired[str | None]
