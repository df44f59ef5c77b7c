"""An image gets its data by being told where it is."""

from collections.abc import Sequence

from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import location


def steps(job: jobs.Job) -> Sequence[flow_runner.Step]:
    """For the input, see `glance.api.v2.locations`."""
    if not job.input['secure']:
        return location.Look(), location.Save()
    if job.input['hashes']:
        return location.Look(), location.Compare(), location.Save()
    return location.Look(), location.Save(), location.FillIn()
