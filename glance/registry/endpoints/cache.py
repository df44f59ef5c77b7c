"""The cache: which API hosts have which images on their disks."""

from collections.abc import Sequence

import oslo_messaging
import sqlalchemy as sa

from glance.common import context
from glance.db.images import cached_images
from glance.db.images import image_writes
from glance.objects import cached
from glance.registry import transactions


class CacheEndpoint:
    """See `glance.registry.rpcapi.cache` for arguments and answers."""

    target = oslo_messaging.Target(namespace='cache', version='1.9')

    @transactions.read
    def list(self, conn: sa.Connection, ctxt: context.BusContext,
             node: str) -> cached.Listing:
        known = cached_images.node_id(conn, node)
        if known is None:
            return {'cached': [], 'queued': []}
        return {'cached': list(cached_images.list(conn, known)),
                'queued': list(cached_images.list_queued(conn, known))}

    @transactions.read
    def list_cached(self, conn: sa.Connection, ctxt: context.BusContext,
                    node: str, after: cached.After | None,
                    limit: int) -> Sequence[cached.Entry]:
        known = cached_images.node_id(conn, node)
        return ([] if known is None else
                cached_images.list(conn, known, after, limit))

    @transactions.read
    def list_queued(self, conn: sa.Connection, ctxt: context.BusContext,
                    node: str) -> Sequence[str]:
        known = cached_images.node_id(conn, node)
        return ([] if known is None else
                list(cached_images.list_queued(conn, known)))

    @transactions.read
    def list_nodes(self, conn: sa.Connection, ctxt: context.BusContext,
                   image_id: str) -> Sequence[str]:
        return list(cached_images.list_nodes(conn, image_id))

    @transactions.write
    def add(self, conn: sa.Connection, ctxt: context.BusContext, node: str,
            image_id: str, size: int, checksum: str | None,
            now: float) -> None:
        image_writes.lock_live(conn, image_id)
        known = cached_images.make_node(conn, node)
        cached_images.add(conn, known, image_id, size, checksum, now)
        cached_images.remove_queued(conn, known, [image_id])

    @transactions.write
    def hit(self, conn: sa.Connection, ctxt: context.BusContext, node: str,
            hits: dict[str, Sequence[float]]) -> None:
        known = cached_images.node_id(conn, node)
        for image_id, (count, last) in sorted(hits.items()):
            cached_images.hit(conn, known, image_id, count, last)

    @transactions.write
    def remove(self, conn: sa.Connection, ctxt: context.BusContext, node: str,
               image_ids: Sequence[str] | None = None) -> int:
        known = cached_images.node_id(conn, node)
        return cached_images.remove(conn, known, image_ids)

    @transactions.write
    def queue(self, conn: sa.Connection, ctxt: context.BusContext, node: str,
              image_id: str) -> None:
        image_writes.lock_live(conn, image_id)
        known = cached_images.make_node(conn, node)
        cached_images.add_queued(conn, known, image_id)

    @transactions.write
    def unqueue(self, conn: sa.Connection, ctxt: context.BusContext, node: str,
                image_ids: Sequence[str] | None = None) -> int:
        known = cached_images.node_id(conn, node)
        return cached_images.remove_queued(conn, known, image_ids)
