"""What follows when the data of a location has been hashed."""

from oslo_log import log as logging

from glance.db.images import image_writes
from glance.db.images import locations
from glance.objects import states
from glance.registry import transitions

LOG = logging.getLogger(__name__)

_FACTS = ('size', 'checksum', 'os_hash_algo', 'os_hash_value')


def judge(conn, image, found, data):
    """Fill in what nobody knew, and refuse data that is another.

    :param found: locations of the image with the URL that was read
    :param data: {"size", "checksum", "os_hash_algo", "os_hash_value"} of it;
        None when it cannot be read
    """
    if data is None:
        _forget(conn, found)
        return
    if any(image[name] not in (None, data[name]) for name in _FACTS):
        _refuse(conn, image, found)
        return
    unknown = {name: data[name] for name in _FACTS if image[name] is None}
    if unknown:
        image_writes.update(conn, image['id'], unknown)
    for location in found:
        if location['status'] == states.LOCATION_VERIFYING:
            locations.set_status(conn, location['id'], states.LOCATION_ACTIVE)


def _refuse(conn, image, found):
    """A further location goes, without its data: that is another's. When it
    is what the image consists of, nobody gets the image any more.
    """
    LOG.error('The data at a location of image %s is not what the image '
              'says it is.', image['id'])
    if not _forget(conn, found) and image['status'] == states.ACTIVE:
        transitions.change(conn, image['id'], states.ACTIVE,
                           states.DEACTIVATED)


def _forget(conn, found):
    """Drop locations that were never used.

    :returns: whether they all were
    """
    unused = [location for location in found
              if location['status'] == states.LOCATION_VERIFYING]
    for location in unused:
        locations.delete(conn, location['id'])
    return len(unused) == len(found)
