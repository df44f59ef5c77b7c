"""Audits: what reading the data at rest has found."""

from collections.abc import Sequence

from glance.common import context
from glance.objects import at_rest
from glance.objects import location as location_types
from glance.registry.rpcapi import base


class Audits(base.Resource):
    """A location whose data is not what the image says is marked as `bad`:
    it is used no more, until its data is healed or found to be right.
    """

    namespace = 'audits'
    version = '1.5'

    def list_due(self, ctxt: context.Caller, after: int, limit: int,
                 seconds: float,
                 bad_seconds: float) -> Sequence[at_rest.Due]:
        """Locations whose data was not read for long; since 1.5.

        :param after: id of a location; those with larger ids are given
        :param seconds: how long
        :param bad_seconds: how long for bad ones
        :returns: in the order of location ids
        """
        return self._call(ctxt, 'list_due', after=after, limit=limit,
                          seconds=seconds, bad_seconds=bad_seconds)

    def list_oldest(self, ctxt: context.Caller, after: at_rest.Place | None,
                    limit: int, seconds: float,
                    bad_seconds: float) -> Sequence[at_rest.Due]:
        """Like `list_due`, what was not read for longest first; since 1.7.

        :param after: `place` of the one before, None for the first ones
        """
        return self._call(ctxt, 'list_oldest', version='1.7', after=after,
                          limit=limit, seconds=seconds,
                          bad_seconds=bad_seconds)

    def list_unknown(self, ctxt: context.Caller, after: int,
                     limit: int) -> Sequence[at_rest.Due]:
        """Locations never read, of images that lack facts; since 1.5.

        Parameters and answer as of `list_due`.
        """
        return self._call(ctxt, 'list_unknown', after=after, limit=limit)

    def skipped(self, ctxt: context.Caller,
                location_ids: Sequence[int]) -> None:
        """Their data is not ours, they count as read; since 1.5."""
        self._write(ctxt, 'skipped', location_ids=location_ids)

    def passed(self, ctxt: context.Caller, image_id: str,
               location: location_types.Named,
               facts: location_types.AllFacts) -> None:
        """The data is what it should be; since 1.5.

        :param facts: of it; the image gets those that it lacks
        """
        self._write(ctxt, 'passed', image_id=image_id, location=location,
                    facts=facts)

    def failed(self, ctxt: context.Caller, image_id: str,
               location: location_types.Named, reason: str) -> bool | None:
        """The data is not what it should be; since 1.5.

        :param reason: missing, size or hash
        :returns: whether a good copy is there to heal it from; None when
            the location is there no more, for which a registry of the
            release before says false
        """
        return self._write(ctxt, 'failed', image_id=image_id,
                           location=location, reason=reason)

    def healed(self, ctxt: context.Caller, work_id: str, attempt: int,
               image_id: str, location: location_types.Named,
               written: location_types.Written) -> None:
        """A good copy takes the place of bad data; since 1.5.

        :param written: the copy
        :raises LeaseLost: somebody else has the work
        :raises Gone: there is nothing to heal any more
        """
        self._write(ctxt, 'healed', work_id=work_id, attempt=attempt,
                    image_id=image_id, location=location, written=written)

    def forget_deleted(self, ctxt: context.Caller) -> None:
        """Drop what is known of deleted locations; since 1.5."""
        self._write(ctxt, 'forget_deleted')
