"""Data of images: upload, download, stage, import, single stores."""

from glance.common import exceptions
from tests.contract.cases import base
from tests.contract import givens

IMAGE = '/v2/images/{image_id}'
OCTETS = {'Content-Type': 'application/octet-stream'}
_DRIVER = 'glance.store.drivers.file.filesystem.Driver.'


def failing(name, error):
    """:param name: of a method of the stores"""
    return {_DRIVER + name: base.raising(error)}


def sized(text):
    return {'headers': dict(OCTETS, **{'x-openstack-image-size': text})}


_UPLOAD = {
    '400 store id unknown': {'headers': dict(OCTETS, **{
        'X-Image-Meta-Store': 'none'})},
    '400 formats unset': {'given': givens.bare},
    '400 size header invalid or data shorter/longer': [
        sized(text) for text in ('x', '-1', '1', '99')],
    '400 signature check failed': {'given': givens.signed},
    '400 store rejects data': {'patches': failing(
        'write', exceptions.BadRequest())},
    '403 policy denies': {'denied': 'upload_image', 'caller': 'admin'},
    '409 image not in queued status': [
        {'given': given} for given in (
            givens.active, givens.deactivated, givens.importing)],
    '410 image deleted during upload': {'patches': {
        'glance.registry.rpcapi.uploads.Uploads.finish':
            base.raising(exceptions.Gone())}},
    '410 store is read-only': {'headers': dict(OCTETS, **{
        'X-Image-Meta-Store': 'web'})},
    '413 store full': {'patches': failing('write', exceptions.StorageFull())},
    '413 quota or size cap exceeded': [
        {'options': {'image_size_cap': 1}},
        {'options': {'user_storage_quota': '1'}}],
    '413 unified limit reached': base.NO_ROOM,
    '415 content type not octet-stream': [
        {'headers': {'Content-Type': kind}}
        for kind in ('application/json', 'text/plain')],
    '415 content does not match disk_format or unsafe': {
        'given': givens.queued_qcow2},
    '503 store denies writes': {'patches': failing(
        'write', exceptions.StoreUnavailable())},
    '503 store timed out': {'patches': failing(
        'write', exceptions.StoreUnavailable())},
}
_DOWNLOAD = {
    '206': [{'headers': {'Range': 'bytes=1-3'}},
            {'headers': {'Content-Range': 'bytes 1-3/9'}}],
    '204': {'given': givens.queued},
    '400 several ranges requested': {'headers': {'Range': 'bytes=1-2,4-5'}},
    '400 prefer without multi-store or unknown store': [
        {'query': 'prefer=none'}, {'query': 'prefer=fast', 'plain': True}],
    '400 store cannot serve random reads': {
        'given': givens.on_web, 'headers': {'Range': 'bytes=1-3'}},
    '403 policy denies': [
        {'denied': rule, 'caller': 'admin', 'query': 'prefer=fast'}
        for rule in ('download_image', 'download_from_store')],
    '403 image deactivated and caller not admin': {
        'given': givens.deactivated},
    '416 range malformed or starts past end': [
        {'headers': {'Range': text}}
        for text in ('bytes=--5', 'bytes=9-', 'bytes=5-2')],
    '503 remote store unavailable': {'patches': failing(
        'open', exceptions.StoreUnavailable())},
}
_STAGE = {
    '400 bad size header or data': [sized(text) for text in ('x', '1', '99')],
    '404 glance-direct not enabled': {
        'options': {'enabled_import_methods': ['web-download']}},
    '409 image not in queued status': {'given': givens.active},
    '409 data already staged': {'given': givens.staged},
    '413 staging or count limit reached': base.NO_ROOM,
    '413 size cap exceeded': {'options': {'image_size_cap': 1}},
    '413 staging store full': {'patches': failing(
        'write', exceptions.StorageFull())},
    '415 content type not octet-stream': {
        'headers': {'Content-Type': 'application/json'}},
    '503 staging store denies writes': {'patches': failing(
        'write', exceptions.StoreUnavailable())},
    '503 store timed out': {'patches': failing(
        'write', exceptions.StoreUnavailable())},
}


def method(name, given=None, **more):
    """An import by a method; `more` beside it, or inside as `uri` is."""
    inside = {key: more.pop(key) for key in list(more)
              if key in ('uri', 'glance_image_id', 'glance_region',
                         'glance_service_interface')}
    request = {'body': dict(more, method=dict(inside, name=name))}
    return dict(request, given=given) if given else request


def web(**more):
    return method('web-download', givens.queued, uri='{web}x', **more)


def copy(given=givens.active, **more):
    return dict(method('copy-image', given, **more), caller='admin')


_IMPORT = {
    '400 method or name missing': [
        {'body': body} for body in (
            {}, {'method': {}}, {'method': 'glance-direct'}, [],
            {'method': {'name': 5}})],
    '400 method not enabled': [
        method('none'), dict(web(), options={
            'enabled_import_methods': ['glance-direct']})],
    '400 boolean fields not boolean': [
        method('glance-direct', **{name: 'x'})
        for name in ('all_stores', 'all_stores_must_succeed')],
    '400 store selectors combined': [
        method('glance-direct', stores=['fast'], all_stores=True),
        dict(method('glance-direct', stores=['fast']),
             headers={'X-Image-Meta-Store': 'fast'})],
    '400 URI rejected by filters': [
        method('web-download', givens.queued, uri=uri) for uri in (
            'ftp://127.0.0.1/x', 'http://169.254.169.254/x', 'file:///etc',
            'http://127.0.0.1:1/x')],
    '400 copy target already holds image': [
        copy(stores=['fast']), dict(copy(), plain=True)],
    '400 glance-download fields missing or bad UUID': [
        method('glance-download', givens.queued, **more) for more in (
            {}, {'glance_region': 'x'}, {'glance_image_id': base.UNKNOWN},
            {'glance_image_id': 'x', 'glance_region': 'x'})],
    '400 all_stores_must_succeed false without multi-store': dict(
        method('glance-direct', all_stores_must_succeed=False), plain=True),
    '403 policy denies': [
        dict(web(), denied='modify_image', caller='admin'),
        dict(copy(stores=['cold']), denied='copy_image')],
    '409 image status unsuitable for method': [
        method('glance-direct', givens.queued),
        method('web-download', givens.active, uri='{web}x'),
        copy(givens.queued, stores=['cold'])],
    '409 disk_format or container_format unset': method(
        'web-download', givens.bare, uri='{web}x'),
    '409 unknown store id': [
        method('glance-direct', stores=['none']), copy(stores=['none'])],
    '409 another import holds the lock': [
        dict(copy(given), body={'method': {'name': 'copy-image'},
                                'stores': ['cold']})
        for given in (givens.copying,)],
    '413 limit on size or count reached': [
        dict(method('glance-direct'), given=givens.staged, **base.NO_ROOM),
        dict(web(), **base.NO_ROOM)],
}
_WEB_LOCATION = {'url': '{web}x'}
_LOCATIONS = {
    '400 body missing or schema violation': [
        {'body': body} for body in (
            None, {}, [], {'url': 5}, dict(_WEB_LOCATION, more='x'),
            dict(_WEB_LOCATION, validation_data={'os_hash_algo': 'md5'}))],
    '400 hash value malformed or wrong length': [
        {'body': dict(_WEB_LOCATION, validation_data={
            'os_hash_algo': 'sha256', 'os_hash_value': value})}
        for value in ('x' * 64, 'a' * 63)],
    '400 URI rejected by filters': {
        'body': {'url': 'http://169.254.169.254/x'}},
    '403 non-service caller with non-http store': {
        'body': {'url': 'file:///x'}},
    '409 image not queued': {'given': givens.active},
    '409 another task holds the lock': {'given': givens.located},
}
_STORES = {
    '403 policy denies': [
        {'denied': 'delete_image_location'}, {'caller': 'member'}],
    '403 only remaining store': {'given': givens.in_cold},
    '404 image not in that store': {'parts': {'store_id': 'web'}},
    '409 store id unknown on node': {'parts': {'store_id': 'none'}},
    '409 image not active': {'given': givens.queued},
    '409 data in use or snapshotted': {'patches': failing(
        'delete', exceptions.InUseByStore())},
    '503 store timed out': {'patches': failing(
        'delete', exceptions.StoreUnavailable())},
    '500 any other store failure': {'patches': failing(
        'delete', ValueError())},
}
CASES = base.expand({
    'PUT %s/file' % IMAGE: (
        {'given': givens.queued, 'body': givens.DATA}, _UPLOAD),
    'GET %s/file' % IMAGE: ({'given': givens.active}, _DOWNLOAD),
    'PUT %s/stage' % IMAGE: (
        {'given': givens.queued, 'body': givens.DATA}, _STAGE),
    'POST %s/import' % IMAGE: (
        method('glance-direct', givens.staged), _IMPORT),
    'GET %s/locations' % IMAGE: (
        {'given': givens.active, 'caller': 'admin'}, {}),
    'POST %s/locations' % IMAGE: (
        {'given': givens.queued, 'body': _WEB_LOCATION}, _LOCATIONS),
    'DELETE /v2/stores/{store_id}/{image_id}': (
        {'given': givens.in_both, 'caller': 'admin'}, _STORES),
})
