"""What a registry says of itself."""

import typing


class Health(typing.TypedDict, total=False):
    """What is not known is not there; ages are seconds."""

    database: bool              # whether it answers
    event_age: float | None     # of the oldest event that waits to be sent
    # For which work waits for a conductor, be it one of its host.
    work_overdue: float | None
    problem: str        # why the database is of no use, for everybody
