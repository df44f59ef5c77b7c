"""Events of cinder about volumes, their snapshots and backups.

The image that a volume was made from is in the metadata that the volume has of
it, which some events bring and others do not: those say nothing of the image.
An image that is made from a volume does not rest on it.
"""

from glance.conductor.usage import events
from glance.objects import usage

# The beginning of the type: (kind, key of the id)
_KINDS = {'volume': (usage.VOLUME, 'volume_id'),
          'snapshot': (usage.SNAPSHOT, 'snapshot_id'),
          'backup': (usage.BACKUP, 'backup_id')}
_DELETED = 'deleted'


def statements(event: events.Event) -> list[usage.Statement]:
    """What an event says of the volume, snapshot or backup."""
    first, _dot, action = event.type.partition('.')
    if first not in _KINDS:
        return []
    kind, key = _KINDS[first]
    payload = event.payload
    is_gone = action == 'delete.end' or payload.get('status') == _DELETED
    return events.say(event.at_ms, kind, payload.get(key),
                      payload.get('tenant_id'), _image(payload), is_gone)


def _image(payload: dict[str, object]) -> object:
    metadata = payload.get('glance_metadata')
    for one in metadata if isinstance(metadata, list) else ():
        if isinstance(one, dict) and one.get('key') == 'image_id' and not (
                one.get('deleted')):
            return one.get('value')
    return None
