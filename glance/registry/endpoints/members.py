"""Members: the projects that an image is shared with."""

import oslo_messaging

from glance.common import exceptions
from glance.db.images import image_writes
from glance.db.images import members
from glance.notifications import events
from glance.notifications import outbox
from glance.registry import readers as store_readers
from glance.registry import transactions


class MembersEndpoint:
    """See `glance.registry.rpcapi.Members` for arguments and answers."""

    target = oslo_messaging.Target(namespace='members', version='1.7')

    @transactions.read
    def list(self, conn, ctxt, image_id):
        return members.list(conn, image_id)

    @transactions.read
    def get(self, conn, ctxt, image_id, member_id):
        return members.get(conn, image_id, member_id)

    @transactions.write
    def create(self, conn, ctxt, image_id, member_id, limit, readers=False):
        _lock(conn, image_id)
        known = {member['member_id']
                 for member in members.list(conn, image_id)}
        if member_id in known:
            raise exceptions.Duplicate('%s is already a member of image %s'
                                       % (member_id, image_id))
        if 0 <= limit < len(known) + 1:
            raise exceptions.LimitExceeded(
                'The limit has been exceeded on the number of allowed image '
                'members for this image. Attempted: %d, Maximum: %d'
                % (len(known) + 1, limit))
        members.create(conn, image_id, member_id)
        store_readers.schedule(conn, image_id, {'readers': readers})
        member = members.get(conn, image_id, member_id)
        outbox.write(conn, events.of_member('image.member.create', member))
        return member

    @transactions.write
    def update(self, conn, ctxt, image_id, member_id, status):
        _lock(conn, image_id)
        members.update(conn, image_id, member_id, status)
        member = members.get(conn, image_id, member_id)
        outbox.write(conn, events.of_member('image.member.update', member))
        return member

    @transactions.write
    def delete(self, conn, ctxt, image_id, member_id, readers=False):
        _lock(conn, image_id)
        member = members.get(conn, image_id, member_id)
        deleted_at = members.delete(conn, image_id, member_id)
        store_readers.schedule(conn, image_id, {'readers': readers})
        outbox.write(conn, events.of_member(
            'image.member.delete', member, deleted=True,
            deleted_at=deleted_at))


def _lock(conn, image_id):
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.ImageNotFound(image_id=image_id)
