"""Members: the projects an image is shared with."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import member
from glance.registry.rpcapi import base


class Members(base.Resource):
    """Members of an image."""

    namespace = 'members'

    def list(self, ctxt: context.Caller,
             image_id: str) -> Sequence[member.Member]:
        """All members of an image; since 1.0."""
        return self._call(ctxt, 'list', image_id=image_id)

    def get(self, ctxt: context.Caller, image_id: str,
            member_id: str) -> member.Member:
        """One member; since 1.0.

        :raises NotFound: not a member
        """
        return self._call(ctxt, 'get', image_id=image_id,
                          member_id=member_id)

    @base.since('1.7', 'readers')
    def create(self, ctxt: context.Caller, image_id: str, member_id: str,
               limit: int, readers: bool = False) -> member.Member:
        """A new, pending member; since 1.0.

        :param limit: most members an image may have, negative for no limit
        :param readers: whether stores have to be told; since 1.7
        :raises Duplicate, LimitExceeded, ImageNotFound:
        """
        return self._write(ctxt, 'create', image_id=image_id,
                           member_id=member_id, limit=limit,
                           readers=readers)

    def update(self, ctxt: context.Caller, image_id: str, member_id: str,
               status: str) -> member.Member:
        """Set pending, accepted or rejected; since 1.0.

        :raises NotFound: not a member
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           member_id=member_id, status=status)

    @base.since('1.7', 'readers')
    def delete(self, ctxt: context.Caller, image_id: str, member_id: str,
               readers: bool = False) -> None:
        """Remove a member; since 1.0.

        :param readers: as for `create`
        :raises NotFound: not a member
        """
        self._write(ctxt, 'delete', image_id=image_id, member_id=member_id,
                    readers=readers)
