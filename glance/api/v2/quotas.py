"""Quotas: what a project uses, and uploads that have to fit in.

The limits are those of the project that owns the image, whoever uploads.
"""

from collections.abc import Callable
import time
import typing

from glance.api import request
from glance.api import services
from glance.api import views
from glance.common import exceptions
from glance.common import limits
from glance.conf import CONF
from glance.objects import quota
from glance.objects import upload

# Seconds between the attempts while deleted data is being removed.
_PAUSES = (0.2, 0.3, 0.5, 1, 1)

_Begun = typing.TypeVar('_Begun')


def usage(req: request.Request) -> views.View:
    project_id = req.context.project_id
    # A token for the system or a domain stands for no project.
    if not (CONF.use_keystone_limits and project_id):
        return {'usage': {}}
    found = limits.registered(project_id)
    used = typing.cast(dict[str, int], services.registry().quotas.usage(
        req.context, project_id))
    return {'usage': {name: {'limit': limit,
                             'usage': limits.to_unit(name, used[name])}
                      for name, limit in found.items()}}


def patiently(begin: Callable[[], _Begun]) -> _Begun:
    """Begin something for which there is room soon.

    Whoever deletes an image may expect to store another one right after.

    :param begin: may raise SpaceBeingFreed
    :returns: what it returns
    """
    for pause in _PAUSES:
        try:
            return begin()
        except exceptions.SpaceBeingFreed:
            time.sleep(pause)
    return begin()


class Growth:
    """The bytes of an upload that nobody has announced, as they come.

    :param resource: limits.SIZE or limits.STAGE
    :param project_limits: what applies to them
    :param room: bytes that were left at the beginning; an older registry
        does not tell
    """

    def __init__(self, resource: str, project_limits: quota.Limits,
                 room: int | None) -> None:
        self.limits = project_limits
        self._resource = resource
        self._received = 0
        self._room = room

    def held(self) -> quota.Held:
        """What the upload is charged with by now."""
        if self._resource == limits.SIZE:
            return {'store_bytes': self._received}
        return {'stage_bytes': self._received}

    def feed(self, view: memoryview) -> None:
        self._received += len(view)
        if self._room is not None and self._received > self._room:
            raise exceptions.LimitExceeded(
                'The project may store %d bytes more only.' % self._room)

    def finish(self) -> None:
        """The registry counts again at the end of the upload."""


def growth(announced: int | None, begun: upload.Begun,
           project_limits: quota.Limits, resource: str) -> Growth | None:
    """:returns: a Growth when the size is limited, but not announced"""
    if announced is not None or resource not in project_limits:
        return None
    return Growth(resource, project_limits, begun.get('room'))
