"""Locations: where in the stores the data of an image is."""

from glance.registry.rpcapi import base


class Locations(base.Resource):
    """Locations are {"url", "metadata", "status"}; the status is `active`,
    `verifying` until the data was compared with the image's hash, or
    `pending_delete`.
    """

    namespace = 'locations'
    version = '1.3'

    def update(self, ctxt, image_id, changes):
        """Apply changes, also of locations; since 1.3.

        :param changes: as of `images.update`, and "locations":
            {"before": [{"url", "metadata"}] as the caller has seen them,
            "after": [{"url", "metadata", "status", and "hash": true when a
            conductor is to read the data}], "limit": most of them,
            "size": bytes of each, "attributes": columns of an image that
            gets its first one, "project_limits": see `glance.common.limits`}
        :returns: the changed image; a queued one with its first location
            is active
        :raises BadRequest: a location is there twice
        :raises Forbidden: none would be left
        :raises Conflict: another status, or the locations have changed
        :raises ImageNotFound, LimitExceeded:
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           changes=changes)

    def begin_delete(self, ctxt, image_id, location_id, url):
        """Use a location no more, for its data to be removed; since 1.3.

        :returns: {"id" of the work, "attempt", "shared": the data is that
            of another location, too}; with attempt 0 a conductor does it
            later
        :raises ImageNotFound, NotFound: no image, or no such location
        :raises Conflict: the image is not active
        :raises Forbidden: it is the last one
        """
        return self._write(ctxt, 'begin_delete', image_id=image_id,
                           location_id=location_id, url=url)

    def finish_delete(self, ctxt, image_id, location_id, work_id, attempt):
        """The data is gone; since 1.3.

        :raises LeaseLost: a conductor is at it
        """
        self._write(ctxt, 'finish_delete', image_id=image_id,
                    location_id=location_id, work_id=work_id,
                    attempt=attempt)

    def fail_delete(self, ctxt, image_id, location_id, work_id, attempt):
        """The store keeps the data: the location is used again; since 1.3.

        :raises LeaseLost: a conductor is at it
        """
        self._write(ctxt, 'fail_delete', image_id=image_id,
                    location_id=location_id, work_id=work_id,
                    attempt=attempt)

    def is_used(self, ctxt, url):
        """Whether an image has its data at a URL; since 1.7.

        Also one that was deleted with delay, and may come back.
        """
        return self._call(ctxt, 'is_used', version='1.7', url=url)

    @base.since('1.4', 'goes_on')
    def hashed(self, ctxt, image_id, work_id, attempt, url, data,
               goes_on=False):
        """The data at a URL was read, or cannot be; since 1.3.

        :param data: {"size", "checksum", "os_hash_algo", "os_hash_value"},
            or None
        :param goes_on: whether there is more of this work to do; since 1.4
        :raises LeaseLost: somebody else has the work
        """
        self._write(ctxt, 'hashed', image_id=image_id, work_id=work_id,
                    attempt=attempt, url=url, data=data, goes_on=goes_on)
