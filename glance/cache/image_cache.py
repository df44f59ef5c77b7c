"""The image cache of this host."""

from collections.abc import Callable, Iterator, Sequence
import functools
import socket
import time

from oslo_log import log as logging

from glance.cache import fetch_thread
from glance.cache import files
from glance.cache import growing_file
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.metrics import counters
from glance.objects import cached
from glance.objects import image as image_types
from glance.objects import states
from glance.registry import rpcapi
from glance.store import driver
from glance.store.drivers.file import filesystem

LOG = logging.getLogger(__name__)

_CHUNK = 256 << 10
# Images that one process fetches at the same time.
_FILLS = concurrency.native.threading.BoundedSemaphore(8)

# {image id: [how often, seconds since the epoch]}
_Hits = dict[str, Sequence[float]]
# Called with whether an image is here now.
OnEnd = Callable[[bool], object]


class ImageCache:
    """:param folder: image_cache_dir
    :param node: URL by which the registry knows this host
    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :param max_size: bytes to which the cache is pruned
    """

    def __init__(self, folder: str, node: str, registry: rpcapi.RegistryAPI,
                 max_size: int) -> None:
        self.files = files.Files(folder)
        self.node = node
        self.max_size = max_size
        self.registry = registry
        self._hits: _Hits = {}
        self.on_hit: Callable[[], object] | None = None

    def open_whole(self, image: image_types.Record,
                   part: tuple[int, int] | None = None
                   ) -> filesystem.Reader | None:
        """:param part: (offset, length), None for all
        :returns: a reader that the kernel can send from, or None
        """
        if not image['size']:
            return None
        fd = self.files.open(image['id'], image['size'])
        if fd is None:
            return None
        offset, length = part or (0, image['size'])
        return filesystem.Reader(fd, offset, length, _CHUNK)

    def note_hit(self, image_id: str) -> None:
        """Remember a use; the registry is told later."""
        count, _last = self._hits.get(image_id, (0, 0))
        self._hits[image_id] = [count + 1, time.time()]
        if self.on_hit is not None:
            self.on_hit()

    def flush_hits(self) -> None:
        """Tell the registry which images were used."""
        hits, self._hits = self._hits, {}
        if not hits:
            return
        try:
            self.registry.cache.hit(context.internal(), self.node, hits)
        except Exception:
            self._keep_hits(hits)
            raise

    def _keep_hits(self, hits: _Hits) -> None:
        """They are told with those that came meanwhile."""
        for image_id, (count, last) in hits.items():
            more, newer = self._hits.get(image_id, (0, last))
            self._hits[image_id] = [count + more, newer]

    def fetch(self, image: image_types.Record, open_data: growing_file.OpenData
              ) -> driver.Reader:
        """Read an image that is not here yet, and keep it.

        :param open_data: called as open_data(offset) for a reader of the
            store, in a thread that may block
        :returns: a reader that follows the file as it grows; where it
            cannot be kept, the reader of the store
        :raises NotFound, StoreUnavailable: as `open_data`
        """
        self.begin(image, open_data)
        fd = self.files.follow(image['id'])
        if fd is not None:
            return growing_file.Follower(fd, image['size'] or 0, open_data)
        reader: driver.Reader | None = self.open_whole(image)
        return reader or concurrency.run_blocking(open_data, 0)

    def can_keep(self, image: image_types.Record) -> bool:
        return (image['status'] == states.ACTIVE
                and 0 < (image['size'] or 0) <= self.max_size)

    def begin(self, image: image_types.Record,
              open_data: growing_file.OpenData, on_end: OnEnd | None = None
              ) -> bool:
        """Start to fetch an image, unless somebody does already.

        :param on_end: called with whether it is here now
        :returns: whether it was started
        """
        if not self.can_keep(image) or not _FILLS.acquire(blocking=False):
            return False
        part = None
        try:
            part = concurrency.run_blocking(self._begin, image)
            if part is not None:
                reader = concurrency.run_blocking(open_data, 0)
        except BaseException:
            if part is not None:
                part.discard()
                part.close()
            _FILLS.release()
            raise
        if part is None:
            _FILLS.release()
            return False
        fetch_thread.start(part, image, reader,
                           functools.partial(self._ended, image, on_end))
        return True

    def _begin(self, image: image_types.Record) -> files.Part | None:
        """:returns: a `Part`; None when another one fills it, or has filled it
            since we looked
        """
        part = self.files.begin(image['id'])
        if part is not None and self.files.is_whole(image['id'],
                                                    image['size']):
            part.discard()
            part.close()
            return None
        return part

    def _ended(self, image: image_types.Record, on_end: OnEnd | None,
               done: bool, reason: str | None) -> None:
        _FILLS.release()
        if reason is not None:
            self._log_failed(image['id'], reason)
        if done:
            counters.CACHE_FILLED.labels(
                'prefetch' if on_end else 'client').inc(image['size'])
        try:
            if done:
                self.list_image(image)
        except exceptions.NotFound:
            self.files.remove(image['id'])
            done = False
        except exceptions.GlanceError as error:
            # The file is whole; it is listed when the host is looked after.
            LOG.warning('Image %s is in the cache and not listed yet: %s',
                        image['id'], error)
        if on_end is not None:
            on_end(done)

    def _log_failed(self, image_id: str, reason: str) -> None:
        try:
            self.registry.images.get(context.internal(), image_id)
        except exceptions.NotFound:
            return      # It was deleted, and with it its data.
        except exceptions.GlanceError:
            pass
        LOG.warning('Image %s does not get into the cache: %s', image_id,
                    reason)

    def list_image(self, image: image_types.Record) -> None:
        """Tell the registry that an image is here.

        :raises ImageNotFound: it is deleted
        """
        self.registry.cache.add(context.internal(), self.node, image['id'],
                                image['size'] or 0, image['checksum'],
                                time.time())

    def pages(self) -> Iterator[Sequence[cached.Entry]]:
        """:returns: as `Cache.pages` of the registry, without images that
        are deleted
        """
        self.flush_hits()
        for page in self.registry.cache.pages(context.internal(), self.node):
            yield [entry for entry in page if not entry['gone']]

    def queued(self) -> Sequence[str]:
        """:returns: ids of the images that are to be fetched, in order"""
        return self.registry.cache.queued(context.internal(), self.node)

    def queue(self, image_id: str) -> None:
        """:raises ImageNotFound:"""
        self.registry.cache.queue(context.internal(), self.node, image_id)

    def unqueue(self, image_ids: Sequence[str] | None = None) -> int:
        """:returns: how many were queued; of all, without ids"""
        return self.registry.cache.unqueue(context.internal(), self.node,
                                           image_ids)

    def drop(self, image_id: str) -> bool:
        """Remove an image without telling the registry, which finds out.

        :returns: whether it was here
        """
        self._hits.pop(image_id, None)
        return self.files.remove(image_id)

    def remove(self, image_ids: Sequence[str] | None = None) -> int:
        """Remove images; all of them without ids.

        :returns: how many were listed or here
        """
        found = 0
        here = self.files.list()
        for image_id in here if image_ids is None else image_ids:
            found += self.drop(image_id)
        listed = self.registry.cache.remove(context.internal(), self.node,
                                            image_ids)
        return max(found, listed)


def load(registry: rpcapi.RegistryAPI) -> ImageCache | None:
    """The cache of this host, as configured.

    :param registry: `glance.registry.rpcapi.RegistryAPI`
    :returns: ImageCache, or None when none is configured
    """
    if not CONF.image_cache_dir:
        return None
    return ImageCache(CONF.image_cache_dir, node_url(), registry,
                      CONF.image_cache_max_size)


def node_url() -> str:
    """What this host is called among the hosts.

    Unlike public_endpoint it is the name of one host: two must not take each
    other's files for their own.
    """
    if CONF.worker_self_reference_url:
        url: str = CONF.worker_self_reference_url
        return url.rstrip('/')
    scheme = 'https' if CONF.cert_file else 'http'
    return '%s://%s:%d' % (scheme, socket.gethostname(), CONF.bind_port)
