"""The snapshots that shelved servers rest on, which nova does not tell."""

import collections
from collections.abc import Iterable
import itertools
import typing

from glance.common import context
from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.objects import usage
from glance.registry import rpcapi


def statements(ctxt: context.BusContext, registry: rpcapi.RegistryAPI,
               servers: Iterable[nova.Shelved]) -> Iterable[usage.Statement]:
    """Ask for the snapshot of each server; nothing is said without one.

    Each event of a server says so: what some of a batch say is not the same
    in another order, or in two batches.

    :raises GlanceError: the registry does not answer
    """
    told = collections.defaultdict(list)
    for one in servers:
        told[one.server_id, one.name].append(one)
    for server, some in told.items():
        page = registry.images.list(ctxt, _query(*server))
        for image, one in itertools.product(page['images'], some):
            yield from events.say(one.at_ms, usage.SHELVED, one.server_id,
                                  one.project_id, image['id'])


def _query(server_id: str, name: str) -> typing.Any:
    """The image that nova has made last to shelve a server."""
    return {'filters': [['name', 'eq', name]],
            'properties': {'instance_uuid': server_id}, 'tags': [],
            'visibility': 'all', 'member_status': 'all', 'os_hidden': False,
            'sort': [['created_at', 'desc'], ['id', 'desc']], 'marker': None,
            'limit': 1}
