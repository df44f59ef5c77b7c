"""The image that a task makes, and what it takes over from another one."""

import json
import typing

from glance.common import concurrency
from glance.common import exceptions
from glance.common import fetching
from glance.common import limits
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conf import CONF
from glance.objects import properties
from glance.objects import states

_LONGEST = 1 << 20


class Create(flow_runner.Step):
    """The record; when the task fails it goes with the task."""

    name = 'create'
    title = 'create the image'
    can_start_again = True

    def execute(self, job: jobs.Job) -> None:
        image = job.input['image']
        job.registry.imports.create_image(
            job.ctxt, job.id, job.number, image,
            limits.of_project(image['owner'], limits.COUNT,
                              limits.UPLOADING))
        job.image_id = image['id']


class CopyRecord(flow_runner.Step):
    """Formats and some properties of the image of another region."""

    name = 'copy-record'
    title = 'read the record'
    can_start_again = True

    def execute(self, job: jobs.Job) -> None:
        if job.input.get('problem'):
            raise exceptions.Conflict(job.input['problem'])
        record = concurrency.run_blocking(_read, job.input)
        if record.get('status') != states.ACTIVE:
            raise exceptions.Conflict('The image of the other region is not '
                                      'active.')
        values = {name: record.get(name)
                  for name in ('disk_format', 'container_format')}
        if None in values.values():
            raise exceptions.Conflict('The image of the other region has no '
                                      'formats.')
        values['properties'] = {name: value for name, value in record.items()
                                if _is_wanted(name, value)}
        job.state['values'] = values
        job.state['source_size'] = record.get('size')


def _read(given: dict[str, typing.Any]) -> dict[str, typing.Any]:
    source = fetching.open(given['record'], given['headers'],
                           given['private'])
    try:
        record = json.loads(source.read(_LONGEST))
    except ValueError:
        record = None
    finally:
        source.close()
    if not isinstance(record, dict):
        raise fetching.Unreachable()
    return record


def _is_wanted(name: str, value: object) -> bool:
    starts = tuple(CONF.glance_download_properties.extra_properties)
    return (isinstance(value, str) and properties.is_custom(name)
            and name.startswith(starts))
