"""Images deleted with delay: their data goes, or they come back.

Both take the row lock of the image. Work that removes data is taken by
compare-and-set of its attempt, and an image comes back only if all its work is
still untouched and goes in the same transaction: never both.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from glance.common import exceptions
from glance.db.durable import work
from glance.db.images import deletions
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import location as location_types
from glance.objects import states


def restore(conn: sa.Connection, image_id: str) -> None:
    """pending_delete -> active, data included.

    :raises ImageNotFound: there is no image that waits for its deletion
    :raises Conflict: its data is being removed
    """
    row = image_writes.lock(conn, image_id)
    if row is None or row.status != states.PENDING_DELETE:
        raise exceptions.ImageNotFound(
            'No image that waits for its deletion has the ID %s' % image_id)
    states.check(states.PENDING_DELETE, states.ACTIVE)
    kept = _kept(conn, image_id)
    _keep_data(conn, image_id, {location['url'] for location in kept})
    deletions.restore(conn, image_id)
    for location in kept:
        locations.restore(conn, location['id'])
    image = image_rows.get(conn, image_id)
    outbox.write(conn, events.of_image('image.update', image),
                 events.status(image, states.PENDING_DELETE))


def _kept(conn: sa.Connection,
          image_id: str) -> Sequence[location_types.Location]:
    """Without those whose data was to go before the image was deleted."""
    going = {unit['input']['location'] for unit in
             work.list_of_image(conn, 'delete_location', image_id)}
    kept = [location for location
            in locations.list_pending_delete(conn, image_id)
            if location['id'] not in going]
    if not kept:
        raise _too_late(image_id)
    return kept


def _keep_data(conn: sa.Connection, image_id: str, urls: set[str]) -> None:
    units = [unit for unit in
             work.list_of_image(conn, 'delete_data', image_id)
             if unit['input']['url'] in urls]
    # Work that is done is not there any more, nor is its data. Another
    # release writes no work at all.
    if units and {unit['input']['url'] for unit in units} != urls:
        raise _too_late(image_id)
    ids = [unit['id'] for unit in units]
    if work.drop_untouched(conn, ids) != len(ids):
        raise _too_late(image_id)


def _too_late(image_id: str) -> exceptions.Conflict:
    return exceptions.Conflict(
        'The data of image %s is being removed.' % image_id)


def begin(conn: sa.Connection, image_id: str) -> None:
    """Have the data removed of an image whose time is over.

    One that another release has deleted gets the work for it.
    """
    row = image_writes.lock(conn, image_id)
    if row is None or row.status != states.PENDING_DELETE or (
            work.hurry(conn, 'delete_data', image_id)):
        return
    found = locations.list_pending_delete(conn, image_id)
    for location in found:
        work.create(conn, 'delete_data', image_id,
                    {'url': location['url'],
                     'metadata': location['metadata'],
                     'location': location['id'], 'delayed': True})
    if not found:
        image_writes.end_delayed_delete(
            conn, image_id, states.PENDING_DELETE, states.DELETED)
