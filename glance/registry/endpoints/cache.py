"""The cache: which API hosts have which images on their disks."""

import oslo_messaging

from glance.common import exceptions
from glance.db.images import cached_images
from glance.db.images import image_writes
from glance.registry import transactions


class CacheEndpoint:
    """See `glance.registry.rpcapi.cache` for arguments and answers."""

    target = oslo_messaging.Target(namespace='cache', version='1.9')

    @transactions.read
    def list(self, conn, ctxt, node):
        known = cached_images.node_id(conn, node)
        if known is None:
            return {'cached': [], 'queued': []}
        return {'cached': cached_images.list(conn, known),
                'queued': list(cached_images.list_queued(conn, known))}

    @transactions.read
    def list_cached(self, conn, ctxt, node, after, limit):
        known = cached_images.node_id(conn, node)
        return ([] if known is None else
                cached_images.list(conn, known, after, limit))

    @transactions.read
    def list_queued(self, conn, ctxt, node):
        known = cached_images.node_id(conn, node)
        return ([] if known is None else
                list(cached_images.list_queued(conn, known)))

    @transactions.read
    def list_nodes(self, conn, ctxt, image_id):
        return list(cached_images.list_nodes(conn, image_id))

    @transactions.write
    def add(self, conn, ctxt, node, image_id, size, checksum, now):
        _lock(conn, image_id)
        known = cached_images.make_node(conn, node)
        cached_images.add(conn, known, image_id, size, checksum, now)
        cached_images.remove_queued(conn, known, [image_id])

    @transactions.write
    def hit(self, conn, ctxt, node, hits):
        known = cached_images.node_id(conn, node)
        for image_id, (count, last) in sorted(hits.items()):
            cached_images.hit(conn, known, image_id, count, last)

    @transactions.write
    def remove(self, conn, ctxt, node, image_ids=None):
        known = cached_images.node_id(conn, node)
        return cached_images.remove(conn, known, image_ids)

    @transactions.write
    def queue(self, conn, ctxt, node, image_id):
        _lock(conn, image_id)
        known = cached_images.make_node(conn, node)
        cached_images.add_queued(conn, known, image_id)

    @transactions.write
    def unqueue(self, conn, ctxt, node, image_ids=None):
        known = cached_images.node_id(conn, node)
        return cached_images.remove_queued(conn, known, image_ids)


def _lock(conn, image_id):
    row = image_writes.lock(conn, image_id)
    if row is None or row.deleted:
        raise exceptions.ImageNotFound(image_id=image_id)
