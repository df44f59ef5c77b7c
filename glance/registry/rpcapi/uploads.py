"""Uploads: an image while its data arrives."""

from glance.common import context
from glance.objects import quota
from glance.objects import upload
from glance.registry.rpcapi import base


class Uploads(base.Resource):
    """An image while its data arrives: a lease that one worker holds."""

    namespace = 'uploads'

    @base.since('1.1', 'limits', is_needed=False)
    def begin(self, ctxt: context.Caller, image_id: str, store_id: str,
              is_multi: bool, size: int | None,
              limits: quota.Limits | None = None) -> upload.Begun:
        """queued -> saving; since 1.0.

        :param store_id: where the data goes
        :param is_multi: whether readers of events know the store by its id
        :param size: announced bytes; they are charged to the image's project
            until the end of the upload
        :param limits: of the image's project; since 1.1
        :raises Conflict: the image is not queued
        :raises LimitExceeded, SpaceBeingFreed: the project has no room
        """
        return self._write(ctxt, 'begin', image_id=image_id,
                           store_id=store_id, is_multi=is_multi, size=size,
                           limits=limits)

    @base.since('1.1', 'limits', is_needed=False)
    @base.since('1.4', 'held', is_needed=False)
    def renew(self, ctxt: context.Caller, image_id: str, upload_id: str,
              attempt: int, held: quota.Held | None = None,
              limits: quota.Limits | None = None) -> None:
        """A sign of life; since 1.0.

        Staged data is uploaded under the same kind of lease.

        :param held: so far, where nobody has announced it; since 1.4
        :param limits: of the image's project, with `held`; since 1.1
        :raises LeaseLost: a conductor has undone the upload
        :raises Gone: the image was deleted
        :raises LimitExceeded: what was received is too much
        """
        self._call(ctxt, 'renew', image_id=image_id, upload_id=upload_id,
                   attempt=attempt, held=held, limits=limits)

    @base.since('1.1', 'limits', is_needed=False)
    def finish(self, ctxt: context.Caller, image_id: str, upload_id: str,
               attempt: int, data: upload.Received,
               limits: quota.Limits | None = None) -> None:
        """saving -> active, with size, hashes and location; since 1.0.

        :param limits: of the image's project, where nobody had announced the
            size; since 1.1
        :raises LeaseLost, Gone: as `renew`; the data must be removed
        :raises LimitExceeded: so it must, and the upload be failed
        :raises UploadBroken: likewise; there is no data, and some has come
            for this image before; since 1.8
        """
        self._write(ctxt, 'finish', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, data=data, limits=limits)

    @base.since('1.8', 'received', is_needed=False)
    def fail(self, ctxt: context.Caller, image_id: str, upload_id: str,
             attempt: int, reason: str, received: bool = True) -> None:
        """saving -> queued, when the data is removed again; since 1.0.

        :param received: false, since 1.8, when the client has kept all that
            it has to send; otherwise the image takes no empty data any more
        :raises LeaseLost: somebody else has done so
        """
        self._write(ctxt, 'fail', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, reason=reason, received=received)
