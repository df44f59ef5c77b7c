"""Namespaces of metadata definitions: list, create, get, update, delete."""

import typing

import webob

from glance.api.queries import filters
from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api import services
from glance.api.v2.metadefs import access
from glance.api.v2.metadefs import crud
from glance.api.v2.metadefs import queries
from glance.api import views
from glance.api.views import metadefs as view
from glance.objects import metadef
from glance import policy

_PARTS: dict[metadef.Kind, str] = {
    'resource_types': 'add_metadef_resource_type_association',
    'objects': 'add_metadef_object',
    'properties': 'add_metadef_property',
    'tags': 'add_metadef_tag'}


def list_(req: request.Request) -> views.View:
    ctxt = req.context
    for rule in ('get_metadef_namespaces', 'list_metadef_resource_types'):
        policy.authorize(ctxt, rule, {'project_id': ctxt.project_id or ''})
    pairs = filters.pairs(req.query_string)
    query = queries.namespaces(pairs)
    if query['limit'] == 0:
        return view.namespaces([], pairs, None)
    found = services.registry().namespaces.list(ctxt, query)
    page = found['namespaces']
    is_full = found['is_cut'] or len(page) >= query['limit']
    next_marker = page[-1]['namespace'] if is_full else None
    # The registry lists what the default rule allows.
    if policy.is_overridden('get_metadef_namespace'):
        page = [one for one in page if access.is_allowed(
            ctxt, one, 'get_metadef_namespace')]
    return view.namespaces(page, pairs, next_marker)


def create(req: request.Request) -> webob.Response:
    ctxt = req.context
    values = metadef_requests.namespace(req.read_json())
    values.setdefault('owner', ctxt.project_id or '')
    target = {'project_id': ctxt.project_id or '', 'owner': values['owner'],
              'visibility': values['visibility']}
    policy.authorize(ctxt, 'add_metadef_namespace', target)
    for kind, rule in _PARTS.items():
        if values[kind]:
            policy.authorize(ctxt, rule, target)
    made = services.registry().namespaces.create(ctxt, values)
    response = crud.created(view.namespace(made))
    response.location = req.base_url + view.namespace_path(made['namespace'])
    return response


@request.no_body
def get(req: request.Request, namespace: str) -> views.View:
    resource_type = queries.namespace(req)
    found = access.get_namespace(
        req.context, namespace, 'get_metadef_namespace',
        'list_metadef_resource_types', 'get_metadef_objects',
        'get_metadef_properties', 'get_metadef_tags', parts=_PARTS)
    return view.namespace(found, resource_type)


def update(req: request.Request, namespace: str) -> views.View:
    """Attributes that the body does not name get their defaults; the owner
    stays.
    """
    ctxt = req.context
    values = metadef_requests.namespace(req.read_json())
    found = access.get_namespace(ctxt, namespace, 'modify_metadef_namespace')
    values.setdefault('owner', found['owner'])
    attributes = typing.cast(metadef.Attributes, {
        name: value for name, value in values.items() if name not in _PARTS})
    return view.namespace(services.registry().namespaces.update(
        ctxt, namespace, attributes))


@request.no_body
def delete(req: request.Request, namespace: str) -> None:
    access.get_namespace(req.context, namespace, 'delete_metadef_namespace')
    services.registry().namespaces.delete(req.context, namespace)
