"""Events of nova about servers, versioned and legacy.

Each tells the image of its server as it is then: rebuilds give another one,
resizes the same. A server that has booted from a volume has none; the volume
is what rests on the image. A snapshot is made of a server, which goes on to
rest on its own image.
"""

import typing

from glance.conductor.usage import events
from glance.objects import usage

_LEGACY, _VERSIONED = 'compute.instance.', 'instance.'
_DELETED = 'deleted'
_SHELVED = ('shelved', 'shelved_offloaded')


class Server(typing.NamedTuple):
    """What both kinds of events say, as their payloads have it."""

    action: str
    id: object
    project: object
    image: object
    state: object
    name: object


class Shelved(typing.NamedTuple):
    """A server rests on a snapshot that nova has made to shelve it, but does
    not tell. `name` is that of the image.
    """

    at_ms: int
    server_id: str
    project_id: object
    name: str


def statements(event: events.Event) -> list[usage.Statement]:
    """What an event says of the server and its image."""
    server = _server(event)
    if server is None:
        return []
    is_gone = server.action == 'delete.end' or server.state == _DELETED
    return events.say(event.at_ms, usage.SERVER, server.id, server.project,
                      server.image, is_gone) + _left(event, server)


def shelved(event: events.Event) -> Shelved | None:
    """:returns: None unless the event is one of a shelved server"""
    server = _server(event)
    if server is None or server.state not in _SHELVED or _leaves(
            server.action):
        return None
    return shelved_server(event.at_ms, server.id, server.project,
                          server.name)


def shelved_server(at_ms: int, server: object, project: object, name: object
                   ) -> Shelved | None:
    """:param server, project, name: as nova has them
    :returns: None for what no image can be found by
    """
    server_id = events.uuid_of(server)
    if server_id is None or not _is_name(name):
        return None
    return Shelved(at_ms, server_id, project, '%s-shelved' % name)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and (
        len(value) <= 255)


def _leaves(action: str) -> bool:
    return action.startswith(('unshelve.', 'delete.', 'soft_delete.'))


def _left(event: events.Event, server: Server) -> list[usage.Statement]:
    """A snapshot made to shelve a server is used no more."""
    server_id = events.uuid_of(server.id)
    if server_id is None or not (
            server.action == 'unshelve.end'
            or server.state in _SHELVED and _leaves(server.action)
            and not server.action.startswith('unshelve.')):
        return []
    return [{'at_ms': event.at_ms, 'kind': usage.SHELVED, 'id': server_id,
             'project_id': None, 'image_id': None, 'is_gone': False}]


def _server(event: events.Event) -> Server | None:
    if event.type.startswith(_LEGACY):
        payload = event.payload
        url = payload.get('image_ref_url')
        return Server(event.type.removeprefix(_LEGACY),
                      payload.get('instance_id'), payload.get('tenant_id'),
                      url.rpartition('/')[2] if isinstance(url, str)
                      else None, payload.get('state'),
                      payload.get('display_name'))
    data = event.payload.get('nova_object.data')
    if event.type.startswith(_VERSIONED) and isinstance(data, dict):
        return Server(event.type.removeprefix(_VERSIONED), data.get('uuid'),
                      data.get('tenant_id'), data.get('image_uuid'),
                      data.get('state'), data.get('display_name'))
    return None
