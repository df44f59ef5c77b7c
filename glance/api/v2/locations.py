"""Locations: give a queued image its data by URL; tell services where it is.
"""

from collections.abc import Sequence
import typing
import uuid

import webob

from glance.api.checks import access
from glance.api.checks import location_urls
from glance.api import conductors
from glance.api.patch import location_operations
from glance.api import request
from glance.api.schemas import texts
from glance.api import services
from glance.api.views import images as view
from glance.common import context
from glance.common import exceptions
from glance.common import limits
from glance.conf import CONF
from glance.objects import image as image_types
from glance.objects import location
from glance.objects import states
from glance.objects import task as task_objects
from glance import policy
from glance.store import driver

_ALGORITHMS = ('md5', 'sha1', 'sha256', 'sha512')
_MAX_URL = 2048

# Of the request, in good form.
_Body = dict[str, typing.Any]


def list_(req: request.Request, image_id: str) -> Sequence[location.Where]:
    image = access.get_image(req.context, image_id, 'fetch_image_location')
    return view.shown_locations(image)


def create(req: request.Request, image_id: str) -> webob.Response:
    ctxt = req.context
    body = _checked(req.read_json())
    image = access.get_image(ctxt, image_id, 'add_image_location')
    _check_image(image)
    store = _find_store(ctxt, image, body['url'])
    services.registry().imports.begin(
        ctxt, image['id'], _task(ctxt, image['id'], body),
        _plan(store, body), limits.of_project(
            image['owner'], limits.SIZE, limits.UPLOADING))
    conductors.wake(ctxt)
    response = webob.Response(status=202)
    del response.content_type
    return response


def _checked(body: object) -> _Body:
    """:raises BadRequest:"""
    if not isinstance(body, dict) or set(body) - {'url', 'validation_data'}:
        raise exceptions.BadRequest(
            'The body is a JSON object with url and validation_data.')
    texts.check(body, 'The location')
    location_operations.check_url(body.get('url'), _MAX_URL)
    given = body.get('validation_data') or {}
    if not isinstance(given, dict) or set(given) not in (
            set(), {'os_hash_algo', 'os_hash_value'}):
        raise exceptions.BadRequest(
            'validation_data holds os_hash_algo and os_hash_value.')
    if given:
        _check_hash(given)
    return body


def _check_hash(given: dict[str, typing.Any]) -> None:
    if given['os_hash_algo'] not in _ALGORITHMS:
        raise exceptions.BadRequest('os_hash_algo is one of: %s.'
                                    % ', '.join(_ALGORITHMS))
    location_urls.check_hash(given['os_hash_algo'], given['os_hash_value'],
                             exceptions.BadRequest)


def _check_image(image: image_types.Image) -> None:
    if image['status'] != states.QUEUED:
        raise exceptions.Conflict(
            'Image %s is %s; only a queued image gets its first location.'
            % (image['id'], image['status']))
    for name in ('container_format', 'disk_format'):
        if image[name] is None:
            raise exceptions.Conflict('Image %s has no %s; set it before the '
                                      'location.' % (image['id'], name))


def _find_store(ctxt: context.RequestContext, image: image_types.Image,
                url: str) -> driver.Driver:
    """:raises Forbidden: users may name web servers only
    :raises BadRequest: nobody may name this
    """
    is_web = url.startswith(location_urls.WEB)
    if not policy.check(ctxt, 'service_api') and not (
            is_web and 'http' in services.stores().known_schemes()):
        raise exceptions.Forbidden(
            'Only services may add locations other than http and https '
            'URLs, and those where there is a store for them.')
    store = location_urls.find_store(ctxt, image, url)
    location_urls.judge(url)
    return store


def _task(ctxt: context.RequestContext, image_id: str, body: _Body
          ) -> task_objects.NewTask:
    # The URL of a service is not for the project that owns the image.
    return {'id': str(uuid.uuid4()), 'type': 'location_import',
            'owner': ctxt.project_id, 'image_id': image_id,
            'request_id': ctxt.request_id, 'user_id': ctxt.user_id,
            'input': {'image_id': image_id,
                      'validation_data': body.get('validation_data')}}


def _plan(store: driver.Driver, body: _Body) -> task_objects.ImportPlan:
    given = body.get('validation_data') or None
    return {'kind': 'location_import', 'status': states.QUEUED,
            'stores': [store.id], 'is_multi': False, 'skips_held': False,
            'input': {'method': 'location', 'url': body['url'],
                      'metadata': store.metadata, 'hashes': given,
                      'secure': CONF.do_secure_hash}}
