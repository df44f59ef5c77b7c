"""What follows when the data of a location was read and judged.

The caller holds the row lock of the image. Its status never changes here.
"""

from glance.db.durable import work
from glance.db.images import audits
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import states
from glance.registry import readers

_FACTS = ('size', 'checksum', 'os_hash_algo', 'os_hash_value',
          'virtual_size')


def accept(conn, image, location, facts):
    """The data is right; the image learns what it does not know of itself."""
    audits.note(conn, location['id'])
    unknown = {name: facts[name] for name in _FACTS
               if image[name] is None and facts[name] is not None}
    if unknown:
        image_writes.update(conn, image['id'], unknown)
        outbox.write(conn, events.of_image(
            'image.update', image_rows.get(conn, image['id'])))
    if location['status'] == states.LOCATION_BAD:
        audits.unmark(conn, location['id'])
        _emit(conn, image, location, 'good')


def refuse(conn, image, location, reason):
    """Nobody is given this data from now on.

    :returns: whether there is work that heals it
    """
    audits.note(conn, location['id'])
    if location['status'] != states.LOCATION_BAD:
        audits.mark(conn, location['id'], image['id'], reason)
        _emit(conn, image, location, 'bad', reason=reason)
    if not any(one['status'] == states.LOCATION_ACTIVE
               and one['id'] != location['id'] for one in image['locations']):
        return False
    if not any(unit['input']['id'] == location['id'] for unit in
               work.list_of_image(conn, 'heal_location', image['id'])):
        work.create(conn, 'heal_location', image['id'], {
            name: location[name] for name in ('id', 'url', 'metadata')})
    return True


def heal(conn, image, location, written):
    """The copy is used from now on, the bad data goes."""
    locations.replace(
        conn, location['id'], written['url'],
        dict(location['metadata'], **written['metadata']),
        states.LOCATION_ACTIVE)
    readers.schedule(conn, image['id'], written)
    audits.unmark(conn, location['id'])
    audits.note(conn, location['id'])
    others = [one['url'] for one in image['locations']
              if one['id'] != location['id']]
    if location['url'] not in (written['url'], *others):
        work.create(conn, 'delete_data', image['id'],
                    {'url': location['url'],
                     'metadata': location['metadata'], 'delayed': False,
                     'location': None, 'stays': True})
    _emit(conn, image, location, 'healed')


def _emit(conn, image, location, result, **more):
    outbox.write(conn, events.of_image(
        'image.audit', image, result=result,
        store=location['metadata'].get('store'), **more))
