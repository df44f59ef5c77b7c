"""The older cache calls; a filter of the pipeline serves them."""

import webob

from glance.api import cache_calls
from glance.api import services
from glance.common import exceptions
from glance.objects import ids
from glance import policy

_KEYS = ('image_id', 'last_accessed', 'last_modified', 'size', 'hits')


def _cache(req):
    policy.authorize(req.context, 'manage_image_cache')
    cache = services.cache()
    if cache is None:
        raise exceptions.NotFound('Caching is not configured here.')
    return cache


def list_cached(req):
    return cache_calls.document(_cache(req), _KEYS)


def delete_cached(req, image_id):
    _cache(req).remove(ids.forms(image_id))
    return _null()


def clear_cached(req):
    return {'num_deleted': _cache(req).remove()}


def list_queued(req):
    return {'queued_images': _cache(req).queued()}


def queue(req, image_id):
    cache_calls.queue(req.context, _cache(req), image_id)
    return _null()


def delete_queued(req, image_id):
    _cache(req).unqueue(ids.forms(image_id))
    return _null()


def clear_queued(req):
    return {'num_deleted': _cache(req).unqueue()}


def _null():
    return webob.Response(body=b'null', content_type='application/json',
                          charset='UTF-8')


ROUTES = {
    '/cached_images': {
        'GET': list_cached, 'DELETE': clear_cached},
    '/cached_images/{image_id}': {
        'DELETE': delete_cached},
    '/queued_images': {
        'GET': list_queued, 'DELETE': clear_queued},
    '/queued_images/{image_id}': {
        'PUT': queue, 'DELETE': delete_queued},
}
