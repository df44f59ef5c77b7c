"""Images: list, create, get, update, delete."""

import typing
import uuid

from oslo_log import log as logging
import webob

from glance.api import cache_calls
from glance.api.checks import access
from glance.api.checks import image_limits
from glance.api.checks import location_use
from glance.api import conductors
from glance.api.patch import image_changes
from glance.api.patch import location_changes
from glance.api.patch import location_operations
from glance.api.patch import patch_body
from glance.api import protections
from glance.api.queries import filters
from glance.api.queries import usage_fields
from glance.api import request
from glance.api.schemas import image as schema
from glance.api import services
from glance.api import views
from glance.api.views import images as view
from glance.common import context
from glance.common import exceptions
from glance.common import keys
from glance.common import limits as project_limits
from glance.conf import CONF
from glance.objects import attributes
from glance.objects import ids
from glance.objects import image as image_types
from glance.objects import image_rules
from glance.objects import properties
from glance import policy

LOG = logging.getLogger(__name__)

# Who owns an image, and its id, follow from who asks.
_DEFAULTS = {one.name: one.default for one in attributes.TABLE
             if one.set_by == attributes.USERS
             and one.name not in ('id', 'owner', 'tags')}


def list_(req: request.Request) -> views.View:
    ctxt = req.context
    policy.authorize(ctxt, 'get_images', {'project_id': ctxt.project_id or ''})
    pairs = filters.pairs(req.query_string)
    query = filters.parse(pairs)
    if query['limit'] == 0 or not _may_filter(ctxt, query):
        return view.list_([], _location_check(ctxt), pairs, None)
    page = services.registry().images.list(
        ctxt, query,
        CONF['usage'].enabled and usage_fields.are_used(query))
    images = page['images']
    # Whether the page was full counts before the policy thins it out.
    is_full = page['is_cut'] or len(images) >= query['limit']
    next_marker = images[-1]['id'] if is_full else None
    # The registry lists what the default rule allows.
    if policy.is_overridden('get_image'):
        images = [image for image in images if policy.check(
            ctxt, 'get_image', policy.image_target(image))]
    return view.list_([protections.visible(ctxt, image) for image in images],
                      _location_check(ctxt), pairs, next_marker)


def _may_filter(ctxt: context.RequestContext, query: image_types.Query
                ) -> bool:
    """No image has a property that the caller may not read."""
    return all(protections.is_allowed(ctxt, 'read', name, {})
               for name in query['properties'])


def create(req: request.Request) -> webob.Response:
    ctxt = req.context
    new = prepare(ctxt, req.read_json())
    image = services.registry().images.create(
        ctxt, new, project_limits.of_project(new['owner'],
                                             project_limits.COUNT))
    response = _respond(ctxt, image, 201)
    response.location = '%s/v2/images/%s' % (req.base_url, image['id'])
    if CONF.enabled_import_methods:
        response.headers['OpenStack-image-import-methods'] = ','.join(
            CONF.enabled_import_methods)
    if CONF.enabled_backends:
        response.headers['OpenStack-image-store-ids'] = ','.join(
            CONF.enabled_backends)
    return response


@request.no_body
def get(req: request.Request, image_id: str) -> views.View:
    image = access.get_image(req.context, image_id, 'get_image')
    return _view(req.context, image)


def update(req: request.Request, image_id: str) -> views.View:
    ctxt = req.context
    operations = patch_body.parse(req)
    image = access.get_image(ctxt, image_id, 'modify_image')
    located = [one for one in operations
               if isinstance(one, location_operations.LocationOperation)]
    change = image_changes.build(ctxt, image, [
        one for one in operations if isinstance(one, patch_body.Operation)])
    policy.authorize_visibility(ctxt, change['attributes'].get('visibility'),
                                policy.image_target(image))
    if located:
        located_change: image_types.LocatedChanges = {
            **change, 'readers': services.stores().have_readers,
            'locations': location_changes.build(ctxt, image, located)}
        image = services.registry().locations.update(ctxt, image['id'],
                                                     located_change)
        conductors.wake(ctxt)
    else:
        image = services.registry().images.update(ctxt, image['id'], change)
    return _view(ctxt, image)


@request.no_body
def delete(req: request.Request, image_id: str) -> None:
    ctxt = req.context
    image = access.get_image(ctxt, image_id, 'delete_image')
    image_rules.check_unprotected(image_id, image['protected'])
    location_use.check_unused(ctxt, image['locations'])
    # The registry looks, where nobody can begin to use it meanwhile.
    unused = CONF['usage'].enabled and not policy.check(
        ctxt, 'delete_used_image', policy.image_target(image))
    if services.registry().images.delete(ctxt, image['id'], unused):
        conductors.wake(ctxt)
    cache_calls.drop(ctxt, image['id'])
    keys.delete_with(image, ctxt)


def prepare(ctxt: context.RequestContext, body: object
            ) -> image_types.NewImage:
    """The record of a new image, as the caller may have it.

    :param body: of a request, or what stands for it
    :raises GlanceError: it is not valid, or not allowed
    """
    image = _new_image(body, ctxt)
    policy.authorize_create(ctxt, image)
    protections.check_create(ctxt, image)
    return image


def _new_image(body: object, ctxt: context.RequestContext
               ) -> image_types.NewImage:
    """The registry's image of a request body, with all defaults."""
    if not isinstance(body, dict):
        raise exceptions.BadRequest('The request body is not a JSON object.')
    body = {name: value for name, value in body.items()
            if not schema.is_given_back(name, value)}
    _check_counts(body)
    for name in body:
        schema.check_name(name)
    if 'locations' in body:
        raise exceptions.Forbidden('Attribute locations is reserved.')
    schema.check_values(body)
    image: dict[str, typing.Any] = dict(
        _DEFAULTS, id=str(uuid.uuid4()), owner=ctxt.project_id)
    image.update((name, value) for name, value in body.items()
                 if name in properties.SETTABLE)
    image['id'] = ids.kept(image['id'])
    image['tags'] = sorted(set(body.get('tags', ())))
    image['properties'] = {name: value for name, value in body.items()
                           if name not in properties.SETTABLE}
    return typing.cast(image_types.NewImage, image)


def _check_counts(body: dict[str, typing.Any]) -> None:
    """First of all: the other checks cost as much as there is to look at."""
    image_limits.check_properties(name for name in body
                                  if name not in attributes.NAMES)
    if isinstance(body.get('tags'), list):
        image_limits.check_tags({tag for tag in body['tags']
                                 if isinstance(tag, str)})


def _location_check(ctxt: context.RequestContext) -> view.SeesLocations:
    return lambda image: policy.check(ctxt, 'get_image_location',
                                      policy.image_target(image))


def _view(ctxt: context.RequestContext, image: image_types.Image
          ) -> views.View:
    return view.show(protections.visible(ctxt, image), _location_check(ctxt))


def _respond(ctxt: context.RequestContext, image: image_types.Image,
             status: int) -> webob.Response:
    return webob.Response(json_body=_view(ctxt, image), status=status,
                          content_type='application/json', charset='UTF-8')
