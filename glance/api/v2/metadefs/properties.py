"""Properties of a namespace: list, create, delete all, get, update, delete."""

import webob

from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api.v2.metadefs import crud
from glance.api.v2.metadefs import queries
from glance.api import views
from glance.api.views import metadefs as view


@request.no_body
def list_(req: request.Request, namespace: str) -> views.View:
    return view.properties(crud.list_(
        req.context, 'properties', namespace, 'get_metadef_properties'))


def create(req: request.Request, namespace: str) -> webob.Response:
    item = metadef_requests.property_(req.read_json())
    made, = crud.create(req.context, 'properties', namespace, [item],
                        'add_metadef_property')
    return crud.created(view.property_(made))


def delete_all(req: request.Request, namespace: str) -> None:
    crud.delete_all(req.context, 'properties', namespace,
                    'delete_metadef_namespace')


def get(req: request.Request, namespace: str, property_name: str
        ) -> views.View:
    resource_type = queries.namespace(req)
    rules = ['get_metadef_property']
    if resource_type is not None:
        rules.append('get_metadef_resource_type')
    return view.property_(crud.get(
        req.context, 'properties', namespace, property_name, *rules,
        resource_type=resource_type))


def update(req: request.Request, namespace: str, property_name: str
           ) -> views.View:
    item = metadef_requests.property_(req.read_json())
    return view.property_(crud.update(
        req.context, 'properties', namespace, property_name, item,
        'modify_metadef_property'))


def delete(req: request.Request, namespace: str, property_name: str) -> None:
    crud.delete(req.context, 'properties', namespace, property_name,
                'remove_metadef_property')
