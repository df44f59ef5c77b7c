"""Members: the projects an image is shared with."""

from glance.registry.rpcapi import base


class Members(base.Resource):
    """Members: {"image_id", "member_id", "status", "created_at",
    "updated_at"}.
    """

    namespace = 'members'

    def list(self, ctxt, image_id):
        """All members of an image; since 1.0."""
        return self._call(ctxt, 'list', image_id=image_id)

    def get(self, ctxt, image_id, member_id):
        """One member; since 1.0.

        :raises NotFound: not a member
        """
        return self._call(ctxt, 'get', image_id=image_id,
                          member_id=member_id)

    @base.since('1.7', 'readers')
    def create(self, ctxt, image_id, member_id, limit, readers=False):
        """A new, pending member; since 1.0.

        :param limit: most members an image may have, negative for no limit
        :param readers: whether stores have to be told; since 1.7
        :raises Duplicate, LimitExceeded, ImageNotFound:
        """
        return self._write(ctxt, 'create', image_id=image_id,
                           member_id=member_id, limit=limit,
                           readers=readers)

    def update(self, ctxt, image_id, member_id, status):
        """Set pending, accepted or rejected; since 1.0.

        :raises NotFound: not a member
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           member_id=member_id, status=status)

    @base.since('1.7', 'readers')
    def delete(self, ctxt, image_id, member_id, readers=False):
        """Remove a member; since 1.0.

        :param readers: as for `create`
        :raises NotFound: not a member
        """
        self._write(ctxt, 'delete', image_id=image_id, member_id=member_id,
                    readers=readers)
