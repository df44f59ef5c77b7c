"""Data into an image that is there: imports and copies."""

from collections.abc import Sequence

from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.steps import fetch
from glance.conductor.steps import images
from glance.conductor.steps import plugins
from glance.conductor.steps import store

_FIRST = {'glance-direct': (fetch.TakeStaged,),
          'web-download': (fetch.Fetch,),
          'glance-download': (images.CopyRecord, fetch.Fetch)}


def steps(job: jobs.Job) -> Sequence[flow_runner.Step]:
    """For the input, see `glance.api.v2.imports`."""
    if job.input['method'] == 'copy-image':
        return store.steps(job, store.Copy)
    return (*(step() for step in _FIRST[job.input['method']]),
            *plugins.steps(job), *store.steps(job), fetch.RemoveStaged())
