"""Deletions: images deleted with delay, and data that nobody owns."""

from glance.registry.rpcapi import base


class Deletions(base.Resource):
    """The data of an image with the status pending_delete is kept for the
    registry's scrub_time; until then the image can come back.
    """

    namespace = 'deletions'
    version = '1.5'

    def list_due(self, ctxt, limit):
        """Such images whose time is over, oldest first; since 1.5.

        :returns: [{"id", "size", "owner", "deleted_at"}]
        """
        return self._call(ctxt, 'list_due', limit=limit)

    def begin_due(self, ctxt, limit):
        """Let nothing of those wait any longer; since 1.5.

        What another release has deleted has no work yet; a scrub_time that
        has become shorter counts for what is deleted already.

        :returns: how many there were, `limit` at most
        """
        return self._write(ctxt, 'begin_due', limit=limit)

    def restore(self, ctxt, image_id):
        """pending_delete -> active, with all that was deleted; since 1.5.

        :raises ImageNotFound: there is no such image
        :raises Conflict: its data is being removed
        """
        self._write(ctxt, 'restore', image_id=image_id)

    def owners(self, ctxt, ids):
        """Whose the objects named after some ids are; since 1.5.

        :returns: {id: {"is_known": whether there is or was such an image or
            task, "is_image": whether it is an image, "is_busy": whether
            there is work with it, "urls": of locations that count, "object":
            name of what the task has exported, or None; since 1.8}}
        """
        return self._call(ctxt, 'owners', ids=ids)
