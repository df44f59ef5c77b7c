"""What imports do with staged data before it is stored, by configuration.

A plugin is a class of the entry point group glance.image_import.plugins, made
for each import:

* `run(staged)` gets a `Staged` and may replace its file, its values or both.
  It blocks, in a native thread, and may be called again after a crash.
* `containers`, if it has them, are the container formats that it is for, and
  `left_formats` disk formats that it is not for: other images pass unchanged.

Whatever plugins make of data, it has to be what its image says: the inspection
at the end would only see what has become of it.
"""

import os

from stevedore import driver as stevedore_driver
from stevedore import exception as stevedore_exception

from glance.common import concurrency
from glance.common import exceptions
from glance.conductor import flow_runner
from glance.conductor.plugins import conversion
from glance.conductor.steps import fetch
from glance.conf import CONF
from glance.conf import imports
from glance.store.checks import inspection
from glance.store import staging

_PIECE = 1 << 20


class Staged:
    """The data of an import on its way, and what the image will be.

    :ivar image: dict of the image as it will be, with `properties`
    :ivar path: of the data
    :ivar roles: of the user who imports
    """

    def __init__(self, job, image, new_path):
        self.job, self.image, self._new_path = job, image, new_path
        self.path = staging.path(job.state['staged']['url'])
        self.roles = job.input.get('roles') or []
        self.values = {}
        self._inspector = None

    def new_path(self):
        """Where a changed copy of the data may be written."""
        return self._new_path

    def judge(self):
        """Look at the data before anything is made of it.

        :returns: `glance.store.checks.inspection.Inspector`
        :raises ContentRejected: it is not what the image says, or is unsafe
        """
        if self._inspector is None:
            self._inspector = self._inspected()
        return self._inspector

    def _inspected(self):
        inspector = inspection.Inspector(
            self.image['disk_format'], CONF.image_format, is_exact=True)
        with open(self.path, 'rb') as source:
            while piece := source.read(_PIECE):
                self.job.check()
                inspector.feed(memoryview(piece))
        inspector.finish()
        return inspector

    def replace(self, is_unpacked=False, **values):
        """The data at `new_path` is what counts from now on.

        :param is_unpacked: whether it is what the image speaks of, and the
            data before was only around it
        :param values: columns of the image that go with it
        :raises ContentRejected: the data before is not what the image says
        """
        if not is_unpacked and self.image['container_format'] == 'bare':
            self.judge()
        self.path = self._new_path
        # What was known of the size and hashes is not so any more.
        self.values.update(dict.fromkeys(
            ('size', 'checksum', 'os_hash_value')), **values)

    def set_properties(self, properties):
        """Custom properties that the image gets with its data."""
        known = self.values.get('properties') or (
            self.job.state.get('values', {}).get('properties') or {})
        self.values['properties'] = dict(known, **properties)


class Plugin(flow_runner.Step):
    """:param number: position among the plugins of the import"""

    def __init__(self, number, plugin):
        self.name = 'plugin:%d:%s' % (number, plugin)
        self.title = plugin
        self._label = 'plugin-%d' % number
        self._plugin = plugin

    def execute(self, job):
        image = job.registry.images.get(job.ctxt, job.image_id)
        changed = concurrency.run_blocking(self._run, job, image)
        size = changed['staged']['size']
        if size != job.state['staged']['size']:
            # Before it counts as done: else it would be done to its result.
            fetch.charge(job, size)
        job.state.update(changed)

    def _run(self, job, image):
        """:returns: what changes in the state of the job"""
        area = staging.store(job.stores)
        for attempt in job.earlier_attempts(self._label):
            area.discard(job.image_id, attempt)
        image = dict(image, **job.state.get('values', {}))
        trace = job.writes(area, self._label)
        staged = Staged(job, image, staging.new_path(
            job.image_id, trace.attempt))
        before = staged.path
        self._apply(staged)
        changed = job.state['staged']
        if staged.path != before:
            trace.note('file://' + staged.path)
            changed = {'url': trace.url,
                       'size': os.stat(staged.path).st_size}
        return {'staged': changed, 'values': dict(
            job.state.get('values', {}), **staged.values)}

    def _apply(self, staged):
        plugin = self._load()
        if _is_for(plugin, staged.image):
            plugin.run(staged)

    def _load(self):
        try:
            return stevedore_driver.DriverManager(
                imports.PLUGINS, self._plugin, invoke_on_load=True).driver
        except stevedore_exception.NoMatches:
            raise exceptions.Conflict(
                'There is no import plugin %s.' % self._plugin) from None


def _is_for(plugin, image):
    containers = getattr(plugin, 'containers', None)
    return ((containers is None or image['container_format'] in containers)
            and image['disk_format'] not in getattr(plugin, 'left_formats',
                                                    ()))


class Convert(Plugin):
    """The conversion that a task itself asks for.

    :param wanted: disk format
    """

    def __init__(self, wanted):
        super().__init__(0, 'image_conversion')
        self._wanted = wanted

    def _load(self):
        return conversion.Plugin(self._wanted)


def steps(names):
    """One step for each plugin, in order."""
    return tuple(Plugin(number, name) for number, name in enumerate(names))
