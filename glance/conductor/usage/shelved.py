"""The snapshots that shelved servers rest on, which nova does not tell."""

from collections.abc import Iterable
import typing

from glance.common import context
from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.objects import usage
from glance.registry import rpcapi


def statements(ctxt: context.BusContext, registry: rpcapi.RegistryAPI,
               servers: Iterable[nova.Shelved]) -> Iterable[usage.Statement]:
    """Ask for the snapshot of each server; nothing is said without one.

    :raises GlanceError: the registry does not answer
    """
    for one in servers:
        page = registry.images.list(ctxt, _query(one.server_id, one.name))
        for image in page['images']:
            yield from events.say(one.at_ms, usage.SHELVED, one.server_id,
                                  one.project_id, image['id'])


def _query(server_id: str, name: str) -> typing.Any:
    """The image that nova has made last to shelve a server."""
    return {'filters': [['name', 'eq', name]],
            'properties': {'instance_uuid': server_id}, 'tags': [],
            'visibility': 'all', 'member_status': 'all', 'os_hidden': False,
            'sort': [['created_at', 'desc'], ['id', 'desc']], 'marker': None,
            'limit': 1}
