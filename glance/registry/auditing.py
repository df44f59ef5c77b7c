"""What follows when the data of a location was read and judged.

The caller holds the row lock of the image. Its status never changes here.
"""

import typing

import sqlalchemy as sa

from glance.db.durable import work
from glance.db.images import audits
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import readers


def accept(conn: sa.Connection, image: image_types.Record,
           location: location_types.Location,
           facts: location_types.AllFacts) -> None:
    """The data is right; the image learns what it does not know of itself."""
    audits.note(conn, location['id'])
    unknown = location_types.unknown(image, facts)
    if unknown:
        image_writes.update(conn, image['id'], unknown)
        outbox.write(conn, events.of_image(
            'image.update', image_rows.get(conn, image['id'])))
    if location['status'] == states.LOCATION_BAD:
        audits.unmark(conn, location['id'])
        _emit(conn, image, location, 'good')


def refuse(conn: sa.Connection, image: image_types.Record,
           location: location_types.Location, reason: str) -> bool:
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
            'id': location['id'], 'url': location['url'],
            'metadata': location['metadata']})
    return True


def heal(conn: sa.Connection, image: image_types.Record,
         location: location_types.Location,
         written: location_types.Written) -> None:
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


def _emit(conn: sa.Connection, image: image_types.Record,
          location: location_types.Location, result: str,
          **more: typing.Any) -> None:
    outbox.write(conn, events.of_image(
        'image.audit', image, result=result,
        store=location_types.store_of(location), **more))
