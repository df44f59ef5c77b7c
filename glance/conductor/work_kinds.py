"""What there is to do, by kind of work."""

from collections.abc import Callable, Sequence
import typing

from glance.common import exceptions
from glance.conductor import flow_runner
from glance.conductor.flows import delete_data
from glance.conductor.flows import delete_location
from glance.conductor.flows import discard_data
from glance.conductor.flows import hash_location
from glance.conductor.flows import heal_location
from glance.conductor.flows import image_import
from glance.conductor.flows import image_tasks
from glance.conductor.flows import location_import
from glance.conductor.flows import set_readers
from glance.conductor.flows import undo_stage
from glance.conductor.flows import undo_upload
from glance.conductor import job as jobs

# What ends soon, and what reads or writes whole images and may take hours:
# each has places of its own. The latter heeds being stopped.
SHORT, LONG = 'short', 'long'


class Kind(typing.NamedTuple):
    """:ivar places: SHORT or LONG
    :ivar run: does it; raises as `run` of this module
    """

    name: str
    places: str
    run: Callable[[jobs.Job], None]


def _flow(steps: Callable[[jobs.Job], Sequence[flow_runner.Step]],
          ) -> Callable[[jobs.Job], None]:
    """What users see as a task, done in steps."""
    return lambda job: flow_runner.run(job, steps(job))


TABLE = (
    Kind('upload', SHORT, undo_upload.run),
    Kind('stage', SHORT, undo_stage.run),
    Kind('delete_staged', SHORT, undo_stage.delete),
    Kind('delete_data', SHORT, delete_data.run),
    Kind('delete_location', SHORT, delete_location.run),
    Kind('discard_data', SHORT, discard_data.run),
    Kind('set_readers', SHORT, set_readers.run),
    Kind('hash_location', LONG, hash_location.run),
    Kind('heal_location', LONG, heal_location.run),
    Kind('api_image_import', LONG, _flow(image_import.steps)),
    Kind('copy_image', LONG, _flow(image_import.steps)),
    Kind('location_import', LONG, _flow(location_import.steps)),
    Kind('import', LONG, _flow(image_tasks.import_steps)),
    Kind('clone', LONG, _flow(image_tasks.clone_steps)),
    Kind('export', LONG, _flow(image_tasks.export_steps)),
)


def names(places: str) -> list[str]:
    """:returns: of the kinds that share the places"""
    return [kind.name for kind in TABLE if kind.places == places]


def run(job: jobs.Job) -> None:
    """Do what a unit of work asks for.

    :raises Draining, LeaseLost, OutcomeUnknown: others go on with it
    :raises GlanceError: it has to be tried again
    """
    job.go_home()
    for kind in TABLE:
        if kind.name == job.kind:
            kind.run(job)
            return
    raise exceptions.Conflict('A newer release knows what to do here.')
