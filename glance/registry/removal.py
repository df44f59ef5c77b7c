"""Images and locations that go: at once for users, data by a conductor.

With [DEFAULT] delayed_delete data waits for `scrub_time` before it goes, and
nobody's quota is charged with it meanwhile.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import stages
from glance.db.durable import work
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import transitions


def remove_image(conn: sa.Connection, image: image_types.Record,
                 has_members: bool) -> bool:
    """Mark an image deleted and leave its data to the conductor.

    :param image: as read under its row lock
    :param has_members: whether anybody is a member
    :returns: whether there is data to remove now
    """
    image_id, old = image['id'], image['status']
    delayed = CONF.delayed_delete and bool(image['locations'])
    new = states.PENDING_DELETE if delayed else states.DELETED
    states.check(old, new)
    image_writes.delete_children(conn, image, has_members, new)
    deleted_at = image_writes.delete(conn, image_id, new)
    for location in image['locations']:
        remove_data(conn, image_id, location, image['owner'], image['size'],
                    is_delayed=delayed)
    gone: image_types.Record = {
        **image, 'status': new, 'deleted': True, 'deleted_at': deleted_at,
        'updated_at': deleted_at}
    outbox.write(conn, events.of_image('image.delete', gone),
                 events.status(gone, old))
    is_staged = old == states.UPLOADING and stages.drop(conn, image_id)
    return is_staged or (bool(image['locations']) and not delayed)


def remove_data(conn: sa.Connection, image_id: str,
                location: location_types.Location, owner: str | None,
                size: int | None, is_delayed: bool = False,
                **more: bool) -> None:
    """Leave the data of a location to a conductor.

    :param owner: who is charged with it until it is gone
    :param size: bytes, None where nobody knows
    :param more: `stays`, when the image does
    """
    work.create(conn, 'delete_data', image_id,
                {'url': location['url'], 'metadata': location['metadata'],
                 'location': location['id'], 'delayed': is_delayed, **more},
                seconds=CONF.scrub_time if is_delayed else 0,
                project_id=owner, store_bytes=0 if is_delayed else size or 0)


def begin_location(conn: sa.Connection, image_id: str, location_id: int,
                   url: str, request_id: str) -> location_types.Removal:
    """Use a location no more; its data is still to be removed.

    :param request_id: who removes it, if it does not wait
    :raises ImageNotFound, NotFound: no image, or no such location
    :raises Conflict: the image is not active
    :raises Forbidden: it is the last one
    """
    row = image_writes.lock_live(conn, image_id)
    if row.status != states.ACTIVE:
        raise exceptions.Conflict(
            'Image %s has status %s: only the data of an active image '
            'can be deleted from one store.' % (image_id, row.status))
    listed = locations.list(conn, image_id, (states.LOCATION_ACTIVE,
                                             states.LOCATION_BAD))
    found = [one for one in listed
             if one['id'] == location_id and one['url'] == url]
    if not found:
        raise exceptions.NotFound(
            'The data of image %s is not in this store.' % image_id)
    others = [one for one in listed if one['id'] != location_id]
    if not usable(others):
        raise exceptions.Forbidden(
            'The data of image %s is in one store only.' % image_id)
    locations.set_status(conn, location_id, states.LOCATION_PENDING_DELETE)
    return _begin(conn, image_id, found[0],
                  any(one['url'] == url for one in others), request_id)


def usable(listed: Iterable[location_types.Location | location_types.Wanted]
           ) -> list[location_types.Location | location_types.Wanted]:
    """:returns: those of some locations from which an image has its data"""
    return [one for one in listed if one['status'] == states.LOCATION_ACTIVE]


def _begin(conn: sa.Connection, image_id: str,
           location: location_types.Location, is_shared: bool,
           request_id: str) -> location_types.Removal:
    delayed = CONF.delayed_delete
    work_id = work.create(
        conn, 'delete_location', image_id,
        {'location': location['id'], 'url': location['url'],
         'metadata': location['metadata'], 'shared': is_shared,
         'stays': True},
        owner=None if delayed else request_id,
        seconds=CONF.scrub_time if delayed else CONF.work.lease)
    transitions.touch(conn, image_id)
    return {'id': work_id, 'attempt': 0 if delayed else 1,
            'shared': is_shared}


def fail_location(conn: sa.Connection, image_id: str, location_id: int,
                  work_id: str, attempt: int) -> None:
    """The store keeps the data: the location is used again.

    :raises LeaseLost: somebody else has the work
    """
    row = image_writes.lock_if_live(conn, image_id)
    work.finish(conn, work_id, attempt)
    if row is not None:
        locations.set_status(conn, location_id, states.LOCATION_ACTIVE)
        transitions.touch(conn, image_id)
