"""What the description of the API says of each operation, as data.

The paths and verbs are those of `glance.api.routes`. Statuses that any
operation can have are added by `glance.api.openapi.document`.
"""

import typing

OCTETS = 'application/octet-stream'


class Operation(typing.NamedTuple):
    """:param summary: one line for people
    :param status: of success; several when they depend on the image
    :param answer: schema of the JSON that is answered, OCTETS for data
    :param body: schema of the JSON that is sent, OCTETS for data
    :param errors: statuses beside those that any operation has
    :param query: parameters of the query, a name of `QUERIES`
    :param headers: names of `HEADERS` that matter
    """

    summary: str
    status: tuple = (200,)
    answer: str | None = None
    body: str | None = None
    errors: tuple = ()
    query: str | None = None
    headers: tuple = ()


def _op(summary, answer=None, body=None, status=None, **more):
    if status is None:
        status = 200 if answer else 204
    return Operation(summary, status if isinstance(status, tuple)
                     else (status,), answer, body, **more)


_IMAGES = {
    '/images': {
        'GET': _op('List images.', 'Images', query='images'),
        'POST': _op('Create an image.', 'Image', 'NewImage', 201,
                    errors=(409, 413))},
    '/images/{image_id}': {
        'GET': _op('Show an image.', 'Image'),
        'PATCH': _op('Change an image.', 'Image', 'Patch',
                     errors=(409, 413, 415)),
        'DELETE': _op('Delete an image with its data.', errors=(409,))},
    '/images/{image_id}/actions/deactivate': {
        'POST': _op('Stop downloads of an image.', errors=(409,))},
    '/images/{image_id}/actions/reactivate': {
        'POST': _op('Allow downloads of an image again.', errors=(409,))},
    '/images/{image_id}/usage': {
        'GET': _op('List who uses an image.', 'Uses', query='usage')},
    '/images/{image_id}/tags/{tag}': {
        'PUT': _op('Add a tag.', errors=(413,)),
        'DELETE': _op('Remove a tag.')},
    '/images/{image_id}/members': {
        'GET': _op('List the members of an image.', 'Members'),
        'POST': _op('Share an image with a project.', 'Member', 'NewMember',
                    errors=(409, 413))},
    '/images/{image_id}/members/{member_id}': {
        'GET': _op('Show a member.', 'Member'),
        'PUT': _op('Accept or reject a shared image.', 'Member',
                   'MemberStatus'),
        'DELETE': _op('Stop sharing an image with a project.')},
}

_DATA = {
    '/images/{image_id}/file': {
        'GET': _op('Download the data of an image.', OCTETS,
                   status=(200, 204, 206), errors=(416,), query='download',
                   headers=('Range',)),
        'PUT': _op('Upload the data of an image.', None, OCTETS,
                   errors=(409, 410, 413, 415, 502),
                   headers=('x-openstack-image-size',
                            'X-Image-Meta-Store'))},
    '/images/{image_id}/stage': {
        'PUT': _op('Upload data that waits for its import.', None, OCTETS,
                   errors=(409, 410, 413, 415, 502),
                   headers=('x-openstack-image-size',))},
    '/images/{image_id}/import': {
        'POST': _op('Import data, behind the scenes.', None, 'Import', 202,
                    errors=(409, 413), headers=('X-Image-Meta-Store',))},
    '/images/{image_id}/locations': {
        'GET': _op('List where the data of an image is.', 'Locations'),
        'POST': _op('Give an image its data by a location.', None,
                    'NewLocation', 202, errors=(409, 413))},
    '/stores/{store_id}/{image_id}': {
        'DELETE': _op('Delete the data of an image from one store.',
                      errors=(409,))},
    '/cache': {
        'GET': _op('List what is cached and queued.', 'Cache'),
        'DELETE': _op('Empty the cache, the queue, or both.',
                      headers=('x-image-cache-clear-target',))},
    '/cache/clean': {
        'POST': _op('Remove what failed from the cache.', status=200)},
    '/cache/prune': {
        'POST': _op('Shrink the cache to its size.', 'Pruned')},
    '/cache/nodes/{image_id}': {
        'GET': _op('List the hosts that have cached an image.', 'Nodes',
                   errors=(409,))},
    '/cache/{image_id}': {
        'PUT': _op('Queue an image for the cache.', status=202),
        'DELETE': _op('Remove an image from cache and queue.')},
}

_TASKS = {
    '/tasks': {
        'GET': _op('List tasks.', 'Tasks', query='tasks'),
        'POST': _op('Create a task.', 'Task', 'NewTask', 201,
                    errors=(409, 413))},
    '/tasks/{task_id}': {
        'GET': _op('Show a task.', 'Task'),
        'DELETE': _op('Not possible; tasks expire.', status=405)},
    '/tasks/{task_id}/actions/cancel': {
        'POST': _op('Stop a task.', 'Task', status=202, errors=(409,))},
    '/tasks/{task_id}/actions/retry': {
        'POST': _op('Do a failed task again.', 'Task', status=202,
                    errors=(409, 413))},
    '/images/{image_id}/tasks': {
        'GET': _op('List the tasks of an image.', 'TasksOfImage')},
}

_DISCOVERY = {
    '/info/import': {
        'GET': _op('Show which import methods there are.', 'Object')},
    '/info/usage': {
        'GET': _op('Show limits of the project and what it uses.',
                   'Usage')},
    '/info/stores': {
        'GET': _op('List the stores.', 'Stores', errors=(404,))},
    '/info/stores/detail': {
        'GET': _op('List the stores with their options.', 'Stores',
                   errors=(404,))},
    '/schemas/{name}': {
        'GET': _op('Show the schema of a resource.', 'Object')},
    '/schemas/metadefs/{name}': {
        'GET': _op('Show the schema of a metadata definition.', 'Object')},
    '/openapi.json': {
        'GET': _op('Show this description.', 'Object')},
}

_NAMESPACE = '/metadefs/namespaces/{namespace}'


def _definitions(path, parameter, one, many):
    """The operations that objects and properties have alike."""
    return {
        '%s/%s' % (_NAMESPACE, path): {
            'GET': _op('List the %s of a namespace.' % path, many,
                       query='definitions'),
            'POST': _op('Add one of the %s of a namespace.' % path, one, one,
                        201, errors=(409, 413)),
            'DELETE': _op('Delete all %s of a namespace.' % path)},
        '%s/%s/{%s}' % (_NAMESPACE, path, parameter): {
            'GET': _op('Show one of the %s.' % path, one),
            'PUT': _op('Replace one of the %s.' % path, one, one,
                       errors=(409, 413)),
            'DELETE': _op('Delete one of the %s.' % path)}}


_METADEFS = {
    '/metadefs/resource_types': {
        'GET': _op('List resource types.', 'ResourceTypes')},
    '/metadefs/namespaces': {
        'GET': _op('List namespaces.', 'Namespaces', query='namespaces',
                   errors=(404,)),
        'POST': _op('Create a namespace.', 'Namespace', 'Namespace', 201,
                    errors=(409, 413))},
    _NAMESPACE: {
        'GET': _op('Show a namespace with its definitions.', 'Namespace',
                   query='namespace'),
        'PUT': _op('Replace the attributes of a namespace.', 'Namespace',
                   'Namespace', errors=(409, 413)),
        'DELETE': _op('Delete a namespace with its definitions.')},
    **_definitions('objects', 'object_name', 'MetadefObject',
                   'MetadefObjects'),
    **_definitions('properties', 'property_name', 'Property', 'Properties'),
    _NAMESPACE + '/resource_types': {
        'GET': _op('List the resource types of a namespace.',
                   'Associations'),
        'POST': _op('Say that a namespace is for a resource type.',
                    'Association', 'Association', 201, errors=(409, 413))},
    _NAMESPACE + '/resource_types/{resource_type}': {
        'DELETE': _op('Say that it is not for a resource type.')},
    _NAMESPACE + '/tags': {
        'GET': _op('List the tags of a namespace.', 'MetadefTags',
                   query='definitions'),
        'POST': _op('Replace or add tags of a namespace.', 'MetadefTags',
                    'NewMetadefTags', 201, errors=(409, 413)),
        'DELETE': _op('Delete all tags of a namespace.')},
    _NAMESPACE + '/tags/{tag_name}': {
        'GET': _op('Show a tag.', 'MetadefTag'),
        'POST': _op('Add a tag.', 'MetadefTag', status=201, errors=(409,)),
        'PUT': _op('Rename a tag.', 'MetadefTag', 'MetadefTag',
                   errors=(409, 413)),
        'DELETE': _op('Delete a tag.')},
}

OPERATIONS = {**_IMAGES, **_DATA, **_TASKS, **_DISCOVERY, **_METADEFS}

_PAGE = {'limit': 'Most entries of the page, at least 0.',
         'marker': 'Last entry of the page before.',
         'sort_key': 'Attribute to sort by.',
         'sort_dir': 'asc or desc.'}
QUERIES = {
    'images': {
        **_PAGE,
        'sort': 'Attributes to sort by: key:direction, with commas.',
        'name': 'Name, or in: with a list of names.',
        'status': 'Status, or in: with a list of them.',
        'visibility': 'public, private, shared, community or all.',
        'member_status': 'accepted, pending, rejected or all.',
        'os_hidden': 'true or false.',
        'protected': 'true or false.',
        'owner': 'Project that owns the image.',
        'tag': 'Tag that the image has; may be repeated.',
        'size_min': 'Least size in bytes.',
        'size_max': 'Largest size in bytes.',
        'created_at': 'Time, with eq:, neq:, gt:, gte:, lt: or lte: before.',
        'updated_at': 'The same for the last change.',
        'os_usage_count': 'How many use the image, with [usage] enabled.',
        'os_last_used_at': 'As created_at, for the last known use.'},
    'usage': {
        'limit': _PAGE['limit'],
        'marker': 'From the link to the next page.',
        'current': 'true: who uses it now; false: whose use has ended.'},
    'tasks': {
        **_PAGE,
        'status': 'Status of the task.',
        'type': 'What the task does.'},
    'namespaces': {
        **_PAGE,
        'visibility': 'public or private.',
        'resource_types': 'Names of resource types, with commas.'},
    'namespace': {
        'resource_type': 'Show property names as this one prefixes them.'},
    'definitions': _PAGE,
    'download': {
        'prefer': 'Identifiers of stores to try first, with commas.'},
}
HEADERS = {
    'Range': 'One range of bytes.',
    'x-openstack-image-size': 'How many bytes will come.',
    'X-Image-Meta-Store': 'Identifier of the store to use.',
    'x-image-cache-clear-target': 'cache, queue, or empty for both.',
}
