"""Staged data: uploaded, and waiting for its import."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import quota
from glance.objects import upload
from glance.registry.rpcapi import base


class Stages(base.Resource):
    """An image while its data comes into the staging area and stays there.

    The lease of what is coming in is renewed by `Uploads.renew`.
    """

    namespace = 'stages'
    version = '1.2'

    def begin(self, ctxt: context.Caller, image_id: str, host: str,
              size: int | None,
              limits: quota.Limits | None = None) -> upload.Begun:
        """queued -> uploading; since 1.2.

        :param host: name of the staging area
        :param size: announced bytes
        :param limits: of the image's project
        :raises Conflict: the image is not queued
        :raises LimitExceeded:
        """
        return self._write(ctxt, 'begin', image_id=image_id, host=host,
                           size=size, limits=limits)

    def finish(self, ctxt: context.Caller, image_id: str, stage_id: str,
               attempt: int, data: upload.Staged,
               limits: quota.Limits | None = None) -> None:
        """All data is there; since 1.2.

        :raises LeaseLost, Gone, LimitExceeded: the data must be removed
        :raises UploadBroken: so it must, see `Uploads.finish`
        """
        self._write(ctxt, 'finish', image_id=image_id, stage_id=stage_id,
                    attempt=attempt, data=data, limits=limits)

    @base.since('1.8', 'received', is_needed=False)
    def fail(self, ctxt: context.Caller, image_id: str, stage_id: str,
             attempt: int, received: bool = True) -> None:
        """uploading -> queued, when the data is removed again; since 1.2.

        :param received: see `Uploads.fail`; since 1.8
        :raises LeaseLost: somebody else has done so
        """
        self._write(ctxt, 'fail', image_id=image_id, stage_id=stage_id,
                    attempt=attempt, received=received)

    def unknown(self, ctxt: context.Caller,
                image_ids: Sequence[str]) -> Sequence[str]:
        """Of these images those whose staged data nobody wants; since 1.2."""
        return self._call(ctxt, 'unknown', image_ids=image_ids)
