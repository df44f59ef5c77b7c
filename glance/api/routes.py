"""The table of the Image API v2: path -> verb -> handler.

Paths are relative to the mount point of the application (/v2). How a handler
is called and what it may return says `glance.api.app`.
"""

from glance.api.v2 import actions
from glance.api.v2 import data
from glance.api.v2 import discovery
from glance.api.v2 import images
from glance.api.v2 import members
from glance.api.v2.metadefs import routes as metadefs
from glance.api.v2 import quotas
from glance.api.v2 import schemas
from glance.api.v2 import stores
from glance.api.v2 import tags

ROUTES = {
    '/images': {
        'GET': images.list_, 'POST': images.create},
    '/images/{image_id}': {
        'GET': images.get, 'PATCH': images.update, 'DELETE': images.delete},
    '/images/{image_id}/file': {
        'GET': data.download, 'PUT': data.upload},
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
    '/stores/{store_id}/{image_id}': {
        'DELETE': stores.delete},
    '/schemas/{name}': {
        'GET': schemas.get},
    '/schemas/metadefs/{name}': {
        'GET': schemas.get_metadef},
    **metadefs.ROUTES,
}
