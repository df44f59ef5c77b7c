"""What a user's PATCH does to the locations of an image.

The caller sends the list it has seen and the one it wants. Under the row lock
of the image the first must still be true; then what differs is done. Data that
is taken out is left to a conductor, new data is left to one to be compared
with the image's hash.
"""

from collections.abc import Iterable, Sequence
import typing

import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import work
from glance.db.images import image_writes
from glance.db.images import locations
from glance.db.images import quotas
from glance.db import types
from glance.notifications import events
from glance.objects import image as image_types
from glance.objects import image_rules
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import removal
from glance.registry import transitions

_Present = Sequence[location_types.Location]
_Wanted = Sequence[location_types.Wanted]


def apply(conn: sa.Connection, image_id: str,
          changes: image_types.LocationChanges) -> bool:
    """Change the locations of a live image whose row lock is held.

    :returns: whether the image became active, which has been told then
    :raises BadRequest, Forbidden, Conflict, LimitExceeded:
    """
    row = image_writes.lock_live(conn, image_id)
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


def _check(row: types.Row, present: _Present, wanted: _Wanted,
           changes: image_types.LocationChanges) -> None:
    image_rules.check_may_be_located(row.status)
    if _keys(present) != _keys(changes['before']):
        raise exceptions.Conflict(
            'The locations of the image have changed meanwhile.')
    if present:
        image_rules.check_is_left(removal.usable(wanted))
    keys = _keys(wanted)
    if any(keys.count(key) > 1 for key in keys):
        raise exceptions.BadRequest('A location is there twice.')
    image_rules.check_limit('locations', changes['limit'], len(wanted),
                            is_more=len(wanted) > len(present))


def _keys(listed: Iterable[location_types.Where]
          ) -> list[tuple[str, dict[str, typing.Any]]]:
    """What tells one location from another."""
    return [(one['url'], one['metadata']) for one in listed]


def _remove(conn: sa.Connection, image_id: str, row: types.Row,
            present: _Present, wanted: _Wanted, size: int) -> None:
    """Have the data removed that nothing points at any more."""
    urls = {location['url'] for location in wanted}
    for location in present:
        if location['url'] in urls:
            continue
        urls.add(location['url'])
        removal.remove_data(conn, image_id, location, row.owner, size,
                            is_delayed=CONF.delayed_delete, stays=True)


def _write(conn: sa.Connection, image_id: str, present: _Present,
           wanted: _Wanted) -> None:
    """The ids give the order: rows are filled anew from the first on."""
    for row, location in zip(present, wanted):
        if _all(row) != _all(location):
            locations.replace(conn, row['id'], location['url'],
                              location['metadata'], location['status'])
    for location in wanted[len(present):]:
        locations.create(conn, image_id, location['url'],
                         location['metadata'], location['status'])
    for row in present[len(wanted):]:
        locations.delete(conn, row['id'])


def _all(location: location_types.Location | location_types.Wanted
         ) -> tuple[typing.Any, ...]:
    return location['url'], location['metadata'], location['status']
