"""The table of metadata definitions, a part of `glance.api.routes`."""

from glance.api.v2.metadefs import namespaces
from glance.api.v2.metadefs import objects
from glance.api.v2.metadefs import properties
from glance.api.v2.metadefs import resource_types
from glance.api.v2.metadefs import tags

ROUTES = {
    '/metadefs/resource_types': {
        'GET': resource_types.list_all},
    '/metadefs/namespaces': {
        'GET': namespaces.list_, 'POST': namespaces.create},
    '/metadefs/namespaces/{namespace}': {
        'GET': namespaces.get, 'PUT': namespaces.update,
        'DELETE': namespaces.delete},
    '/metadefs/namespaces/{namespace}/objects': {
        'GET': objects.list_, 'POST': objects.create,
        'DELETE': objects.delete_all},
    '/metadefs/namespaces/{namespace}/objects/{object_name}': {
        'GET': objects.get, 'PUT': objects.update, 'DELETE': objects.delete},
    '/metadefs/namespaces/{namespace}/properties': {
        'GET': properties.list_, 'POST': properties.create,
        'DELETE': properties.delete_all},
    '/metadefs/namespaces/{namespace}/properties/{property_name}': {
        'GET': properties.get, 'PUT': properties.update,
        'DELETE': properties.delete},
    '/metadefs/namespaces/{namespace}/resource_types': {
        'GET': resource_types.list_, 'POST': resource_types.create},
    '/metadefs/namespaces/{namespace}/resource_types/{resource_type}': {
        'DELETE': resource_types.delete},
    '/metadefs/namespaces/{namespace}/tags': {
        'GET': tags.list_, 'POST': tags.create_all,
        'DELETE': tags.delete_all},
    '/metadefs/namespaces/{namespace}/tags/{tag_name}': {
        'GET': tags.get, 'POST': tags.create, 'PUT': tags.update,
        'DELETE': tags.delete},
}
