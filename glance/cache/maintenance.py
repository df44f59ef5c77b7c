"""What has to be done for a cache now and then: each piece on its own, for
the process that looks after the cache and for the commands.
"""

from collections.abc import Callable
import os
import threading
import time
import typing

from oslo_log import log as logging

from glance.cache import fetch_thread
from glance.cache import files
from glance.cache import image_cache
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import states
from glance.store import backends
from glance.store import driver
from glance.store.transfer import image_data

LOG = logging.getLogger(__name__)


class Pruned(typing.TypedDict):
    files: int
    bytes: int


def clean(cache: image_cache.ImageCache) -> int:
    """Remove what is incomplete or unknown, and list what is not listed.

    :returns: how many files were removed
    """
    removed: int = concurrency.run_blocking(cache.files.clean,
                                            CONF.image_cache_stall_time)
    ctxt = context.internal()
    # In this order: what is listed has had its file before.
    listed = {entry['image_id']: entry['gone']
              for page in cache.registry.cache.pages(ctxt, cache.node)
              for entry in page}
    here = concurrency.run_blocking(cache.files.list)
    lost = [image_id for image_id, is_gone in listed.items()
            if is_gone or image_id not in here]
    if lost:
        removed += sum(cache.drop(image_id) for image_id in lost
                       if listed[image_id])
        cache.registry.cache.remove(ctxt, cache.node, lost)
    return removed + sum(not _adopt(cache, image_id)
                         for image_id in here if image_id not in listed)


def _adopt(cache: image_cache.ImageCache, image_id: str) -> bool:
    """List a file that is here if it holds what it should, else remove it.

    :returns: whether it stays
    """
    try:
        image = cache.registry.images.get(context.internal(), image_id)
        if concurrency.run_blocking(_is_whole, cache, image):
            cache.list_image(image)
            return True
    except exceptions.NotFound:
        pass
    cache.drop(image_id)
    return False


def _is_whole(cache: image_cache.ImageCache, image: image_types.Record
              ) -> bool:
    fd = cache.files.open(image['id'], image['size'])
    if fd is None:
        return False
    try:
        return fetch_thread.verify(fd, image)
    finally:
        os.close(fd)


def prune(cache: image_cache.ImageCache) -> Pruned:
    """Remove what was used longest ago until the rest fits.

    :returns: how many were removed
    """
    cache.flush_hits()
    cached = [(entry['image_id'], entry['size'])
              for page in cache.registry.cache.pages(context.internal(),
                                                     cache.node)
              for entry in page]
    excess = sum(size for _id, size in cached) - cache.max_size
    pruned, freed = [], 0
    for image_id, size in cached:
        if freed >= excess:
            break
        freed += size
        pruned.append(image_id)
    if pruned:
        cache.remove(pruned)
    return {'files': len(pruned), 'bytes': freed}


def prefetch(cache: image_cache.ImageCache, stores: backends.Stores,
             give_up: Callable[[str], bool] | None = None) -> list[str]:
    """Fetch what is queued, one after the other.

    :param give_up: called as give_up(image_id) when an image could not be
        fetched: whether it is not to be tried again
    :returns: ids of those that could not be fetched
    """
    failed: list[str] = []
    seen: set[str] = set()
    while image_id := _next(cache, seen):
        seen.add(image_id)
        try:
            fetched = _fetch(cache, stores, image_id)
            if not fetched:
                _look_for(cache, image_id)
        except exceptions.NotFound:
            cache.unqueue([image_id])
            continue
        if fetched:
            continue
        failed.append(image_id)
        if fetched is None or give_up is None:
            continue
        if give_up(image_id):
            LOG.error('Image %s could not be fetched into the cache, it is '
                      'not queued any more.', image_id)
            cache.unqueue([image_id])
    return failed


def _next(cache: image_cache.ImageCache, seen: set[str]) -> str | None:
    """Asked for each image anew: the one before it may have taken hours.

    :returns: the first that is queued and not among those seen, or None
    """
    return next((found for found in cache.queued() if found not in seen),
                None)


def _fetch(cache: image_cache.ImageCache, stores: backends.Stores,
           image_id: str) -> bool | None:
    """:returns: whether the image is here now; None when it was not tried
    :raises NotFound: there is none, or it has no data
    """
    image = cache.registry.images.get(context.internal(), image_id)
    if cache.files.is_whole(image_id, image['size']):
        cache.list_image(image)
        return True
    locations = image_data.in_order(stores, image)
    if image['status'] != states.ACTIVE or not locations:
        raise exceptions.NotFound()
    outcome, ended = [], threading.Event()

    def end(done: bool) -> None:
        outcome.append(done)
        ended.set()

    def open_data(offset: int) -> driver.Reader:
        return image_data.open_(stores, image, locations, offset)

    try:
        if not cache.begin(image, open_data, end):
            return _wait_for_another(cache, image) or (
                None if cache.can_keep(image) else False)
    except exceptions.GlanceError as error:
        _look_for(cache, image_id)
        LOG.warning('Image %s cannot be fetched into the cache: %s',
                    image_id, error)
        return False
    ended.wait()
    return outcome[0]


def _look_for(cache: image_cache.ImageCache, image_id: str) -> None:
    """:raises NotFound: it was deleted, which is no failure to fetch it"""
    cache.registry.images.get(context.internal(), image_id)


def _wait_for_another(cache: image_cache.ImageCache, image: image_types.Record
                      ) -> bool:
    """Some process may be filling the file already.

    :returns: whether the image is here then
    """
    fd = cache.files.follow(image['id'])
    if fd is not None:
        while files.is_growing(fd):
            time.sleep(0.1)
        os.close(fd)
    return cache.files.is_whole(image['id'], image['size'])
