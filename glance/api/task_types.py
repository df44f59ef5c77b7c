"""The tasks that users can create by hand: import, clone and export."""

import uuid

from glance.api.checks import access
from glance.api.checks import target_stores
from glance.api import protections
from glance.api.schemas import task as schema
from glance.api.v2 import images
from glance.common import concurrency
from glance.common import exceptions
from glance.common import limits
from glance.common import uris
from glance.conf import CONF
from glance.objects import properties
from glance.objects import states

_COPIED = ('name', 'disk_format', 'container_format', 'min_disk', 'min_ram',
           'tags')


def build(ctxt, body):
    """A task and the plan of its work from a request.

    :returns: (task, plan, limits) as the registry takes them
    :raises BadRequest: the body is not valid, or what it names cannot be used
    """
    schema.check_new(body, _KINDS)
    image_id, plan = _KINDS[body['type']](ctxt, body['input'])
    schema.check_input(body['input'])
    task = {'id': str(uuid.uuid4()), 'type': body['type'],
            'owner': ctxt.project_id, 'image_id': image_id,
            'request_id': ctxt.request_id, 'user_id': ctxt.user_id,
            'input': body['input']}
    project_id = plan.get('project_id')
    return (task, dict(plan, kind=body['type']),
            limits.of_project(project_id, limits.SIZE, limits.COUNT,
                              limits.UPLOADING))


def import_request(task):
    """The request that a task of an import came from.

    :returns: its body, and the store of its header; None where the body says
        which stores
    :raises Conflict: nobody knows any more
    """
    body = task['input'].get('import_req')
    try:
        body['method']['name']
    except (TypeError, KeyError):
        raise exceptions.Conflict(
            'What task %s was to do is not known any more.' % task['id'])
    if body.get('stores') or body.get('all_stores'):
        return body, None
    return body, (task['input'].get('backend') or [None])[0]


def _import(ctxt, given):
    schema.check_import(given)
    concurrency.run_blocking(uris.check, given['import_from'])
    image = images.prepare(ctxt, dict(
        {'disk_format': 'qcow2', 'container_format': 'bare'},
        **given['image_properties']))
    stores, _all = target_stores.select({}, None)
    return None, {'project_id': image['owner'], 'input': {
        'method': 'web-download', 'uri': given['import_from'],
        'image': image, 'stores': stores,
        'convert_to': CONF.taskflow_executor.conversion_format}}


def _clone(ctxt, given):
    schema.check_clone(given)
    source = _source(ctxt, given)
    stores, must_succeed = target_stores.select(given, None)
    image = images.prepare(ctxt, _cloned(
        protections.visible(ctxt, source), given))
    return None, {
        'project_id': image['owner'],
        'store_bytes': (source['size'] or 0) * len(stores),
        'input': {'source_id': source['id'], 'image': image,
                  'stores': stores, 'must_succeed': must_succeed}}


def _cloned(source, given):
    """The body of a request for an image like the source.

    :param source: as the caller may see it
    """
    body = {name: value for name, value in source['properties'].items()
            if value is not None and properties.is_custom(name)}
    body.update({name: source[name] for name in _COPIED})
    return dict(body, **given.get('image_properties', {}))


def _export(ctxt, given):
    schema.check_export(given)
    source = _source(ctxt, given)
    target = given['export_to']
    if 'url' in target:
        concurrency.run_blocking(uris.check, target['url'])
        to = {'url': target['url']}
    else:
        to = {'store': target_stores.one(target['store'])}
    wanted = given.get('export_format')
    if wanted in (None, source['disk_format']):
        wanted = None
    elif source['container_format'] != 'bare':
        raise exceptions.BadRequest(
            'Only data without a container can be converted.')
    return source['id'], {'input': dict(to, convert_to=wanted)}


def _source(ctxt, given):
    """The image that is read, if the caller may read it and it has data."""
    image = access.get_image(ctxt, given['image_id'], 'get_image',
                             'download_image')
    if image['status'] == states.DEACTIVATED and not ctxt.is_admin:
        raise exceptions.Forbidden('Image %s is deactivated.' % image['id'])
    if image['status'] not in states.WITH_DATA:
        raise exceptions.Conflict('Image %s is %s and has no data.'
                                  % (image['id'], image['status']))
    return image


_KINDS = {'import': _import, 'clone': _clone, 'export': _export}
