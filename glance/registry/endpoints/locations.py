"""Locations: where in the stores the data of an image is."""

import typing

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.objects import states
from glance.registry import image_patch as image_changes
from glance.registry import location_hashes
from glance.registry import location_patch
from glance.registry import transactions
from glance.registry import transitions


class LocationsEndpoint:
    """See `glance.registry.rpcapi.locations` for arguments and answers."""

    target = oslo_messaging.Target(namespace='locations', version='1.7')

    @transactions.write
    def update(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str,
               changes: image_types.LocatedChanges) -> image_types.Image:
        image_changes.apply(conn, image_id, changes)
        is_emitted = location_patch.apply(conn, image_id,
                                          changes['locations'])
        image: image_types.Record = image_rows.get(conn, image_id)
        if not is_emitted:
            outbox.write(conn, events.of_image('image.update', image))
        return {**image, 'member': None}

    @transactions.write
    def begin_delete(self, conn: sa.Connection, ctxt: context.BusContext,
                     image_id: str, location_id: int,
                     url: str) -> location_types.Removal:
        row = _lock(conn, image_id)
        if row.status != states.ACTIVE:
            raise exceptions.Conflict(
                'Image %s has status %s: only the data of an active image '
                'can be deleted from one store.' % (image_id, row.status))
        usable = locations.list(conn, image_id,
                                (states.LOCATION_ACTIVE, states.LOCATION_BAD))
        found = [one for one in usable
                 if one['id'] == location_id and one['url'] == url]
        if not found:
            raise exceptions.NotFound(
                'The data of image %s is not in this store.' % image_id)
        others = [one for one in usable if one['id'] != location_id]
        if not any(one['status'] == states.LOCATION_ACTIVE for one in others):
            raise exceptions.Forbidden(
                'The data of image %s is in one store only.' % image_id)
        locations.set_status(conn, location_id, states.LOCATION_PENDING_DELETE)
        return self._removal(conn, ctxt, image_id, found[0],
                             any(one['url'] == url for one in others))

    @staticmethod
    def _removal(conn: sa.Connection, ctxt: context.BusContext,
                 image_id: str, location: location_types.Location,
                 is_shared: bool) -> location_types.Removal:
        delayed = CONF.delayed_delete
        work_id = work.create(
            conn, 'delete_location', image_id,
            {'location': location['id'], 'url': location['url'],
             'metadata': location['metadata'], 'shared': is_shared,
             'stays': True},
            owner=None if delayed else ctxt.request_id,
            seconds=CONF.scrub_time if delayed else CONF.work.lease)
        transitions.touch(conn, image_id)
        return {'id': work_id, 'attempt': 0 if delayed else 1,
                'shared': is_shared}

    @transactions.write
    def finish_delete(self, conn: sa.Connection, ctxt: context.BusContext,
                      image_id: str, location_id: int, work_id: str,
                      attempt: int) -> None:
        image_writes.lock(conn, image_id)
        work.finish(conn, work_id, attempt)
        locations.delete(conn, location_id)

    @transactions.write
    def fail_delete(self, conn: sa.Connection, ctxt: context.BusContext,
                    image_id: str, location_id: int, work_id: str,
                    attempt: int) -> None:
        row = image_writes.lock(conn, image_id)
        work.finish(conn, work_id, attempt)
        if row is not None and not row.deleted:
            locations.set_status(conn, location_id, states.LOCATION_ACTIVE)
            transitions.touch(conn, image_id)

    @transactions.read_newest
    def is_used(self, conn: sa.Connection, ctxt: context.BusContext,
                url: str) -> bool:
        return locations.is_used(conn, url)

    @transactions.write
    def hashed(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, work_id: str, attempt: int, url: str,
               data: location_types.Facts | None,
               goes_on: bool = False) -> None:
        row = image_writes.lock(conn, image_id)
        if goes_on:
            work.check(conn, work_id, attempt)
        else:
            work.finish(conn, work_id, attempt)
        if row is None or row.deleted:
            return
        found = [one for one in locations.list(conn, image_id)
                 if one['url'] == url]
        if found:
            location_hashes.judge(conn, image_rows.get(conn, image_id),
                                  found, data)
            transitions.touch(conn, image_id)


def _lock(conn: sa.Connection, image_id: str) -> sa.Row[typing.Any]:
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.ImageNotFound(image_id=image_id)
    return row
