"""What imports do with staged data before it is stored, by configuration.

A plugin is a class of the entry point group glance.image_import.plugins, made
for each import:

* `run(staged)` gets a `glance.conductor.plugins.staged_data.Staged` and may
  replace its file, its values or both. It blocks, in a native thread, and may
  be called again after a crash.
* `containers`, if it has them, are the container formats that it is for, and
  `left_formats` disk formats that it is not for: other images pass unchanged.

Whatever plugins make of data, it has to be what its image says: the inspection
at the end would only see what has become of it.
"""

import os
import typing

from stevedore import driver as stevedore_driver
from stevedore import exception as stevedore_exception

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import flow_runner
from glance.conductor import job as jobs
from glance.conductor.plugins import conversion
from glance.conductor.plugins import staged_data
from glance.conductor.steps import fetch
from glance.conductor.steps import sources
from glance.conf import imports
from glance.objects import image as image_types
from glance.store import staging


class Plugin(flow_runner.Step):
    """:param number: position among the plugins of the import"""

    def __init__(self, number: int, plugin: str) -> None:
        self.name = 'plugin:%d:%s' % (number, plugin)
        self.title = plugin
        self._label = 'plugin-%d' % number
        self._plugin = plugin

    def execute(self, job: jobs.Job) -> None:
        image = job.registry.images.get(job.ctxt, job.image_id)
        changed = concurrency.run_blocking(self._run, job, image)
        size = changed['staged']['size']
        if size != job.state['staged']['size']:
            # Before it counts as done: else it would be done to its result.
            fetch.charge(job, size)
        job.state.update(changed)

    def _run(self, job: jobs.Job,
             image: image_types.Image) -> dict[str, typing.Any]:
        """:returns: what changes in the state of the job"""
        area = staging.store(job.stores)
        for attempt in job.earlier_attempts(self._label):
            area.discard(job.image_id, attempt)
        trace = job.writes(area, self._label)
        staged = staged_data.Staged(
            job, sources.to_be(job, image),
            staging.new_path(job.image_id, trace.attempt))
        before = staged.path
        self._apply(staged)
        changed = job.state['staged']
        if staged.path != before:
            trace.note('file://' + staged.path)
            changed = {'url': trace.url,
                       'size': os.stat(staged.path).st_size}
        return {'staged': changed, 'values': dict(
            job.state.get('values', {}), **staged.values)}

    def _apply(self, staged: staged_data.Staged) -> None:
        plugin = self._load()
        if _is_for(plugin, staged.image):
            plugin.run(staged)

    def _load(self) -> staged_data.Plugin:
        try:
            loaded: object = stevedore_driver.DriverManager(
                imports.PLUGINS, self._plugin, invoke_on_load=True).driver
        except stevedore_exception.NoMatches:
            raise exceptions.Conflict(
                'There is no import plugin %s.' % self._plugin) from None
        return typing.cast(staged_data.Plugin, loaded)


def _is_for(plugin: staged_data.Plugin, image: image_types.Image) -> bool:
    containers = getattr(plugin, 'containers', None)
    return ((containers is None or image['container_format'] in containers)
            and image['disk_format'] not in getattr(plugin, 'left_formats',
                                                    ()))


class Convert(Plugin):
    """The conversion that a task itself asks for.

    :param wanted: disk format
    """

    def __init__(self, wanted: str) -> None:
        super().__init__(0, 'image_conversion')
        self._wanted = wanted

    def _load(self) -> staged_data.Plugin:
        return conversion.Plugin(self._wanted)


def steps(job: jobs.Job) -> tuple[Plugin, ...]:
    """One step for each plugin, in order."""
    return tuple(Plugin(number, name) for number, name in enumerate(
        job.input.get('plugins') or ()))
