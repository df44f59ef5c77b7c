"""Objects of a namespace: list, create, delete all, get, update, delete."""

import webob

from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api.v2.metadefs import crud
from glance.api.v2.metadefs import queries
from glance.api import views
from glance.api.views import metadefs as view


def list_(req: request.Request, namespace: str) -> views.View:
    queries.objects(req)
    items = crud.list_(req.context, 'objects', namespace,
                       'get_metadef_objects', 'get_metadef_object')
    return view.objects(namespace, items)


def create(req: request.Request, namespace: str) -> webob.Response:
    item = metadef_requests.object_(req.read_json())
    made, = crud.create(req.context, 'objects', namespace, [item],
                        'add_metadef_object')
    return crud.created(view.object_(namespace, made))


def delete_all(req: request.Request, namespace: str) -> None:
    crud.delete_all(req.context, 'objects', namespace,
                    'delete_metadef_namespace')


@request.no_body
def get(req: request.Request, namespace: str, object_name: str) -> views.View:
    return view.object_(namespace, crud.get(
        req.context, 'objects', namespace, object_name,
        'get_metadef_object'))


def update(req: request.Request, namespace: str, object_name: str
           ) -> views.View:
    item = metadef_requests.object_(req.read_json())
    return view.object_(namespace, crud.update(
        req.context, 'objects', namespace, object_name, item,
        'modify_metadef_object'))


@request.no_body
def delete(req: request.Request, namespace: str, object_name: str) -> None:
    crud.delete(req.context, 'objects', namespace, object_name,
                'delete_metadef_object')
