"""What there is to do, by kind of work."""

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

# What ends soon: context, registry, stores, unit -> None.
_SHORT = {'discard_data': discard_data.run, 'set_readers': set_readers.run,
          'stage': undo_stage.run, 'delete_staged': undo_stage.delete,
          'upload': undo_upload.run}
# The same, where it has to be the only one: job -> None.
_ALONE = {'delete_data': delete_data.run,
          'delete_location': delete_location.run}
# What reads or writes whole images, and heeds being stopped: job -> None.
_LONG = {'hash_location': hash_location.run,
         'heal_location': heal_location.run}
# Flows of steps, for the tasks that users see: input -> steps.
_TASKS = {'api_image_import': image_import.steps,
          'copy_image': image_import.steps,
          'location_import': location_import.steps,
          'import': image_tasks.import_steps,
          'clone': image_tasks.clone_steps,
          'export': image_tasks.export_steps}


def long():
    """:returns: names of the kinds that may take hours"""
    return [*_TASKS, *_LONG]


def short():
    """:returns: names of the others"""
    return [*_SHORT, *_ALONE]


def run(job, unit):
    """Do what a unit of work asks for.

    :param job: `glance.conductor.job.Job` of the unit
    :raises Draining, LeaseLost, OutcomeUnknown: others go on with it
    :raises GlanceError: it has to be tried again
    """
    job.go_home()
    if job.kind in _TASKS:
        flow_runner.run(job, _TASKS[job.kind](job.input))
    elif job.kind in _LONG:
        _LONG[job.kind](job)
    elif job.kind in _ALONE:
        _ALONE[job.kind](job)
    elif job.kind in _SHORT:
        _SHORT[job.kind](job.ctxt, job.registry, job.stores, unit)
    else:
        raise exceptions.Conflict('A newer release knows what to do here.')
