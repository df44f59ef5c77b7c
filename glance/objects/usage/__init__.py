"""Who uses an image: what is said of it, and what is kept.

Times are milliseconds since the epoch where they decide something, and ISO
text in UTC to the second where people read them.
"""

import typing

SERVER, VOLUME, SNAPSHOT, BACKUP = 'server', 'volume', 'snapshot', 'backup'
# A server that is shelved, and rests on the snapshot made of it for that.
SHELVED = 'shelved'
KINDS = (SERVER, SHELVED, VOLUME, SNAPSHOT, BACKUP)


class Statement(typing.TypedDict):
    """At a moment, a consumer of an image rests on it, or on none."""

    at_ms: int              # when it was so, by the clock of who says it
    kind: str
    id: str                 # UUID of the consumer, in small letters
    project_id: str | None
    image_id: str | None    # null: on none, or nobody says
    is_gone: bool           # there is no such consumer any more


class Use(typing.TypedDict):
    """A consumer of an image."""

    kind: str
    id: str
    project_id: str | None
    since: str          # when it was first said
    until: str | None   # null: it goes on
    last_seen: str      # when it was last said


class Query(typing.TypedDict):
    """A page of the uses of an image."""

    project_id: str | None  # whose; null for everybody's
    is_current: bool        # those that go on, or those that have ended
    marker: list[typing.Any] | None     # [milliseconds, kind, id] of the last
    limit: int


class Page(typing.TypedDict):
    """The uses of a page, the newest first, and counts of those that go on."""

    uses: list[Use]
    marker: list[typing.Any] | None     # of the last one; null without any
    total: int
    of_project: int


class Held(typing.TypedDict):
    """A use that goes on, without its times."""

    kind: str
    id: str
    image_id: str


class Merged(typing.TypedDict):
    """What became of some statements."""

    changed: int    # uses that are new or different
    ignored: int    # statements that came too late, or from the future
    begun: list[Held]   # uses that go on now, and did not
    ended: list[Held]   # uses that went on, and do not any more


class GoingOn(typing.TypedDict):
    """A page of the uses of one kind that go on, by id of the consumer."""

    kind: str
    ids: list[str] | None       # of these consumers; null for all
    said_before_ms: int | None  # null: whenever that was
    marker: str | None          # id of the last consumer of the page before
    limit: int
