"""The image cache of the host that answers the call."""

from collections.abc import Sequence

import webob

from glance.api import cache_calls
from glance.api.checks import access
from glance.api import request
from glance.api import services
from glance.api import views
from glance.cache import image_cache
from glance.cache import maintenance
from glance.common import context
from glance.common import exceptions
from glance.conf import CONF
from glance.objects import ids
from glance import policy

_TARGETS = ('', 'cache', 'queue')
# What the drivers of older releases told, and what the central one tells.
_KEYS = ('image_id', 'last_accessed', 'last_modified', 'size', 'hits')
_CENTRAL = 'centralized_db'
_CENTRAL_KEYS = _KEYS + ('id', 'checksum')


def _cache(ctxt: context.RequestContext, rule: str) -> image_cache.ImageCache:
    """The cache for a caller whom the rule allows it.

    :raises NotFound: there is none
    :raises Forbidden:
    """
    cache = services.cache()
    if cache is None:
        raise exceptions.NotFound('Caching is not configured here.')
    policy.authorize(ctxt, rule)
    return cache


@request.no_body
def list_(req: request.Request) -> webob.Response:
    cache = _cache(req.context, 'cache_list')
    keys = (_CENTRAL_KEYS if CONF.image_cache_driver == _CENTRAL else _KEYS)
    return cache_calls.document(cache, keys, queued_images=cache.queued())


def queue(req: request.Request, image_id: str) -> webob.Response:
    cache = _cache(req.context, 'cache_image')
    cache_calls.queue(req.context, cache, image_id)
    return _empty(202)


def delete(req: request.Request, image_id: str) -> None:
    cache = _cache(req.context, 'cache_delete')
    # Also what is left of an image that is no more can be removed.
    known = access.is_image_id(image_id) and (
        cache.remove(ids.forms(image_id))
        + cache.unqueue(ids.forms(image_id)))
    if not known:
        access.get_image(req.context, image_id)


def clear(req: request.Request) -> None:
    cache = _cache(req.context, 'cache_delete')
    target = req.headers.get('x-image-cache-clear-target', '').lower()
    if target not in _TARGETS:
        raise exceptions.BadRequest(
            'x-image-cache-clear-target is cache, queue, or empty for both.')
    if target != 'queue':
        cache.remove()
    if target != 'cache':
        cache.unqueue()


def clean(req: request.Request) -> webob.Response:
    maintenance.clean(_cache(req.context, 'cache_clean'))
    return _empty(200)


def prune(req: request.Request) -> views.View:
    pruned = maintenance.prune(_cache(req.context, 'cache_prune'))
    return {'total_files_pruned': pruned['files'],
            'total_bytes_pruned': pruned['bytes']}


@request.no_body
def list_nodes(req: request.Request, image_id: str) -> Sequence[str]:
    _cache(req.context, 'list_cached_nodes')
    if CONF.image_cache_driver != _CENTRAL:
        raise exceptions.Conflict(
            'Only the driver %s knows the caches of other hosts.' % _CENTRAL)
    image = access.get_image(req.context, image_id)
    return services.registry().cache.list_nodes(req.context, image['id'])


def _empty(status: int) -> webob.Response:
    response = webob.Response(status=status)
    del response.content_type
    return response
