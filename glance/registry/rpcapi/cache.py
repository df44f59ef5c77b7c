"""The cache: which API hosts have which images on their disks."""

from collections.abc import Iterator, Sequence

from glance.common import context
from glance.objects import cached
from glance.registry.rpcapi import base

# Entries of a list in one answer, which takes some milliseconds to read.
_PAGE = 3000


class Cache(base.Resource):
    """A host is named by the URL under which others reach it."""

    namespace = 'cache'
    version = '1.4'

    def list(self, ctxt: context.Caller, node: str) -> cached.Listing:
        """What a host has, the image used longest ago first; since 1.4."""
        return self._call(ctxt, 'list', node=node)

    def pages(self, ctxt: context.Caller,
              node: str) -> Iterator[Sequence[cached.Entry]]:
        """What a host has, as `list`, in parts that hold up nobody; since 1.4.

        An image that is used meanwhile is there once.
        """
        # Registries of former releases give all at once.
        if not self._rpc.can_send('1.9'):
            yield self.list(ctxt, node)['cached']
            return
        after: cached.After | None = None
        seen: set[int] = set()
        is_whole = True
        while is_whole:
            page = self.list_cached(ctxt, node, after, _PAGE)
            is_whole = len(page) == _PAGE
            yield [entry for entry in page if entry['id'] not in seen]
            seen.update(entry['id'] for entry in page)
            if page:
                after = [page[-1]['last_accessed'], page[-1]['id']]

    def list_cached(self, ctxt: context.Caller, node: str,
                    after: cached.After | None,
                    limit: int) -> Sequence[cached.Entry]:
        """A part of what a host has, in the order of `list`; since 1.9.

        :param after: the entry before it, None for the first part
        :param limit: entries at most
        """
        return self._call(ctxt, 'list_cached', version='1.9', node=node,
                          after=after, limit=limit)

    def queued(self, ctxt: context.Caller, node: str) -> Sequence[str]:
        """Ids of images that a host is to fetch, in this order; since 1.4."""
        if not self._rpc.can_send('1.9'):
            return self.list(ctxt, node)['queued']
        return self.list_queued(ctxt, node)

    def list_queued(self, ctxt: context.Caller, node: str) -> Sequence[str]:
        """"queued" of `list`; since 1.9."""
        return self._call(ctxt, 'list_queued', version='1.9', node=node)

    def list_nodes(self, ctxt: context.Caller,
                   image_id: str) -> Sequence[str]:
        """The URLs of the hosts that have an image; since 1.4."""
        return self._call(ctxt, 'list_nodes', image_id=image_id)

    def add(self, ctxt: context.Caller, node: str, image_id: str, size: int,
            checksum: str | None, now: float) -> None:
        """A host has an image, and need not fetch it any more; since 1.4.

        :param now: seconds since the epoch
        :raises ImageNotFound: the image is deleted
        """
        self._write(ctxt, 'add', node=node, image_id=image_id, size=size,
                    checksum=checksum, now=now)

    def hit(self, ctxt: context.Caller, node: str,
            hits: dict[str, Sequence[float]]) -> None:
        """Images were used; since 1.4.

        :param hits: {image id: [how often, seconds since the epoch]}
        """
        self._write(ctxt, 'hit', node=node, hits=hits)

    def remove(self, ctxt: context.Caller, node: str,
               image_ids: Sequence[str] | None = None) -> int:
        """A host has some images no more; since 1.4.

        :param image_ids: None for all
        :returns: how many there were
        """
        return self._write(ctxt, 'remove', node=node, image_ids=image_ids)

    def queue(self, ctxt: context.Caller, node: str, image_id: str) -> None:
        """A host is to fetch an image; since 1.4.

        :raises ImageNotFound: the image is deleted
        """
        self._write(ctxt, 'queue', node=node, image_id=image_id)

    def unqueue(self, ctxt: context.Caller, node: str,
                image_ids: Sequence[str] | None = None) -> int:
        """A host need not fetch some images any more; since 1.4.

        :param image_ids: None for all
        :returns: how many there were
        """
        return self._write(ctxt, 'unqueue', node=node, image_ids=image_ids)
