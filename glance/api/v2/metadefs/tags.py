"""Tags of a namespace: list, create and delete several; get, create, update
and delete one.
"""

from oslo_utils import strutils
import webob

from glance.api import request
from glance.api.schemas import metadef_requests
from glance.api.v2.metadefs import crud
from glance.api.v2.metadefs import queries
from glance.api import views
from glance.api.views import metadefs as view

_APPEND = 'X-Openstack-Append'


def list_(req: request.Request, namespace: str) -> views.View:
    return view.tags(crud.list_(req.context, 'tags', namespace,
                                'get_metadef_tags', query=queries.tags(req)))


def create_all(req: request.Request, namespace: str) -> webob.Response:
    """The given tags take the place of all others, or join them."""
    items = metadef_requests.tags(req.read_json())
    is_appending = strutils.bool_from_string(req.headers.get(_APPEND, ''))
    return crud.created(view.tags(crud.create(
        req.context, 'tags', namespace, items, 'add_metadef_tags',
        is_replacing=bool(items) and not is_appending)))


def delete_all(req: request.Request, namespace: str) -> None:
    crud.delete_all(req.context, 'tags', namespace,
                    'delete_metadef_namespace', 'delete_metadef_tags')


@request.no_body
def get(req: request.Request, namespace: str, tag_name: str) -> views.View:
    return view.tag(crud.get(req.context, 'tags', namespace, tag_name,
                             'get_metadef_tag'))


@request.no_body
def create(req: request.Request, namespace: str, tag_name: str
           ) -> webob.Response:
    item = metadef_requests.form_tag({'name': tag_name})
    made, = crud.create(req.context, 'tags', namespace, [item],
                        'add_metadef_tag')
    return crud.created(view.tag(made))


def update(req: request.Request, namespace: str, tag_name: str) -> views.View:
    item = metadef_requests.tag(req.read_json())
    return view.tag(crud.update(req.context, 'tags', namespace, tag_name,
                                item, 'modify_metadef_tag'))


@request.no_body
def delete(req: request.Request, namespace: str, tag_name: str) -> None:
    crud.delete(req.context, 'tags', namespace, tag_name,
                'delete_metadef_tag')
