"""Staged data: uploaded, and waiting for its import."""

from glance.registry.rpcapi import base


class Stages(base.Resource):
    """An image while its data comes into the staging area and stays there.

    The lease of what is coming in is renewed by `Uploads.renew`.
    """

    namespace = 'stages'
    version = '1.2'

    def begin(self, ctxt, image_id, host, size, limits=None):
        """queued -> uploading; since 1.2.

        :param host: name of the staging area
        :param size: announced bytes, or None
        :param limits: of the image's project
        :returns: {"id", "attempt", "lease": seconds}
        :raises Conflict: the image is not queued
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'begin', image_id=image_id, host=host,
                           size=size, limits=limits)

    def finish(self, ctxt, image_id, stage_id, attempt, data, limits=None):
        """All data is there; since 1.2.

        :param data: {"url", "attempt", "size"} of the staging area
        :raises LeaseLost, Gone, LimitExceeded: the data must be removed
        :raises UploadBroken: so it must, see `Uploads.finish`
        """
        self._write(ctxt, 'finish', image_id=image_id, stage_id=stage_id,
                    attempt=attempt, data=data, limits=limits)

    @base.since('1.8', 'received', is_needed=False)
    def fail(self, ctxt, image_id, stage_id, attempt, received=True):
        """uploading -> queued, when the data is removed again; since 1.2.

        :param received: see `Uploads.fail`; since 1.8
        :raises LeaseLost: somebody else has done so
        """
        self._write(ctxt, 'fail', image_id=image_id, stage_id=stage_id,
                    attempt=attempt, received=received)

    def unknown(self, ctxt, image_ids):
        """Of these images those whose staged data nobody wants; since 1.2."""
        return self._call(ctxt, 'unknown', image_ids=image_ids)
