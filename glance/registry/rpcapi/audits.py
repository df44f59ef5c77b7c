"""Audits: what reading the data at rest has found."""

from glance.registry.rpcapi import base


class Audits(base.Resource):
    """A location whose data is not what the image says is marked as `bad`:
    it is used no more, until its data is healed or found to be right.
    """

    namespace = 'audits'
    version = '1.5'

    def list_due(self, ctxt, after, limit, seconds, bad_seconds):
        """Locations whose data was not read for long; since 1.5.

        :param after: id of a location; those with larger ids are given
        :param seconds: how long
        :param bad_seconds: how long for bad ones
        :returns: [{"image": {"id", "size", "virtual_size", "checksum",
            "os_hash_algo", "os_hash_value", "disk_format",
            "container_format"}, "location": {"id", "url", "metadata"},
            "reason": why it is bad, or null, "place": where it is in the
            order of `list_oldest`}], in the order of location ids
        """
        return self._call(ctxt, 'list_due', after=after, limit=limit,
                          seconds=seconds, bad_seconds=bad_seconds)

    def list_oldest(self, ctxt, after, limit, seconds, bad_seconds):
        """Like `list_due`, what was not read for longest first; since 1.7.

        :param after: "place" of the one before, null for the first ones
        """
        return self._call(ctxt, 'list_oldest', version='1.7', after=after,
                          limit=limit, seconds=seconds,
                          bad_seconds=bad_seconds)

    def list_unknown(self, ctxt, after, limit):
        """Locations never read, of images that lack facts; since 1.5.

        Parameters and answer as of `list_due`.
        """
        return self._call(ctxt, 'list_unknown', after=after, limit=limit)

    def skipped(self, ctxt, location_ids):
        """Their data is not ours, they count as read; since 1.5."""
        self._write(ctxt, 'skipped', location_ids=location_ids)

    def passed(self, ctxt, image_id, location, facts):
        """The data is what it should be; since 1.5.

        :param location: {"id", "url"}
        :param facts: {"size", "checksum", "os_hash_algo", "os_hash_value",
            "virtual_size"} of it, null where unknown; the image gets those
            that it lacks
        """
        self._write(ctxt, 'passed', image_id=image_id, location=location,
                    facts=facts)

    def failed(self, ctxt, image_id, location, reason):
        """The data is not what it should be; since 1.5.

        :param location: {"id", "url"}
        :param reason: missing, size or hash
        :returns: whether a good copy is there to heal it from; null when
            the location is there no more, for which a registry of the
            release before says false
        """
        return self._write(ctxt, 'failed', image_id=image_id,
                           location=location, reason=reason)

    def healed(self, ctxt, work_id, attempt, image_id, location, written):
        """A good copy takes the place of bad data; since 1.5.

        :param location: {"id", "url"}
        :param written: {"url", "metadata"} of the copy
        :raises LeaseLost: somebody else has the work
        :raises Gone: there is nothing to heal any more
        """
        self._write(ctxt, 'healed', work_id=work_id, attempt=attempt,
                    image_id=image_id, location=location, written=written)

    def forget_deleted(self, ctxt):
        """Drop what is known of deleted locations; since 1.5."""
        self._write(ctxt, 'forget_deleted')
