"""The table of the Image API v2: path -> verb -> handler.

Paths are relative to the mount point of the application (/v2). How a handler
is called and what it may return says `glance.api.app`.
"""

from glance.api.v2 import actions
from glance.api.v2 import cache
from glance.api.v2 import data
from glance.api.v2 import discovery
from glance.api.v2 import download
from glance.api.v2 import images
from glance.api.v2 import imports
from glance.api.v2 import locations
from glance.api.v2 import members
from glance.api.v2.metadefs import routes as metadefs
from glance.api.v2 import quotas
from glance.api.v2 import schemas
from glance.api.v2 import stages
from glance.api.v2 import stores
from glance.api.v2 import tags
from glance.api.v2 import tasks
from glance.api.v2 import usage

ROUTES = {
    '/images': {
        'GET': images.list_, 'POST': images.create},
    '/images/{image_id}': {
        'GET': images.get, 'PATCH': images.update, 'DELETE': images.delete},
    '/images/{image_id}/locations': {
        'GET': locations.list_, 'POST': locations.create},
    '/images/{image_id}/file': {
        'GET': download.download, 'PUT': data.upload},
    '/images/{image_id}/stage': {
        'PUT': stages.stage},
    '/images/{image_id}/import': {
        'POST': imports.import_},
    '/images/{image_id}/tasks': {
        'GET': tasks.list_of_image},
    '/images/{image_id}/actions/deactivate': {
        'POST': actions.deactivate},
    '/images/{image_id}/actions/reactivate': {
        'POST': actions.reactivate},
    '/images/{image_id}/tags/{tag}': {
        'PUT': tags.update, 'DELETE': tags.delete},
    '/images/{image_id}/members': {
        'GET': members.list_, 'POST': members.create},
    '/images/{image_id}/members/{member_id}': {
        'GET': members.get, 'PUT': members.update, 'DELETE': members.delete},
    '/info/import': {
        'GET': discovery.import_methods},
    '/info/usage': {
        'GET': quotas.usage},
    '/info/stores': {
        'GET': discovery.stores},
    '/info/stores/detail': {
        'GET': discovery.stores_detail},
    '/cache': {
        'GET': cache.list_, 'DELETE': cache.clear},
    '/cache/clean': {
        'POST': cache.clean},
    '/cache/prune': {
        'POST': cache.prune},
    '/cache/nodes/{image_id}': {
        'GET': cache.list_nodes},
    '/cache/{image_id}': {
        'PUT': cache.queue, 'DELETE': cache.delete},
    '/stores/{store_id}/{image_id}': {
        'DELETE': stores.delete},
    '/tasks': {
        'GET': tasks.list_, 'POST': tasks.create},
    '/tasks/{task_id}': {
        'GET': tasks.get, 'DELETE': tasks.delete},
    # Ours; other services do not know them.
    '/images/{image_id}/usage': {
        'GET': usage.list_},
    '/tasks/{task_id}/actions/cancel': {
        'POST': tasks.cancel},
    '/tasks/{task_id}/actions/retry': {
        'POST': tasks.retry},
    '/schemas/{name}': {
        'GET': schemas.get},
    '/schemas/metadefs/{name}': {
        'GET': schemas.get_metadef},
    **metadefs.ROUTES,
}
