"""What pages of nova and cinder say of who uses an image.

Whoever is listed rests on an image at the moment the page was asked for, by
the clock of the one who asked.
"""

from collections.abc import Callable, Iterable, Sequence
import itertools
import typing

from glance.common import context
from glance.conductor.usage import events
from glance.conductor.usage import nova
from glance.conductor.usage import shelved
from glance.objects import usage
from glance.registry import rpcapi

_SHELVED = ('SHELVED', 'SHELVED_OFFLOADED')

# Resources of openstacksdk.
_Page = Sequence[typing.Any]
_Said = Iterable[usage.Statement]


class Asker(typing.NamedTuple):
    """Who asks the registry what lists do not tell."""

    ctxt: context.BusContext
    registry: rpcapi.RegistryAPI

    def held(self, kind: str, ids: Iterable[object]) -> dict[str, str]:
        """:returns: {id: image} of consumers whose use goes on"""
        wanted = sorted({one for one in map(events.uuid_of, ids) if one})
        if not wanted:
            return {}
        return {one['id']: one['image_id'] for one in
                self.registry.usage.list_going_on(self.ctxt, {
                    'kind': kind, 'ids': wanted, 'said_before_ms': None,
                    'marker': None, 'limit': len(wanted)})}


Say = Callable[[Asker, int, _Page], _Said]


def of_servers(asker: Asker, at_ms: int, page: _Page) -> _Said:
    """A server that was booted from a volume has no image: nothing is said.

    :raises GlanceError: the registry does not answer
    """
    for one in page:
        yield from events.say(at_ms, usage.SERVER, one.id, one.project_id,
                              getattr(one.image, 'id', None))
    on_snapshots = [one for one in page if one.status in _SHELVED]
    yield from shelved.statements(asker.ctxt, asker.registry, filter(None, (
        nova.shelved_server(at_ms, one.id, one.project_id, one.name)
        for one in on_snapshots)))
    for server_id in asker.held(usage.SHELVED, (
            one.id for one in page if one.status not in _SHELVED)):
        yield {'at_ms': at_ms, 'kind': usage.SHELVED, 'id': server_id,
               'project_id': None, 'image_id': None, 'is_gone': False}


def of_volumes(asker: Asker, at_ms: int, page: _Page) -> _Said:
    """Who removes the image's metadata of a volume does not make it rest on
    no image: what is known of it goes on.
    """
    named = {one.id: _image(one) for one in page}
    return _say(at_ms, usage.VOLUME, page, asker.held(usage.VOLUME, (
        one for one, image in named.items() if not image)), named)


def of_snapshots(asker: Asker, at_ms: int, page: _Page) -> _Said:
    """They rest on the image of their volume."""
    return _of_volumes(asker, at_ms, usage.SNAPSHOT, page)


def of_backups(asker: Asker, at_ms: int, page: _Page) -> _Said:
    """As snapshots; they outlive their volume, and go on then."""
    return _of_volumes(asker, at_ms, usage.BACKUP, page)


def _of_volumes(asker: Asker, at_ms: int, kind: str, page: _Page) -> _Said:
    volumes = asker.held(usage.VOLUME, (one.volume_id for one in page))
    return _say(at_ms, kind, page,
                asker.held(kind, (one.id for one in page)),
                {one.id: volumes.get(one.volume_id) for one in page})


def _say(at_ms: int, kind: str, page: _Page, known: dict[str, str],
         named: dict[str, str | None]) -> _Said:
    return itertools.chain.from_iterable(
        events.say(at_ms, kind, one.id, one.project_id,
                   named[one.id] or known.get(one.id)) for one in page)


def _image(volume: typing.Any) -> str | None:
    metadata = volume.volume_image_metadata
    return events.uuid_of(metadata.get('image_id')) if isinstance(
        metadata, dict) else None
