"""Resource types: all of them, and those a namespace applies to."""

import webob

from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api import services
from glance.api.v2.metadefs import crud
from glance.api import views
from glance.api.views import metadefs as view
from glance import policy


@request.no_body
def list_all(req: request.Request) -> views.View:
    ctxt = req.context
    policy.authorize(ctxt, 'list_metadef_resource_types',
                     {'project_id': ctxt.project_id or ''})
    return {'resource_types':
            services.registry().definitions.list_resource_types(ctxt)}


@request.no_body
def list_(req: request.Request, namespace: str) -> views.View:
    return view.associations(crud.list_(
        req.context, 'resource_types', namespace,
        'list_metadef_resource_types', 'get_metadef_resource_type'))


def create(req: request.Request, namespace: str) -> webob.Response:
    item = metadef_requests.association(req.read_json())
    made, = crud.create(req.context, 'resource_types', namespace, [item],
                        'add_metadef_resource_type_association')
    return crud.created(view.association(made))


@request.no_body
def delete(req: request.Request, namespace: str, resource_type: str) -> None:
    crud.delete(req.context, 'resource_types', namespace, resource_type,
                'remove_metadef_resource_type_association')
