"""Requests that are refused, as data: (title, verb, path, body, more).

In paths and bodies `{queued}` is a queued image of the caller, `{active}` one
with data, `{private}` a private one. `more` may hold `headers`, `roles`,
`statuses` (the answers that are right), `no_text` (the answer may be without
a reason) and `environ`. Bodies: bytes are sent as they are, other values as
JSON.
"""

import json

from tests.fixtures import service

LONE = b'{"name": "\\ud800"}'
NUL = b'{"name": "a\\u0000b"}'
_NESTED = b'[' * 900 + b']' * 900
EMOJI = '\U0001f600'
IMAGES = '/v2/images'
IMAGE = IMAGES + '/{queued}'
FILE = IMAGE + '/file'
MEMBERS = IMAGE + '/members'
OCTETS = 'application/octet-stream'
UNKNOWN = IMAGES + '/5ea4a3b6-8e8a-4a0c-9d3a-3c8a7e0c6f00'


def _create():
    bodies = {
        'no body': None,
        'empty body': b'',
        'not JSON': b'{"name": ',
        'two values': b'{} {}',
        'bytes that are not UTF-8': b'{"name": "\xff\xfe"}',
        'UTF-16': '{"name": "x"}'.encode('utf-16'),
        'array': [],
        'array of objects': [{'name': 'x'}],
        'string': 'x',
        'number': 1,
        'null': b'null',
        'NaN': b'{"min_ram": NaN}',
        'Infinity': b'{"min_ram": Infinity}',
        'nested arrays': b'[' * 20000,
        'closed nested arrays': b'[' * 20000 + b']' * 20000,
        'nested arrays in a property': b'{"a": %s}' % _NESTED,
        'nested objects': b'{"a":' * 20000 + b'1' + b'}' * 20000,
        'deep and with an escape': b'{"\\u0041": %s}' % _NESTED,
        'lone surrogate': LONE,
        'lone surrogate as a key': b'{"\\udfff": "x"}',
        'NUL': NUL,
        'NUL in a key': b'{"a\\u0000": "x"}',
        'four bytes in the name': {'name': EMOJI},
        'four bytes in a key': {EMOJI: 'x'},
        'four bytes in a value': {'a': EMOJI},
        'four bytes in a tag': {'tags': [EMOJI]},
        'name too long': {'name': 'n' * 256},
        'name not a text': {'name': 5},
        'name an object': {'name': {}},
        'owner too long': {'owner': 'o' * 256},
        'owner an array': {'owner': ['p1']},
        'id not a UUID': {'id': 'x'},
        'id with a line end': {
            'id': '71c675ab-d94f-49cd-a114-e12490b328d9\n'},
        'id null': {'id': None},
        'id a number': {'id': 7},
        'unknown visibility': {'visibility': 'secret'},
        'visibility null': {'visibility': None},
        'visibility an object': {'visibility': {}},
        'protected a text': {'protected': 'yes'},
        'os_hidden a number': {'os_hidden': 1},
        'negative min_ram': {'min_ram': -1},
        'huge min_ram': {'min_ram': 2147483648},
        'enormous min_disk': b'{"min_disk": %s}' % (b'9' * 5000),
        'min_disk with an exponent': b'{"min_disk": 1e400}',
        'fractional min_disk': {'min_disk': 1.5},
        'min_ram a boolean': {'min_ram': True},
        'min_ram null': {'min_ram': None},
        'unknown disk_format': {'disk_format': 'floppy'},
        'disk_format an array': {'disk_format': ['raw']},
        'unknown container_format': {'container_format': 'box'},
        'tags a text': {'tags': 'a'},
        'tags with a number': {'tags': [1]},
        'tags null': {'tags': None},
        'tag too long': {'tags': ['t' * 256]},
        'tags in tags': {'tags': [['a']]},
        'too many tags': {'tags': [str(n) for n in range(129)]},
        'too many properties': {'p%d' % n: 'x' for n in range(129)},
        'property a number': {'a': 1},
        'property null': {'a': None},
        'property an object': {'a': {'b': 'c'}},
        'property name too long': {'n' * 256: 'x'},
        'property without a name': {'': 'x'},
        'property too long': {'a': 'v' * 65536},
        'property too long in bytes': {'a': '\u20ac' * 30000},
        'body too long': {'a': 'v' * (9 << 20)},
        'reserved prefix': {'os_glance_x': 'y'},
        'reserved prefix alone': {'os_glance': 'y'},
        'locations': {'locations': []},
        'location': {'location': 'file:///etc/passwd'},
        'status': {'status': 'active'},
        'checksum': {'checksum': 'x'},
        'hash': {'os_hash_value': 'x'},
        'stores': {'stores': 'x'},
        'self': {'self': '/'},
        'deleted': {'deleted': True},
        'owner another project': {'owner': 'p2'},
        'public by a member': {'visibility': 'public'},
        'id in use': b'{"id": "{queued}"}',
    }
    for title, body in bodies.items():
        yield 'create: ' + title, 'POST', IMAGES, body, {}
    yield 'create: wrong length', 'POST', IMAGES, b'{}', {
        'environ': {'CONTENT_LENGTH': 'abc'}}
    yield 'create: negative length', 'POST', IMAGES, b'{}', {
        'environ': {'CONTENT_LENGTH': '-5'}}
    yield 'create: body cut short', 'POST', IMAGES, b'{}', {
        'environ': {'CONTENT_LENGTH': '500'}}
    yield 'create: by a reader', 'POST', IMAGES, {}, {'roles': 'reader'}


def _list():
    queries = (
        'limit=-1', 'limit=a', 'limit=', 'limit=1e3', 'limit=' + '9' * 400,
        'limit=%D9%A3', 'marker=x', 'marker=', 'marker=%00', 'marker={alien}',
        'marker=' + 'm' * 5000, 'sort_key=owner', 'sort_key=',
        'sort_dir=up', 'sort=name:up', 'sort=', 'sort=name&sort_key=name',
        'sort_key=name&sort_dir=asc&sort_dir=desc', 'visibility=x',
        'member_status=x', 'os_hidden=x', 'protected=x', 'size_min=a',
        'size_max=9223372036854775808', 'ram_min=1', 'foo_max=1', '_min=1',
        'min_ram=1.5', 'min_disk=', 'size=a', 'virtual_size=0x10',
        'created_at=yesterday', 'created_at=like:2020-01-01',
        'updated_at=gt:', 'updated_at=gt:2020-99-01', 'changes-since=x',
        'created_at=0001-01-01T00:00:00%2B23:00',
        'properties=x', 'locations=x', 'members=x', 'name=in:"a',
        'name=gt:a', 'status=like:a', 'id=in:' + ','.join('a' * 600),
        'name=%FF', '%FF=x', 'name=%00', '%00=x', 'name=%F0%9F%98%80',
        'name=%ED%A0%80', 'tag=%F0%9F%98%80', '=x', 'p' * 256 + '=x',
        '&'.join('k%d=v' % n for n in range(2000)),
        '&'.join('k%d=v' % n for n in range(60)),
        '&'.join('tag=%d' % n for n in range(60)),
        'name=' + 'n' * 20000)
    for query in queries:
        yield ('list: ' + query[:40], 'GET', IMAGES + '?' + query, None, {})
    yield 'list: no role', 'GET', IMAGES, None, {'roles': 'stranger'}


def _change():
    def add(path, value='x'):
        return [{'op': 'add', 'path': path, 'value': value}]
    v21 = {
        'no body': None,
        'object': {},
        'not JSON': b'[',
        'array of texts': ['x'],
        'array of arrays': [[]],
        'array of null': [None],
        'empty operation': [{}],
        'nested arrays': b'[' * 20000,
        'unknown operation': [{'op': 'move', 'from': '/a', 'path': '/b'}],
        'operation an object': [{'op': {}, 'path': '/a', 'value': 'x'}],
        'without path': [{'op': 'add', 'value': 'x'}],
        'without value': [{'op': 'add', 'path': '/a'}],
        'too many': [{'op': 'remove', 'path': '/a'}] * 2000,
        'path a number': add(3),
        'path null': add(None),
        'path an array': add(['/a']),
        'path empty': add(''),
        'path a slash': add('/'),
        'path without slash': add('a'),
        'path too deep': add('/a/b'),
        'path with empty steps': add('//a'),
        'path ends in a slash': add('/a/'),
        'path with a bad escape': add('/a~2'),
        'path ends in an escape': add('/a~'),
        'path too long': add('/' + 'n' * 5000),
        'path with four bytes': add('/' + EMOJI),
        'path a lone surrogate':
            b'[{"op": "add", "path": "/\\ud800", "value": "x"}]',
        'path NUL': b'[{"op": "add", "path": "/\\u0000", "value": "x"}]',
        'value NUL': b'[{"op": "add", "path": "/a", "value": "\\u0000"}]',
        'value with four bytes': add('/a', EMOJI),
        'value too long': add('/a', 'v' * 65536),
        'value an object': add('/a', {}),
        'value null': add('/a', None),
        'name too long': add('/name', 'n' * 256),
        'tags a text': add('/tags', 'x'),
        'one tag': add('/tags/-', 'x'),
        'too many tags': add('/tags', [str(n) for n in range(129)]),
        'too many properties': [
            {'op': 'add', 'path': '/p%d' % n, 'value': 'x'}
            for n in range(129)],
        'unknown disk_format': add('/disk_format', 'floppy'),
        'min_ram huge': add('/min_ram', 10 ** 30),
        'status': add('/status', 'active'),
        'id': add('/id', '71c675ab-d94f-49cd-a114-e12490b328d9'),
        'size': add('/size', 1),
        'checksum': add('/checksum', 'x'),
        'stores': add('/stores', 'x'),
        'os_hash_value': add('/os_hash_value', 'x'),
        'deleted': add('/deleted', 'x'),
        'reserved prefix': add('/os_glance_import_task', 'x'),
        'locations': add('/locations/-', {
            'url': 'file:///etc/passwd', 'metadata': {}}),
        'all locations': [{'op': 'replace', 'path': '/locations',
                           'value': []}],
        'owner': add('/owner', 'p2'),
        'owner replaced': [{'op': 'replace', 'path': '/owner',
                            'value': 'p2'}],
        'public': add('/visibility', 'public'),
        'remove name': [{'op': 'remove', 'path': '/name'}],
        'remove what is not there': [{'op': 'remove', 'path': '/a'}],
        'replace what is not there': [{'op': 'replace', 'path': '/a',
                                       'value': 'x'}],
    }
    for title, body in v21.items():
        yield 'patch: ' + title, 'PATCH', IMAGE, body, {
            'headers': {'Content-Type': service.V21}}
    v20 = {
        'value only': [{'value': 'x'}],
        'two operations in one': [{'add': '/a', 'replace': '/b',
                                   'value': 'x'}],
        'path a number': [{'add': 1, 'value': 'x'}],
        'add what is there': [{'add': '/name', 'value': 'x'}],
    }
    for title, body in v20.items():
        yield 'patch v2.0: ' + title, 'PATCH', IMAGE, body, {
            'headers': {'Content-Type': service.V20}}
    for media_type in ('application/json', 'application/json-patch+json', '',
                       'text/plain', 'application/openstack-images-v2.1'):
        yield 'patch: media type ' + media_type, 'PATCH', IMAGE, [], {
            'headers': {'Content-Type': media_type}, 'statuses': [415]}
    yield ('patch: format of an active image', 'PATCH', IMAGES + '/{active}',
           add('/disk_format', 'qcow2'),
           {'headers': {'Content-Type': service.V21}, 'statuses': [403]})


def _data():
    octets = {'Content-Type': OCTETS}
    for media_type in ('text/plain', 'application/json', '',
                       'multipart/form-data'):
        yield 'upload: media type ' + media_type, 'PUT', FILE, b'x', {
            'headers': {'Content-Type': media_type}, 'statuses': [415]}
    for size in ('a', '-1', '', '1.5', '9' * 40, '0x1', '\u0661'):
        yield 'upload: size ' + repr(size), 'PUT', FILE, b'x', {
            'environ': {'HTTP_X_OPENSTACK_IMAGE_SIZE': size}}
    for size in ('2', '0', '99999'):
        yield 'upload: false size ' + size, 'PUT', FILE, b'x', {
            'headers': {'x-openstack-image-size': size}, 'statuses': [400]}
    yield 'upload: over the cap', 'PUT', FILE, b'x' * 5000, {
        'statuses': [413]}
    yield 'upload: announced over the cap', 'PUT', FILE, b'x', {
        'environ': {'CONTENT_LENGTH': '5000'}, 'statuses': [413]}
    yield 'upload: body cut short', 'PUT', FILE, b'x', {
        'environ': {'CONTENT_LENGTH': '500'}, 'statuses': [400]}
    for length in ('-5', 'abc', '1.5', '9' * 400):
        yield 'upload: length ' + length[:10], 'PUT', FILE, b'x', {
            'environ': {'CONTENT_LENGTH': length}}
    for store in ('os_glance_staging_store', 'os_glance_tasks_store', 'none',
                  '', '../fast', 's' * 5000):
        yield 'upload: store ' + store[:30], 'PUT', FILE, b'x', {
            'headers': dict(octets, **{'X-Image-Meta-Store': store})}
    yield 'upload: other content than declared', 'PUT', (
        IMAGES + '/{qcow2}/file'), b'x' * 2000, {'statuses': [415]}
    yield 'upload: without formats', 'PUT', IMAGES + '/{formless}/file', (
        b'x'), {'statuses': [400]}
    yield 'upload: second data', 'PUT', IMAGES + '/{active}/file', b'x', {
        'statuses': [409]}
    yield 'upload: unknown image', 'PUT', UNKNOWN + '/file', b'x', {
        'statuses': [404]}
    yield 'upload: by a reader', 'PUT', FILE, b'x', {'roles': 'reader'}
    ranges = {'--5': 416, '5-2': 416, 'a-b': 416, '-': 416, '': 416,
              '99-': 416, '-0': 416, '0-1,3-4': 400, '9' * 5000 + '-': 416}
    for text, status in ranges.items():
        yield ('download: range ' + text[:20], 'GET',
               IMAGES + '/{active}/file', None,
               {'headers': {'Range': 'bytes=' + text},
                'statuses': [status]})
    yield ('download: Content-Range', 'GET', IMAGES + '/{active}/file', None,
           {'headers': {'Content-Range': 'bytes 5'}, 'statuses': [416]})
    for prefer in ('none', 'fast,none', 'os_glance_staging_store', ','):
        yield ('download: prefer ' + prefer, 'GET',
               IMAGES + '/{active}/file?prefer=' + prefer, None, {})
    yield ('download: with a body', 'GET', IMAGES + '/{active}/file', b'x',
           {'statuses': [400]})


def _members_and_tags():
    bodies = (None, b'', b'{', [], 'x', {}, {'member': ''}, {'member': 5},
              {'member': None}, {'member': ['p']}, {'member': 'm' * 300},
              {'member': EMOJI}, b'{"member": "\\ud800"}',
              b'{"member": "\\u0000"}', {'member': {}})
    for body in bodies:
        yield 'member: %r' % (body,), 'POST', MEMBERS, body, {}
    yield ('member: of a private image', 'POST',
           IMAGES + '/{private}/members', {'member': 'p2'},
           {'statuses': [403]})
    for body in (None, [], {}, {'status': 'x'}, {'status': 5},
                 {'status': None}, {'status': ['accepted']}, b'\xff'):
        yield ('status of a member: %r' % (body,), 'PUT', MEMBERS + '/p2',
               body, {'statuses': [400]})
    for verb in ('GET', 'DELETE', 'PUT'):
        body = {'status': 'accepted'} if verb == 'PUT' else None
        for member in ('nobody', 'm' * 300, '%F0%9F%98%80', '%00', '%FF'):
            yield ('%s member %s' % (verb, member[:20]), verb,
                   MEMBERS + '/' + member, body, {})
    for tag in ('t' * 256, '%F0%9F%98%80', '%00', '%FF', '%ED%A0%80', '',
                'a/b'):
        for verb in ('PUT', 'DELETE'):
            yield '%s tag %s' % (verb, tag[:20]), verb, (
                IMAGE + '/tags/' + tag), None, {}
    yield 'tag that is not there', 'DELETE', IMAGE + '/tags/x', None, {
        'statuses': [404]}


def _paths():
    for image_id in ('x', '5', '%00', '%FF', '%F0%9F%98%80', 'i' * 5000, '..',
                     "'%20or%201=1", '{queued}%20', '%E2%82%AC', '*'):
        for verb in ('GET', 'DELETE'):
            yield ('%s image %s' % (verb, image_id[:20]), verb,
                   IMAGES + '/' + image_id, None, {})
    for verb, path in (
            ('PUT', IMAGES), ('DELETE', IMAGES), ('PATCH', IMAGES),
            ('POST', IMAGE), ('PUT', IMAGE),
            ('POST', FILE), ('GET', IMAGE + '/tags/x'), ('PUT', MEMBERS),
            ('GET', IMAGE + '/actions/deactivate'),
            ('POST', '/v2/schemas/image'), ('DELETE', '/v2/info/import')):
        yield 'method %s %s' % (verb, path), verb, path, None, {
            'statuses': [405]}
    yield 'method HEAD', 'HEAD', IMAGE, None, {
        'statuses': [405], 'no_text': True}
    for path in ('/v2/x', '/v2/images/{queued}/x', '/v2/schemas/x',
                 '/v2/schemas/metadefs/x', IMAGE + '/actions/x',
                 IMAGE + '/export', '/v2/jobs', '/v2/cache',
                 '/v2/metadefs', IMAGES + '/', IMAGE + '/'):
        yield 'path ' + path, 'GET', path, None, {'statuses': [404]}
    for verb, path in (
            ('GET', IMAGE), ('DELETE', IMAGE), ('GET', MEMBERS),
            ('PUT', IMAGE + '/tags/x'), ('GET', '/v2/info/import'),
            ('POST', IMAGE + '/actions/deactivate'),
            ('GET', '/v2/schemas/image')):
        yield 'body of %s %s' % (verb, path), verb, path, {}, {
            'statuses': [400]}
    for action in ('deactivate', 'reactivate'):
        yield (action + ' without data', 'POST',
               IMAGE + '/actions/' + action, None, {'statuses': [403]})
    yield 'delete a protected image', 'DELETE', IMAGES + '/{protected}', (
        None), {'statuses': [403]}
    yield 'long request id', 'GET', IMAGE, None, {
        'headers': {'X-Openstack-Request-Id': 'r' * 5000}}


def cases():
    for part in (_create, _list, _change, _data, _members_and_tags, _paths):
        yield from part()


def fill_in(value, names):
    """Put ids into a path or a body."""
    is_bytes = isinstance(value, bytes)
    text = (value.decode('latin-1') if is_bytes
            else value if isinstance(value, str) else json.dumps(value))
    for name, image_id in names.items():
        text = text.replace('{%s}' % name, image_id)
    return text.encode('latin-1') if is_bytes else text
