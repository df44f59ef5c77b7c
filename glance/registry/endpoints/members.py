"""Members: the projects that an image is shared with."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.common import exceptions
from glance.db.images import image_writes
from glance.db.images import members
from glance.notifications import events
from glance.notifications import outbox
from glance.objects import image_rules
from glance.objects import member as member_types
from glance.registry import readers as store_readers
from glance.registry import transactions


class MembersEndpoint:
    """See `glance.registry.rpcapi.Members` for arguments and answers."""

    target = oslo_messaging.Target(namespace='members', version='1.7')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             image_id: str) -> Sequence[member_types.Member]:
        return members.list(conn, image_id)

    @transactions.read
    def get(self, conn: sa.Connection, ctxt: context.BusContext, image_id: str,
            member_id: str) -> member_types.Member:
        return members.get(conn, image_id, member_id)

    @transactions.write
    def create(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, member_id: str, limit: int,
               readers: bool = False) -> member_types.Member:
        image_writes.lock_live(conn, image_id)
        known = {member['member_id']
                 for member in members.list(conn, image_id)}
        if member_id in known:
            raise exceptions.Duplicate('%s is already a member of image %s'
                                       % (member_id, image_id))
        image_rules.check_limit('members for this image', limit,
                                len(known) + 1, is_more=True)
        members.create(conn, image_id, member_id)
        store_readers.schedule(conn, image_id, {'readers': readers})
        member = members.get(conn, image_id, member_id)
        outbox.write(conn, events.of_member('image.member.create', member))
        return member

    @transactions.write
    def update(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, member_id: str,
               status: str) -> member_types.Member:
        image_writes.lock_live(conn, image_id)
        members.update(conn, image_id, member_id, status)
        member = members.get(conn, image_id, member_id)
        outbox.write(conn, events.of_member('image.member.update', member))
        return member

    @transactions.write
    def delete(self, conn: sa.Connection, ctxt: context.BusContext,
               image_id: str, member_id: str, readers: bool = False) -> None:
        image_writes.lock_live(conn, image_id)
        member = members.get(conn, image_id, member_id)
        deleted_at = members.delete(conn, image_id, member_id)
        store_readers.schedule(conn, image_id, {'readers': readers})
        outbox.write(conn, events.of_member(
            'image.member.delete', member, deleted=True,
            deleted_at=deleted_at))
