"""Images: list, create, show, change, delete."""

from glance.common import exceptions
from tests.contract.cases import base
from tests.contract import givens

V21 = 'application/openstack-images-v2.1-json-patch'
V20 = 'application/openstack-images-v2.0-json-patch'
IMAGES = '/v2/images'
IMAGE = '/v2/images/{image_id}'


def patch(verb, name, value=None, media_type=V21, **more):
    """One change, in either form."""
    pointer = '/' + name
    operation = {'op': verb, 'path': pointer}
    if media_type == V20:
        operation = {verb: pointer}
    if verb != 'remove':
        operation['value'] = value
    return dict(more, body=[operation], headers={'Content-Type': media_type})


def set_(name, value, **more):
    return patch('replace', name, value, **more)


def location(url='{url}', **more):
    return dict({'url': url, 'metadata': {}}, **more)


def removed_later(error):
    """The bytes of a deleted image are not the request's business."""
    return {'given': givens.active, 'patches': {
        'glance.store.drivers.file.filesystem.Driver.delete':
            base.raising(error)}}


def in_use():
    """The store is asked before the image goes."""
    return {'given': givens.active, 'patches': {
        'glance.store.drivers.file.filesystem.Driver.check_unused':
            base.raising(exceptions.InUseByStore())}}


WEB = '{web}x'

_LIST = {
    '400 bad limit, marker, sort or filter value': [
        {'query': query} for query in (
            'limit=-1', 'limit=a', 'sort_key=owner', 'sort_dir=up',
            'sort=name:up', 'sort=name&sort_key=name', 'visibility=x',
            'sort_dir=asc&sort_dir=asc', 'changes-since=2020-01-01',
            'size_min=a', 'created_at=gt:x', 'protected=x', 'os_hidden=x',
            'member_status=x', 'marker=x', 'name=in:"a')],
    '400 marker image not visible': [
        {'query': 'marker={image_id}', 'caller': 'stranger'},
        {'query': 'marker=' + base.UNKNOWN}],
    '400 unknown filter operator': {'query': 'created_at=like:2020'},
    '403 listing denied by policy': {'denied': 'get_images'},
}
_CREATE = {
    '400 body missing or malformed JSON': [
        {'body': None}, {'body': b'{', 'headers': {
            'Content-Type': 'application/json'}}],
    '400 schema violation': [
        {'body': body} for body in (
            {'name': 5}, {'disk_format': 'x'}, {'visibility': 'all'},
            {'tags': 'x'}, {'protected': 'x'}, {'id': 'x'},
            {'name': 'n' * 256}, [])],
    '400 negative or too large min_disk/min_ram': [
        {'body': {'min_disk': -1}}, {'body': {'min_ram': 1 << 31}}],
    '400 property name longer than 255': {'body': {'n' * 256: 'x'}},
    '400 4-byte unicode in values': {'body': {'name': '\U0001f600'}},
    '403 read-only attribute supplied': [
        {'body': {name: 'x'}} for name in (
            'status', 'created_at', 'checksum', 'file', 'self', 'schema',
            'updated_at', 'virtual_size', 'size')],
    '403 reserved attribute or os_glance prefix supplied': [
        {'body': {name: 'x'}} for name in (
            'os_glance_x', 'deleted', 'deleted_at', 'location', 'stores',
            'direct_url')],
    '403 owner differs from caller project': {'body': {'owner': 'p9'}},
    '403 policy denies creation or visibility': [
        {'denied': 'add_image', 'caller': 'admin'},
        {'body': {'visibility': 'public'}},
        {'body': {'visibility': 'public'}, 'caller': 'admin',
         'denied': 'publicize_image'},
        {'body': {'visibility': 'community'},
         'denied': 'communitize_image'}],
    '403 protected property may not be created': {
        'given': givens.protections, 'body': {'secret': 'x'},
        'options': {'property_protection_file': '{state}/protections'}},
    '409 image id already used, even by deleted image': [
        {'given': given, 'body': {'id': '{image_id}'}}
        for given in (givens.queued, givens.deleted)],
    '413 too many properties': {
        'options': {'image_property_quota': 1}, 'body': {'a': '', 'b': ''}},
    '413 too many tags': {
        'options': {'image_tag_quota': 1}, 'body': {'tags': ['a', 'b']}},
    '413 image_count_total limit reached': base.NO_ROOM,
}
_UPDATE = {
    '400 body not an array of objects': [
        dict(set_('name', 'x'), body=body) for body in (
            {}, ['x'], 'x', [[]], None)],
    '400 bad op, pointer or missing value': [
        dict(set_('name', 'x'), body=[operation]) for operation in (
            {'op': 'move', 'path': '/name', 'value': 'x'},
            {'op': 'add', 'path': 'name', 'value': 'x'},
            {'op': 'add', 'path': '/a/b', 'value': 'x'},
            {'op': 'add', 'path': '/a~2', 'value': 'x'},
            {'op': 'add', 'path': '/name'}, {'op': 'add'},
            {'path': '/name', 'value': 'x'})],
    '400 value violates schema': [
        set_('name', 5), set_('min_disk', 'x'), set_('visibility', 'x'),
        patch('add', 'a', 5), set_('tags', 'x')],
    '400 bad location URI or position': [
        patch('add', 'locations/-', location('x:///y')),
        patch('add', 'locations/9', location(WEB)),
        patch('add', 'locations/a', location(WEB)),
        patch('add', 'locations/-', location('file:///etc/passwd'))],
    '400 replacing non-empty locations with different URLs': set_(
        'locations', [location('{web}y')],
        given=givens.with_url),
    '403 read-only or reserved attribute': [
        set_(name, 'x') for name in (
            'id', 'status', 'size', 'checksum', 'created_at', 'file',
            'os_glance_x', 'deleted', 'self', 'schema', 'direct_url')],
    '403 base property removed': [
        patch('remove', name) for name in ('name', 'visibility', 'tags')],
    '403 owner replaced by non-admin': set_('owner', 'p2'),
    '403 disk or container format not replaceable now': [
        set_('disk_format', 'iso', given=givens.active),
        set_('container_format', 'ova', given=givens.active)],
    '403 locations hidden by configuration': patch(
        'add', 'locations/-', location(WEB),
        options={'show_multiple_locations': False}),
    '403 last location removed': patch('remove', 'locations/0',
                                       given=givens.with_url),
    '403 empty locations list': set_('locations', [], given=givens.with_url),
    '403 policy denies': [
        set_('name', 'x', denied='modify_image', caller='admin'),
        set_('visibility', 'public'),
        set_('visibility', 'public', denied='publicize_image',
             caller='admin'),
        set_('visibility', 'community', denied='communitize_image'),
        patch('add', 'locations/-', location(WEB), caller='admin',
              denied='set_image_location'),
        patch('remove', 'locations/0', given=givens.with_url, caller='admin',
              denied='delete_image_location')],
    '409 property to replace or remove absent': [
        set_('absent', 'x'), patch('remove', 'absent')],
    '409 property exists already (v2.0 media type add)': patch(
        'add', 'a', 'x', V20, given=givens.with_property),
    '409 locations changed in wrong status': patch(
        'add', 'locations/-', location(WEB), given=givens.staged),
    '409 conflicting checksum or hash data': set_(
        'locations', [location(validation_data={
            'checksum': 'c' * 32, 'os_hash_algo': 'sha512',
            'os_hash_value': 'd' * 128})], given=givens.with_url),
    '413 too many tags, properties or locations': [
        patch('add', 'a', 'x', options={'image_property_quota': 0}),
        set_('tags', ['a', 'b'], options={'image_tag_quota': 1}),
        patch('add', 'locations/-', location(WEB), given=givens.with_url,
              options={'image_location_quota': 1})],
    '413 storage quota exceeded': patch(
        'add', 'locations/-', location(WEB),
        options={'user_storage_quota': '1'}),
    '415 wrong media type, Accept-Patch tells accepted': {
        'headers': {'Content-Type': 'application/json'}},
}
CASES = base.expand({
    'GET ' + IMAGES: (
        {'given': givens.queued, 'query': 'limit=1'}, _LIST),
    'POST ' + IMAGES: ({'body': {'name': 'x', 'tags': ['a']}}, _CREATE),
    'GET ' + IMAGE: ({'given': givens.active}, {}),
    'PATCH ' + IMAGE: (
        dict(set_('name', 'x'), given=givens.queued), _UPDATE),
    'DELETE ' + IMAGE: ({'given': givens.queued}, {
        '403 image protected': {'given': givens.protected},
        '409 data in use by store': in_use(),
        '409 store object has snapshot': in_use(),
        '503 store timed out': removed_later(
            exceptions.StoreUnavailable())}),
})
