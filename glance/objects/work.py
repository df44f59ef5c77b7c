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


class Listed(typing.TypedDict):
    """A unit of work in a list of those of one kind."""

    id: str
    attempt: int
    input: dict[str, typing.Any]


class Stored(Listed):
    """A unit of work as its row has it."""

    kind: str
    image_id: str | None
    state: str              # waiting, running, cancelled or final
    # The holder before has noted it, or who has left an upload behind.
    progress: Progress | upload.Left | None
    host: str | None        # the only one that can do it


class Charged(Stored):
    """With whose quota is charged."""

    project_id: str | None


class Unit(Stored):
    """A unit of work that its reader has claimed."""

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
