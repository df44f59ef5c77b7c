"""What an import plugin gets, and what it is."""

import typing

from glance.conductor import job as jobs
from glance.conf import CONF
from glance.objects import image as image_types
from glance.store.checks import inspection
from glance.store import staging

_PIECE = 1 << 20


class Staged:
    """The data of an import on its way, and what the image will be.

    :ivar image: as it will be
    :ivar path: of the data
    :ivar roles: of the user who imports
    """

    def __init__(self, job: jobs.Job, image: image_types.Image,
                 new_path: str) -> None:
        self.job, self.image, self._new_path = job, image, new_path
        self.path: str = staging.path(job.state['staged']['url'])
        self.roles: list[str] = job.input.get('roles') or []
        self.values: dict[str, typing.Any] = {}
        self._inspector: inspection.Inspector | None = None

    def new_path(self) -> str:
        """Where a changed copy of the data may be written."""
        return self._new_path

    def judge(self) -> inspection.Inspector:
        """Look at the data before anything is made of it.

        :raises ContentRejected: it is not what the image says, or is unsafe
        """
        if self._inspector is None:
            self._inspector = self._inspected()
        return self._inspector

    def _inspected(self) -> inspection.Inspector:
        inspector = inspection.Inspector(
            self.image['disk_format'], CONF.image_format, is_exact=True)
        with open(self.path, 'rb') as source:
            while piece := source.read(_PIECE):
                self.job.check()
                inspector.feed(memoryview(piece))
        inspector.finish()
        return inspector

    def replace(self, is_unpacked: bool = False,
                **values: typing.Any) -> None:
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

    def set_properties(self, properties: dict[str, str]) -> None:
        """Custom properties that the image gets with its data."""
        known = self.values.get('properties') or (
            self.job.state.get('values', {}).get('properties') or {})
        self.values['properties'] = dict(known, **properties)


class Plugin(typing.Protocol):
    """What there is under an entry point."""

    def run(self, staged: Staged) -> None:
        """See `glance.conductor.steps.plugins`."""
