"""Import: data comes into an image behind the scenes, as a task."""

import typing
import uuid

import webob

from glance.api.checks import access
from glance.api.checks import regions
from glance.api.checks import target_stores
from glance.api import conductors
from glance.api import request
from glance.api.schemas import imports as schema
from glance.api.schemas import task as task_schema
from glance.api import services
from glance.common import concurrency
from glance.common import context
from glance.common import exceptions
from glance.common import limits
from glance.common import uris
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import states
from glance.objects import task as task_objects
from glance import policy
from glance.store.checks import signatures
from glance.store import locations

_STATUS = {'glance-direct': states.UPLOADING, 'web-download': states.QUEUED,
           'glance-download': states.QUEUED, 'copy-image': states.ACTIVE}

# Of the request, in good form.
_Body = dict[str, typing.Any]


def import_(req: request.Request, image_id: str) -> webob.Response:
    body = req.read_json()
    schema.check(body, CONF.enabled_import_methods)
    begin(req.context, image_id, body,
          target_stores.from_header(req.headers))
    return webob.Response(status=202)


def begin(ctxt: context.RequestContext, image_id: str, body: _Body,
          store_id: str | None = None) -> task_objects.Task | None:
    """Start an import, or say at once why it cannot be.

    :param body: of the request, in good form
    :param store_id: of the request's header
    :returns: the task; None when there is nothing to copy
    """
    method = body['method']['name']
    image = access.get_image(ctxt, image_id)
    _check_status(image, method)
    more = _source(ctxt, body['method'])
    policy.authorize_image(ctxt, 'copy_image' if method == 'copy-image'
                           else 'modify_image', image)
    stores, must_succeed = target_stores.select(body, store_id)
    if method != 'copy-image':
        more['signature'] = signatures.of_image(ctxt, image)
    elif not services.stores().multi:
        raise exceptions.BadRequest(
            'Image %s is in the only store there is.' % image_id)
    if 'uri' in more:
        concurrency.run_blocking(uris.check, more['uri'],
                                 more.get('private', False))
    task = services.registry().imports.begin(
        ctxt, image['id'], _task(ctxt, image['id'], body, stores),
        _plan(ctxt, image, body, stores, must_succeed, more),
        limits.of_project(image['owner'], limits.SIZE, limits.STAGE,
                          limits.UPLOADING))
    if task is not None:
        conductors.wake(ctxt)
    return task


def _check_status(image: image_types.Image, method: str) -> None:
    if image['status'] != _STATUS[method]:
        raise exceptions.Conflict(
            'Image %s is %s; the import method %s needs an image that is %s.'
            % (image['id'], image['status'], method, _STATUS[method]))
    if method == 'glance-download':
        # Both come along with the data.
        return
    for name in ('container_format', 'disk_format'):
        if image[name] is None:
            raise exceptions.Conflict('Image %s has no %s; set it before the '
                                      'import.' % (image['id'], name))


def _source(ctxt: context.RequestContext, method: _Body
            ) -> dict[str, typing.Any]:
    """What the conductor has to know of where the data is."""
    if method['name'] == 'web-download':
        return {'uri': method['uri']}
    if method['name'] == 'glance-download':
        return regions.source(ctxt, method)
    return {}


def _task(ctxt: context.RequestContext, image_id: str, body: _Body,
          stores: list[str]) -> task_objects.NewTask:
    is_multi = services.stores().multi
    given = {'image_id': image_id, 'import_req': body,
             'backend': stores if is_multi else [None]}
    task_schema.check_input(given)
    return {'id': str(uuid.uuid4()), 'type': 'api_image_import',
            'owner': ctxt.project_id, 'image_id': image_id,
            'request_id': ctxt.request_id, 'user_id': ctxt.user_id,
            'input': given}


def _plan(ctxt: context.RequestContext, image: image_types.Image, body: _Body,
          stores: list[str], must_succeed: bool,
          more: dict[str, typing.Any]) -> task_objects.ImportPlan:
    method = body['method']['name']
    is_copy = method == 'copy-image'
    plugins = [] if is_copy else list(
        CONF.image_import_opts.image_import_plugins)
    parallel = 1 if is_copy else CONF.image_import_opts.max_parallel_stores
    return {'kind': 'copy_image' if is_copy else 'api_image_import',
            'status': _STATUS[method], 'stores': stores,
            'is_multi': services.stores().multi,
            'skips_held': bool(body.get('all_stores')),
            'repairs': locations.repairs(services.stores(),
                                         image['locations']),
            'input': dict(more, method=method, must_succeed=must_succeed,
                          plugins=plugins, parallel=parallel,
                          roles=list(ctxt.roles or ()))}
