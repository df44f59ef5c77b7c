"""Long work: units, how far they are, and duties.

Times are seconds, sizes are bytes.
"""

import typing

from glance.objects import upload


class Progress(typing.TypedDict):
    """How far a flow is."""

    next: str | None        # the step that comes next
    step: str | None        # what is being done, for who looks at the task
    done: int | None        # of `total`
    total: int | None
    tries: int              # of this step
    reason: str | None      # why it goes back, null while it goes forward
    state: dict[str, typing.Any]        # what steps remember
    # Whether it is too late to cancel it.
    final: typing.NotRequired[bool]


class Unit(typing.TypedDict):
    """A unit of work that its reader has claimed."""

    id: str
    kind: str
    image_id: str | None
    attempt: int
    input: dict[str, typing.Any]
    state: str              # running, cancelled or final
    # The holder before has noted it, or who has left an upload behind.
    progress: Progress | upload.Left | None
    host: str | None        # the only one that can do it
    # Of whoever has caused it; since 1.6.
    request_id: typing.NotRequired[str | None]
    taken_over: bool        # whether the lease of another one ran out


class Advanced(typing.TypedDict):
    """What has become of the work meanwhile."""

    cancelled: bool
    gone: bool      # whether the image was deleted


class Kept(typing.TypedDict):
    """What counts of the data that a claim may have written; since 1.8."""

    is_held: bool       # whether the claim is still good
    # URLs of locations and of staged data, attempts, names of exported
    # objects.
    names: list[str]


class Duty(typing.TypedDict):
    """A duty that its reader has claimed."""

    name: str
    attempt: int


class Duties(typing.TypedDict):
    """The outcome of asking for duties."""

    duties: list[Duty]
    taken_over: list[str]       # of those what the last holder did not finish
    wait: float                 # until the next one is due
