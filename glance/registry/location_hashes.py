"""What follows when the data of a location has been hashed."""

from collections.abc import Sequence

from oslo_log import log as logging
import sqlalchemy as sa

from glance.db.images import image_writes
from glance.db.images import locations
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import transitions

LOG = logging.getLogger(__name__)


def judge(conn: sa.Connection, image: image_types.Record,
          found: Sequence[location_types.Location],
          data: location_types.Facts | None) -> None:
    """Fill in what nobody knew, and refuse data that is another.

    :param found: locations of the image with the URL that was read
    :param data: what was read, None when it cannot be
    """
    if data is None:
        _forget(conn, found)
        return
    if location_types.differ(image, data):
        _refuse(conn, image, found)
        return
    unknown = location_types.unknown(image, data)
    if unknown:
        image_writes.update(conn, image['id'], unknown)
    for location in found:
        if location['status'] == states.LOCATION_VERIFYING:
            locations.set_status(conn, location['id'], states.LOCATION_ACTIVE)


def _refuse(conn: sa.Connection, image: image_types.Record,
            found: Sequence[location_types.Location]) -> None:
    """A further location goes, without its data: that is another's. When it
    is what the image consists of, nobody gets the image any more.
    """
    LOG.error('The data at a location of image %s is not what the image '
              'says it is.', image['id'])
    if not _forget(conn, found) and image['status'] == states.ACTIVE:
        transitions.change(conn, image['id'], states.ACTIVE,
                           states.DEACTIVATED)


def _forget(conn: sa.Connection,
            found: Sequence[location_types.Location]) -> bool:
    """Drop locations that were never used.

    :returns: whether they all were
    """
    unused = [location for location in found
              if location['status'] == states.LOCATION_VERIFYING]
    for location in unused:
        locations.delete(conn, location['id'])
    return len(unused) == len(found)
