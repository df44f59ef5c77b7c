"""The tasks that users create by hand: import, clone and export."""

from collections.abc import Sequence

from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import export
from glance.conductor.steps import fetch
from glance.conductor.steps import images
from glance.conductor.steps import plugins
from glance.conductor.steps import store


def import_steps(job: jobs.Job) -> Sequence[flow_runner.Step]:
    """A new image with the data of a URL."""
    return (images.Create(), fetch.Fetch(), *_conversion(job),
            *store.steps(job), fetch.RemoveStaged())


def clone_steps(job: jobs.Job) -> Sequence[flow_runner.Step]:
    """A new image with the data of another one."""
    return images.Create(), *store.steps(job, store.Clone)


def export_steps(job: jobs.Job) -> Sequence[flow_runner.Step]:
    """The data of an image to a place outside."""
    send = ((export.ToWeb(),) if job.input.get('url')
            else (export.ToStore(), export.Settle()))
    if not job.input.get('convert_to'):
        return send
    return (export.Fetch(), *_conversion(job), *send, fetch.RemoveStaged())


def _conversion(job: jobs.Job) -> Sequence[flow_runner.Step]:
    wanted = job.input.get('convert_to')
    return (plugins.Convert(wanted),) if wanted else ()
