"""The cache: which API hosts have which images on their disks."""

from glance.registry.rpcapi import base


class Cache(base.Resource):
    """A host is named by the URL under which others reach it."""

    namespace = 'cache'
    version = '1.4'

    def list(self, ctxt, node):
        """What a host has, the image used longest ago first; since 1.4.

        :returns: {"cached": [{"id", "image_id", "size", "hits", "checksum",
            "last_accessed" and "last_modified" in seconds since the epoch,
            "gone": whether the image is deleted}], "queued": [image id]}
        """
        return self._call(ctxt, 'list', node=node)

    def list_nodes(self, ctxt, image_id):
        """The hosts that have an image, as a list of URLs; since 1.4."""
        return self._call(ctxt, 'list_nodes', image_id=image_id)

    def add(self, ctxt, node, image_id, size, checksum, now):
        """A host has an image, and need not fetch it any more; since 1.4.

        :param now: seconds since the epoch
        :raises ImageNotFound: the image is deleted
        """
        self._write(ctxt, 'add', node=node, image_id=image_id, size=size,
                    checksum=checksum, now=now)

    def hit(self, ctxt, node, hits):
        """Images were used; since 1.4.

        :param hits: {image id: [how often, seconds since the epoch]}
        """
        self._write(ctxt, 'hit', node=node, hits=hits)

    def remove(self, ctxt, node, image_ids=None):
        """A host has some images no more; since 1.4.

        :param image_ids: None for all
        :returns: how many there were
        """
        return self._write(ctxt, 'remove', node=node, image_ids=image_ids)

    def queue(self, ctxt, node, image_id):
        """A host is to fetch an image; since 1.4.

        :raises ImageNotFound: the image is deleted
        """
        self._write(ctxt, 'queue', node=node, image_id=image_id)

    def unqueue(self, ctxt, node, image_ids=None):
        """A host need not fetch some images any more; since 1.4.

        :param image_ids: None for all
        :returns: how many there were
        """
        return self._write(ctxt, 'unqueue', node=node, image_ids=image_ids)
