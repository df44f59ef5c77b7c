"""What a user's PATCH does to the locations of an image.

The caller sends the list it has seen and the one it wants. Under the row lock
of the image the first must still be true; then what differs is done. Data that
is taken out is left to a conductor, new data is left to one to be compared
with the image's hash.
"""

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import work
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import quotas
from glance.notifications import events
from glance.objects import states
from glance.registry import transitions

_STATUSES = (states.QUEUED, states.ACTIVE)
_FIELDS = ('url', 'metadata', 'status')


def apply(conn, image_id, changes):
    """Change the locations of a live image whose row lock is held.

    :param changes: see `glance.registry.rpcapi.locations`
    :returns: whether the image became active, which has been told then
    :raises BadRequest, Forbidden, Conflict, LimitExceeded:
    """
    row = image_writes.lock(conn, image_id)
    present = locations.list(conn, image_id)
    wanted = changes['after']
    _check(row, present, wanted, changes)
    added = len(wanted) - len(present)
    if added > 0:
        quotas.check(conn, row.owner, changes.get('project_limits'),
                     image_size_total=added * changes['size'])
    _remove(conn, image_id, row, present, wanted, changes['size'])
    _write(conn, image_id, present, wanted)
    for location in wanted:
        if location.get('hash'):
            work.create(conn, 'hash_location', image_id,
                        {'url': location['url'],
                         'metadata': location['metadata']})
    if row.status != states.QUEUED or not wanted:
        return False
    transitions.change(
        conn, image_id, states.QUEUED, states.ACTIVE,
        before=lambda image: [events.of_image('image.activate', image)],
        **changes['attributes'])
    return True


def _check(row, present, wanted, changes):
    if row.status not in _STATUSES:
        raise exceptions.Conflict(
            'Locations cannot be changed while the image is %s.' % row.status)
    if _keys(present) != _keys(changes['before']):
        raise exceptions.Conflict(
            'The locations of the image have changed meanwhile.')
    if present and not any(one['status'] == states.LOCATION_ACTIVE
                           for one in wanted):
        raise exceptions.Forbidden(
            'The last location of an image cannot be removed.')
    keys = _keys(wanted)
    if any(keys.count(key) > 1 for key in keys):
        raise exceptions.BadRequest('A location is there twice.')
    limit = changes['limit']
    if 0 <= limit < len(wanted) > len(present):
        raise exceptions.LimitExceeded(
            'The limit has been exceeded on the number of allowed image '
            'locations. Attempted: %d, Maximum: %d' % (len(wanted), limit))


def _keys(listed):
    """What tells one location from another."""
    return [(one['url'], one['metadata']) for one in listed]


def _remove(conn, image_id, row, present, wanted, size):
    """Have the data removed that nothing points at any more."""
    urls = {location['url'] for location in wanted}
    for location in present:
        if location['url'] in urls:
            continue
        urls.add(location['url'])
        delayed = CONF.delayed_delete
        work.create(conn, 'delete_data', image_id,
                    {'url': location['url'],
                     'metadata': location['metadata'],
                     'location': location['id'], 'stays': True,
                     'delayed': delayed},
                    seconds=CONF.scrub_time if delayed else 0,
                    project_id=row.owner, store_bytes=0 if delayed else size)


def _write(conn, image_id, present, wanted):
    """The ids give the order: rows are filled anew from the first on."""
    for row, location in zip(present, wanted):
        if any(row[name] != location[name] for name in _FIELDS):
            locations.replace(conn, row['id'], location['url'],
                              location['metadata'], location['status'])
    for location in wanted[len(present):]:
        locations.create(conn, image_id, location['url'],
                         location['metadata'], location['status'])
    for row in present[len(wanted):]:
        locations.delete(conn, row['id'])
