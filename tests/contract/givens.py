"""What there is before a request is sent."""

import datetime
import json
import os

from glance.db.connect import engine
from glance.db import schema
from tests.fixtures import key_manager

DATA = b'some data'
NAMES = {'member_id': 'p2', 'tag_value': 't', 'store_id': 'cold',
         'namespace': 'N', 'object_name': 'a', 'property_name': 'a',
         'tag_name': 'a', 'resource_type': 'R'}
_PROTECTIONS = '[secret]\n' + '\n'.join(
    '%s = admin' % name for name in ('create', 'read', 'update', 'delete'))
_NAMESPACES = '/v2/metadefs/namespaces'
_CONTENT = {
    'visibility': 'public',
    'resource_type_associations': [{'name': 'R', 'prefix': 'hw_'}],
    'objects': [{'name': 'a'}, {'name': 'b'}],
    'properties': {name: {'type': 'string', 'title': name}
                   for name in ('a', 'b')},
    'tags': [{'name': 'a'}, {'name': 'b'}]}


def make(service, make_given, scope):
    """:param make_given: a function of this module, or None
    :param scope: a fixture that ends after the request
    :returns: parts of paths and bodies, by name
    """
    return make_given(service, scope) if make_given else {}


def _expect(answer, *statuses):
    if answer.status_int not in statuses:
        raise ValueError(answer.text)
    return answer


def queued(service, scope, **values):
    return {'image_id': service.create(**values)['id']}


def bare(service, scope):
    """An image without formats."""
    answer = _expect(service.call('POST', '/v2/images', {}), 201)
    return {'image_id': answer.json['id']}


def protected(service, scope):
    parts = queued(service, scope, protected=True)
    scope.addCleanup(service.patch, parts['image_id'], [
        {'op': 'replace', 'path': '/protected', 'value': False}])
    return parts


def tagged(service, scope):
    return queued(service, scope, tags=['t'])


def hidden(service, scope):
    """An image that cannot be shared."""
    return queued(service, scope, visibility='private')


def active(service, scope, **values):
    parts = queued(service, scope, **values)
    _expect(service.upload(parts['image_id'], DATA), 204)
    return parts


def in_cold(service, scope):
    parts = queued(service, scope)
    _expect(service.upload(parts['image_id'], DATA,
                           headers={'X-Image-Meta-Store': 'cold'}), 204)
    return parts


def shared(service, scope, **values):
    """An image with p2 as a member."""
    parts = queued(service, scope, **values)
    _expect(service.call('POST', '/v2/images/%s/members' % parts['image_id'],
                         {'member': 'p2'}), 200)
    return parts


def made_private(service, scope):
    """An image that was shared."""
    parts = shared(service, scope)
    _expect(service.patch(parts['image_id'], [
        {'op': 'replace', 'path': '/visibility', 'value': 'private'}]), 200)
    return parts


def deactivated(service, scope):
    parts = active(service, scope)
    _expect(service.admin('POST', '/v2/images/%s/actions/deactivate'
                          % parts['image_id']), 204)
    return parts


def deleted(service, scope):
    parts = queued(service, scope)
    _expect(service.call('DELETE', '/v2/images/' + parts['image_id']), 204)
    return parts


def staged(service, scope, **values):
    parts = queued(service, scope, **values)
    _expect(service.call('PUT', '/v2/images/%s/stage' % parts['image_id'],
                         DATA), 204)
    return parts


def importing(service, scope):
    """An image whose import goes on, since nobody works."""
    parts = staged(service, scope)
    _import(service, parts, 'glance-direct')
    return parts


def copying(service, scope):
    """An active image that is being copied."""
    parts = active(service, scope)
    _expect(service.admin(
        'POST', '/v2/images/%s/import' % parts['image_id'],
        {'method': {'name': 'copy-image'}, 'stores': ['cold']}), 202)
    return parts


def _import(service, parts, method, **more):
    _expect(service.call('POST', '/v2/images/%s/import' % parts['image_id'],
                         {'method': dict(more, name=method)}), 202)


def located(service, scope):
    """A queued image that is about to get a location."""
    parts = queued(service, scope)
    _expect(service.call('POST', '/v2/images/%s/locations'
                         % parts['image_id'],
                         {'url': service.web.url + 'x'}), 202)
    return parts


def with_url(service, scope):
    """An active image, and where its data is."""
    parts = active(service, scope)
    image = service.admin('GET', '/v2/images/' + parts['image_id']).json
    return dict(parts, url=image['locations'][0]['url'])


def in_both(service, scope):
    """An active image with data in each store of files."""
    parts = in_cold(service, scope)
    path = os.path.join(service.state, 'fast', parts['image_id'])
    with open(path, 'wb') as file:
        file.write(DATA)
    now = datetime.datetime(2026, 1, 1)
    with engine.writer() as connection:
        connection.execute(schema.image_locations.insert().values(
            image_id=parts['image_id'], value='file://' + path,
            meta_data=json.dumps({'store': 'fast'}), status='active',
            created_at=now, updated_at=now, deleted=False))
    return parts


def queued_qcow2(service, scope):
    return queued(service, scope, disk_format='qcow2')


def signed(service, scope):
    """An image that waits for other data than `DATA`."""
    keys = scope.useFixture(key_manager.Keys('p1'))
    signer = key_manager.Signer()
    return queued(service, scope, **signer.properties(
        keys.put(signer.certificate), b'other data'))


def protections(service, scope):
    """A file that closes the property `secret`."""
    with open(os.path.join(service.state, 'protections'), 'w') as file:
        file.write(_PROTECTIONS)
    return {}


def on_web(service, scope):
    """An active image on a web server."""
    parts = queued(service, scope)
    _expect(service.patch(parts['image_id'], [
        {'op': 'add', 'path': '/locations/-',
         'value': {'url': service.web.url + 'x', 'metadata': {}}}]), 200)
    return parts


def with_property(service, scope):
    return queued(service, scope, a='b')


def cached(service, scope):
    parts = active(service, scope)
    service.call('GET', '/v2/images/%s/file' % parts['image_id']).body
    return parts


def cache_queue(service, scope):
    parts = active(service, scope)
    _expect(service.admin('PUT', '/v2/cache/' + parts['image_id']), 202)
    return parts


def task(service, scope):
    answer = _expect(service.admin(
        'POST', '/v2/tasks', {'type': 'import', 'input': {
            'import_from': service.web.url + 'x',
            'import_from_format': 'qcow2', 'image_properties': {}}}), 201)
    return {'task_id': answer.json['id']}


def namespaces(service, scope):
    """`N` as it was made first; `P` and `X` if they are not there."""
    seen = service.admin('GET', _NAMESPACES + '/N')
    if seen.body != getattr(service, 'seen_namespace', b''):
        _make_namespaces(service)
    return {}


def _make_namespaces(service):
    for name in ('C', 'N'):
        service.admin('DELETE', '%s/%s' % (_NAMESPACES, name))
    for name, more in (('N', {}), ('P', {'protected': True}),
                       ('X', {'owner': 'px', 'visibility': 'private'})):
        _expect(service.admin('POST', _NAMESPACES, dict(
            dict(_CONTENT, **more), namespace=name)), 201, 409)
    service.seen_namespace = service.admin('GET', _NAMESPACES + '/N').body
