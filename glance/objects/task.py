"""Long work as users see it, and what is planned to be done.

Times are ISO text in UTC with fractions of a second, sizes are bytes.
"""

import typing

from glance.objects import location
from glance.objects import work


class NewTask(typing.TypedDict):
    """A task that is to be made; it will be pending."""

    id: str
    type: str
    owner: str | None       # id of the project
    image_id: str | None
    request_id: str | None
    user_id: str | None
    input: dict[str, typing.Any]


class Listed(typing.TypedDict):
    """A task as lists have it."""

    id: str                 # also that of its work
    type: str
    status: str             # pending, processing, success or failure
    owner: str              # empty for none
    image_id: str | None
    request_id: str | None
    user_id: str | None
    created_at: str
    updated_at: str | None
    expires_at: str | None
    deleted: bool
    deleted_at: str | None


class Task(Listed):
    """A whole task."""

    input: dict[str, typing.Any]
    result: typing.Any
    message: str | None
    progress: work.Progress | None      # while it runs


class Query(typing.TypedDict):
    """A page of a list of tasks."""

    filters: dict[str, str]     # values of columns
    sort_key: str
    sort_dir: str               # asc or desc
    marker: str | None          # id
    limit: int


class Plan(typing.TypedDict):
    """The work of a new task."""

    kind: str
    input: dict[str, typing.Any]
    # Charged with the image that the work makes, and with `store_bytes`.
    project_id: typing.NotRequired[str | None]
    store_bytes: typing.NotRequired[int]


class Planned(Plan):
    """With what only the registry knows."""

    host: typing.NotRequired[str | None]    # the only one that can do it
    stage_bytes: typing.NotRequired[int]


class ImportPlan(typing.TypedDict):
    """The work that brings data into an image."""

    kind: str
    input: dict[str, typing.Any]    # with "method"
    status: str             # that the image must have
    stores: list[str]       # ids
    is_multi: bool          # whether users know stores by id
    skips_held: bool        # whether stores that hold the image are left out
    # [location as it was read, `Where` as it should be]
    repairs: typing.NotRequired[
        list[tuple[location.Location, location.Where]]]
