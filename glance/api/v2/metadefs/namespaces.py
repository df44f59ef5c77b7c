"""Namespaces of metadata definitions: list, create, get, update, delete."""

from glance.api.queries import filters
from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api import services
from glance.api.v2.metadefs import access
from glance.api.v2.metadefs import crud
from glance.api.v2.metadefs import queries
from glance.api.views import metadefs as view
from glance import policy

_PARTS = {'resource_types': 'add_metadef_resource_type_association',
          'objects': 'add_metadef_object',
          'properties': 'add_metadef_property',
          'tags': 'add_metadef_tag'}


def list_(req):
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


def create(req):
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
def get(req, namespace):
    resource_type = queries.namespace(req)
    found = access.get_namespace(
        req.context, namespace, 'get_metadef_namespace',
        'list_metadef_resource_types', 'get_metadef_objects',
        'get_metadef_properties', 'get_metadef_tags', parts=_PARTS)
    return view.namespace(found, resource_type)


def update(req, namespace):
    """Attributes that the body does not name get their defaults; the owner
    stays.
    """
    ctxt = req.context
    values = metadef_requests.namespace(req.read_json())
    found = access.get_namespace(ctxt, namespace, 'modify_metadef_namespace')
    values.setdefault('owner', found['owner'])
    values = {name: value for name, value in values.items()
              if name not in _PARTS}
    return view.namespace(services.registry().namespaces.update(
        ctxt, namespace, values))


@request.no_body
def delete(req, namespace):
    access.get_namespace(req.context, namespace, 'delete_metadef_namespace')
    services.registry().namespaces.delete(req.context, namespace)
