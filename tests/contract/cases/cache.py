"""The image cache, by the newer calls and by the older ones."""

from tests.contract.cases import base
from tests.contract import givens

_UNKNOWN = {'parts': {'image_id': base.UNKNOWN}}
ADMIN = {'caller': 'admin'}
QUEUED = {'given': givens.cache_queue, 'caller': 'admin'}

CASES = base.expand({
    'GET /v2/cache': (dict(ADMIN, given=givens.cached), {}),
    'DELETE /v2/cache': (ADMIN, {
        '400 unknown clear target': {
            'headers': {'x-image-cache-clear-target': 'x'}}}),
    'POST /v2/cache/clean': (ADMIN, {}),
    'POST /v2/cache/prune': (ADMIN, {}),
    'GET /v2/cache/nodes/{image_id}': (dict(ADMIN, given=givens.queued), {
        '404 image unknown or not visible': _UNKNOWN,
        '409 cache driver not centralized_db': {
            'options': {'image_cache_driver': 'sqlite'}}}),
    'PUT /v2/cache/{image_id}': (dict(ADMIN, given=givens.active), {
        '400 image not active': {'given': givens.queued},
        '404 image unknown or not visible': _UNKNOWN}),
    'DELETE /v2/cache/{image_id}': (QUEUED, {
        '404 neither image nor cache entry': _UNKNOWN}),
    'GET /v2/cached_images': (dict(ADMIN, given=givens.cached), {}),
    'DELETE /v2/cached_images': (ADMIN, {}),
    'DELETE /v2/cached_images/{image_id}': (QUEUED, {}),
    'GET /v2/queued_images': (ADMIN, {}),
    'DELETE /v2/queued_images': (ADMIN, {}),
    'PUT /v2/queued_images/{image_id}': (
        dict(ADMIN, given=givens.active), {}),
    'DELETE /v2/queued_images/{image_id}': (QUEUED, {}),
})
