"""The description of the API that is served, in OpenAPI 3.1.

It is made of the table of routes, of what `openapi_operations` says of each
operation, and of the schemas that requests are checked by. It differs between
deployments as their options and formats do.
"""

import re

from glance.api.openapi import operations as operations
from glance.api.openapi import schemas
from glance.api.patch import patch_body
from glance.api import request
from glance.api.schemas import metadef
from glance.api import versions

PATH = '/openapi.json'
_JSON = 'application/json'
_PARAMETER = re.compile(r'\{(\w+)\}')
_NAMES = {'/schemas/{name}': ('image', 'images', 'member', 'members', 'task',
                              'tasks'),
          '/schemas/metadefs/{name}': tuple(metadef.documents())}

# Whatever is asked, the request can be malformed, the caller unknown or not
# allowed, and the registry away.
_ALWAYS = (400, 401, 403, 503)
_REASONS = {
    200: 'Done.', 201: 'Created.', 202: 'It will be done.',
    204: 'Done; there is nothing to say.', 206: 'A part of the data.',
    400: 'The request is malformed.', 401: 'Nobody knows the caller.',
    403: 'The caller may not do this.', 404: 'There is no such thing here.',
    405: 'This cannot be done.', 409: 'The state of things is against it.',
    410: 'The image was deleted meanwhile.',
    413: 'Too large, or more than allowed.',
    415: 'Data of this kind is not taken.',
    416: 'The image has no such part.',
    502: 'The data could not be stored; send it again from its beginning.',
    503: 'Something behind the service is away; try again.'}


def document(routes):
    """:param routes: the table, see `glance.api.routes`
    :returns: dict for JSON
    :raises KeyError: nothing is known of one of the operations
    """
    return {
        'openapi': '3.1.0',
        'info': {'title': 'Image service',
                 'version': '2.%d' % versions.minor_versions()[0],
                 'description': 'Images, their data, and definitions of '
                                'their metadata.'},
        'paths': {'/v2' + path: _path(path, verbs)
                  for path, verbs in sorted(routes.items())},
        'components': {
            'schemas': schemas.schemas(),
            'securitySchemes': {'token': {
                'type': 'apiKey', 'in': 'header', 'name': 'X-Auth-Token'}}},
        'security': [{'token': []}]}


def handler(routes):
    """:returns: a handler that serves the document"""
    @request.no_body
    def get(req):
        return document(routes)
    return get


def _path(path, verbs):
    found = {verb.lower(): _operation(verb, path) for verb in verbs}
    parameters = [_path_parameter(path, name)
                  for name in _PARAMETER.findall(path)]
    return dict(found, parameters=parameters) if parameters else found


def _path_parameter(path, name):
    schema = {'type': 'string', 'minLength': 1}
    if path in _NAMES:
        schema['enum'] = list(_NAMES[path])
    return {'name': name, 'in': 'path', 'required': True, 'schema': schema}


def _operation(verb, path):
    operation = operations.OPERATIONS[path][verb]
    steps = re.sub(r'\W+', '_', path).strip('_')
    found = {'operationId': '%s_%s' % (verb.lower(), steps),
             'summary': operation.summary,
             'responses': _responses(operation, path)}
    parameters = _parameters(operation)
    if parameters:
        found['parameters'] = parameters
    if operation.body:
        found['requestBody'] = {'required': True,
                                'content': _sent(operation.body)}
    return found


def _parameters(operation):
    query = operations.QUERIES.get(operation.query, {})
    pairs = [('query', name, text) for name, text in query.items()]
    pairs += [('header', name, operations.HEADERS[name])
              for name in operation.headers]
    return [{'name': name, 'in': where, 'description': text,
             'schema': {'type': 'string'}} for where, name, text in pairs]


def _sent(body):
    if body == 'Patch':
        return dict(zip(patch_body.MEDIA_TYPES, map(_schema, ('Patch',
                                                              'OldPatch'))))
    return _content(body)


def _content(name):
    if name == operations.OCTETS:
        return {name: {}}
    return {_JSON: _schema(name)}


def _schema(name):
    return {'schema': {'$ref': '#/components/schemas/' + name}}


def _responses(operation, path):
    errors = {*_ALWAYS, *operation.errors}
    if _PARAMETER.search(path):
        errors.add(404)
    if path.startswith('/cache'):
        errors.add(404)
    if operation.body and operation.body != operations.OCTETS:
        errors.add(413)
    found = {status: _success(operation, status)
             for status in operation.status}
    found.update((status, _error(status)) for status in errors)
    return {str(status): found[status] for status in sorted(found)}


def _success(operation, status):
    if status >= 400:
        return _error(status)
    response = {'description': _REASONS[status]}
    if operation.answer and status != 204:
        response['content'] = _content(operation.answer)
    return response


def _error(status):
    return {'description': _REASONS[status], 'content': {
        _JSON: _schema('Error'),
        **{kind: {'schema': {'type': 'string'}}
           for kind in ('text/plain', 'text/html')}}}
