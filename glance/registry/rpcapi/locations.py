"""Locations: where in the stores the data of an image is."""

from glance.common import context
from glance.objects import image as image_types
from glance.objects import location
from glance.registry.rpcapi import base


class Locations(base.Resource):
    """Locations of images; a status is `active`, `verifying` until the data
    was compared with the image's hash, `bad`, or `pending_delete`.
    """

    namespace = 'locations'
    version = '1.3'

    def update(self, ctxt: context.Caller, image_id: str,
               changes: image_types.LocatedChanges) -> image_types.Image:
        """Apply changes, also of locations; since 1.3.

        :returns: the changed image; a queued one with its first location
            is active
        :raises BadRequest: a location is there twice
        :raises Forbidden: none would be left
        :raises Conflict: another status, or the locations have changed
        :raises ImageNotFound, LimitExceeded:
        """
        return self._write(ctxt, 'update', image_id=image_id,
                           changes=changes)

    def begin_delete(self, ctxt: context.Caller, image_id: str,
                     location_id: int, url: str) -> location.Removal:
        """Use a location no more, for its data to be removed; since 1.3.

        :raises ImageNotFound, NotFound: no image, or no such location
        :raises Conflict: the image is not active
        :raises Forbidden: it is the last one
        """
        return self._write(ctxt, 'begin_delete', image_id=image_id,
                           location_id=location_id, url=url)

    def finish_delete(self, ctxt: context.Caller, image_id: str,
                      location_id: int, work_id: str, attempt: int) -> None:
        """The data is gone; since 1.3.

        :raises LeaseLost: a conductor is at it
        """
        self._write(ctxt, 'finish_delete', image_id=image_id,
                    location_id=location_id, work_id=work_id,
                    attempt=attempt)

    def fail_delete(self, ctxt: context.Caller, image_id: str,
                    location_id: int, work_id: str, attempt: int) -> None:
        """The store keeps the data: the location is used again; since 1.3.

        :raises LeaseLost: a conductor is at it
        """
        self._write(ctxt, 'fail_delete', image_id=image_id,
                    location_id=location_id, work_id=work_id,
                    attempt=attempt)

    def is_used(self, ctxt: context.Caller, url: str) -> bool:
        """Whether an image has its data at a URL; since 1.7.

        Also one that was deleted with delay, and may come back.
        """
        return self._call(ctxt, 'is_used', version='1.7', url=url)

    @base.since('1.4', 'goes_on')
    def hashed(self, ctxt: context.Caller, image_id: str, work_id: str,
               attempt: int, url: str, data: location.Facts | None,
               goes_on: bool = False) -> None:
        """The data at a URL was read, or cannot be; since 1.3.

        :param data: what was read, None when it cannot be
        :param goes_on: whether there is more of this work to do; since 1.4
        :raises LeaseLost: somebody else has the work
        """
        self._write(ctxt, 'hashed', image_id=image_id, work_id=work_id,
                    attempt=attempt, url=url, data=data, goes_on=goes_on)
