"""Uploads: an image while its data arrives."""

from glance.registry.rpcapi import base


class Uploads(base.Resource):
    """An image while its data arrives: a lease that one worker holds."""

    namespace = 'uploads'

    def begin(self, ctxt, image_id, store_id, is_multi, size):
        """queued -> saving; since 1.0.

        :param store_id: where the data goes
        :param is_multi: whether readers of events know the store by its id
        :param size: announced bytes, or None
        :returns: {"id", "attempt", "lease": seconds until it must be renewed}
        :raises Conflict: the image is not queued
        """
        return self._write(ctxt, 'begin', image_id=image_id,
                           store_id=store_id, is_multi=is_multi, size=size)

    def renew(self, ctxt, image_id, upload_id, attempt):
        """A sign of life; since 1.0.

        :raises LeaseLost: a conductor has undone the upload
        :raises Gone: the image was deleted
        """
        self._call(ctxt, 'renew', image_id=image_id, upload_id=upload_id,
                   attempt=attempt)

    def finish(self, ctxt, image_id, upload_id, attempt, data):
        """saving -> active, with size, hashes and location; since 1.0.

        :param data: {"size", "virtual_size", "checksum", "os_hash_algo",
            "os_hash_value", "url", "metadata"}
        :raises LeaseLost, Gone: as `renew`; the data must be removed
        """
        self._write(ctxt, 'finish', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, data=data)

    def fail(self, ctxt, image_id, upload_id, attempt, reason):
        """saving -> queued, when the data is removed again; since 1.0.

        :raises LeaseLost: somebody else has done so
        """
        self._write(ctxt, 'fail', image_id=image_id, upload_id=upload_id,
                    attempt=attempt, reason=reason)
