"""The cache: which API hosts have which images on their disks."""

from glance.registry.rpcapi import base

# Entries of a list in one answer, which takes some milliseconds to read.
_PAGE = 3000


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

    def pages(self, ctxt, node):
        """What a host has, as `list`, in parts that hold up nobody; since 1.4.

        An image that is used meanwhile is there once.

        :returns: generator of lists
        """
        # Registries of former releases give all at once.
        if not self._rpc.can_send('1.9'):
            yield self.list(ctxt, node)['cached']
            return
        after, seen, is_whole = None, set(), True
        while is_whole:
            page = self.list_cached(ctxt, node, after, _PAGE)
            is_whole = len(page) == _PAGE
            yield [entry for entry in page if entry['id'] not in seen]
            seen.update(entry['id'] for entry in page)
            after = page and [page[-1]['last_accessed'], page[-1]['id']]

    def list_cached(self, ctxt, node, after, limit):
        """A part of what a host has, in the order of `list`; since 1.9.

        :param after: [`last_accessed`, `id`] of the entry before it, or None
        :param limit: entries at most
        :returns: a list as "cached" of `list`
        """
        return self._call(ctxt, 'list_cached', version='1.9', node=node,
                          after=after, limit=limit)

    def queued(self, ctxt, node):
        """What a host is to fetch, in this order; since 1.4.

        :returns: [image id]
        """
        if not self._rpc.can_send('1.9'):
            return self.list(ctxt, node)['queued']
        return self.list_queued(ctxt, node)

    def list_queued(self, ctxt, node):
        """"queued" of `list`; since 1.9."""
        return self._call(ctxt, 'list_queued', version='1.9', node=node)

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
