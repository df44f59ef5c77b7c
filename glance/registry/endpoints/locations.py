"""Locations: where in the stores the data of an image is."""

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.db.durable import work
from glance.db.images import image_rows
from glance.db.images import image_writes
from glance.db.images import locations
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image as image_types
from glance.objects import location as location_types
from glance.registry import image_patch as image_changes
from glance.registry import location_hashes
from glance.registry import location_patch
from glance.registry import removal
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
        return removal.begin_location(conn, image_id, location_id, url,
                                      ctxt.request_id)

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
        removal.fail_location(conn, image_id, location_id, work_id, attempt)

    @transactions.read_newest
    def is_used(self, conn: sa.Connection, ctxt: context.BusContext,
                url: str) -> bool:
        return locations.is_used(conn, url)

    @transactions.write
    def hashed(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, work_id: str, attempt: int, url: str,
               data: location_types.Facts | None,
               goes_on: bool = False) -> None:
        row = image_writes.lock_if_live(conn, image_id)
        if goes_on:
            work.check(conn, work_id, attempt)
        else:
            work.finish(conn, work_id, attempt)
        if row is None:
            return
        found = [one for one in locations.list(conn, image_id)
                 if one['url'] == url]
        if found:
            location_hashes.judge(conn, image_rows.get(conn, image_id),
                                  found, data)
            transitions.touch(conn, image_id)
