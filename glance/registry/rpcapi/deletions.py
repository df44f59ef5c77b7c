"""Deletions: images deleted with delay, and data that nobody owns."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import at_rest
from glance.registry.rpcapi import base


class Deletions(base.Resource):
    """The data of an image with the status pending_delete is kept for the
    registry's scrub_time; until then the image can come back.
    """

    namespace = 'deletions'
    version = '1.5'

    def list_due(self, ctxt: context.Caller,
                 limit: int) -> Sequence[at_rest.Deleted]:
        """Such images whose time is over, oldest first; since 1.5."""
        return self._call(ctxt, 'list_due', limit=limit)

    def begin_due(self, ctxt: context.Caller, limit: int) -> int:
        """Let nothing of those wait any longer; since 1.5.

        What another release has deleted has no work yet; a scrub_time that
        has become shorter counts for what is deleted already.

        :returns: how many there were, `limit` at most
        """
        return self._write(ctxt, 'begin_due', limit=limit)

    def restore(self, ctxt: context.Caller, image_id: str) -> None:
        """pending_delete -> active, with all that was deleted; since 1.5.

        :raises ImageNotFound: there is no such image
        :raises Conflict: its data is being removed
        """
        self._write(ctxt, 'restore', image_id=image_id)

    def owners(self, ctxt: context.Caller,
               ids: Sequence[str]) -> dict[str, at_rest.Owner]:
        """Whose the objects named after some ids are, by id; since 1.5."""
        return self._call(ctxt, 'owners', ids=ids)
